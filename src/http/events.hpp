#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "base/task.hpp"

namespace kinora::http {

/// One server-sent event (WHATWG HTML section 9.2). Without an id it moves no position: progress, deltas. With nothing but an
/// id the reader notes where it stands and tells nobody.
struct ServerEvent {
  std::string event{};
  std::string data{};
  std::optional<std::string> id{};
};

/// As it goes over the wire, blank line included. Line breaks in `data` become several data lines; in event and id, where they
/// could forge a field, they are left out.
std::string frame_of(const ServerEvent& event);

/// Where a stream's function puts its events.
class EventSink {
 public:
  virtual ~EventSink() = default;
  /// Waits while the client's buffer (24 KiB) is full: back-pressure, bounded by the engine. An error means that the client has
  /// gone, or read nothing for 30 s: end.
  virtual Task<Result<void>> send(ServerEvent event) = 0;
};

/// An answer that goes on: `run` is called once and the stream ends when it does. It runs as a fiber of its own beside the
/// writer and is stopped when the client goes. A comment every 15 s keeps proxies from closing it.
struct EventStream {
  std::function<Task<Result<void>>(EventSink&)> run;
  std::chrono::milliseconds retry{3000};  ///< after which a browser reconnects
};

}  // namespace kinora::http
