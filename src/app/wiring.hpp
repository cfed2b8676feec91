#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/config.hpp"
#include "app/data_directory.hpp"
#include "base/log.hpp"
#include "base/sync.hpp"
#include "base/task.hpp"
#include "ports/clock.hpp"

namespace kinora::app {

/// The whole product, put together: the one place that sees every layer. What is built first is used by what comes after it, so
/// the order of its members is the architecture, and they go in the reverse order.
class Server {
 public:
  /// Opens the database, blobs, index and tools, and binds the port. Blocks. Everything given outlives the server.
  static Result<std::unique_ptr<Server>> open(const Config& config, const DataDirectory& directory,
                                              asio::any_io_executor executor, Clock& clock, Log& log);
  virtual ~Server() = default;

  /// Brings the schema up to date and serves until `stop` is set; then stops what takes requests, what works, what helps, in
  /// this order, and returns when all of it has ended. `on_ready` is called once requests are answered, with the one-time token
  /// for the first admin while there is none.
  using OnReady = std::function<void(std::optional<std::string> setup_token)>;
  virtual Task<Result<void>> run(Event& stop, OnReady on_ready) = 0;

  virtual std::uint16_t port() const = 0;
};

}  // namespace kinora::app
