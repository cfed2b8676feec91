#pragma once

#include "http/call.hpp"
#include "http/chunked.hpp"
#include "http/server.hpp"
#include "http/wire.hpp"

namespace kinora::http {

/// The body of one request on its wire: counted or chunked, with 100-continue sent when someone first asks for it.
class RequestBody final : public BodySource {
 public:
  /// `work_time` is how long the handler may go on without reading.
  RequestBody(Wire& wire, const Head& head, const Limits& limits, std::chrono::milliseconds work_time);

  Task<Result<std::size_t>> read(std::span<std::byte> buffer) override;
  bool is_done() const { return is_chunked_ ? decoder_.is_done() : left_ == 0; }
  /// Reads over a small rest, so that the connection can go on. False when too much is left, or the client waits for a 100 that
  /// will not come.
  Task<bool> skip_rest();
  /// Whether skip_rest() has a chance, as far as is known before.
  bool can_skip_rest() const;

 private:
  Task<Result<std::size_t>> read_now(std::span<std::byte> buffer);
  Task<Result<std::size_t>> read_chunked(std::span<std::byte> buffer);
  Task<Result<void>> invite();
  std::chrono::milliseconds patience() const;

  Wire& wire_;
  const Limits& limits_;
  std::chrono::milliseconds work_time_;
  ChunkedDecoder decoder_;
  std::uint64_t left_ = 0;  ///< of a counted body
  std::uint64_t received_ = 0;
  std::chrono::steady_clock::duration waited_{};  ///< for the client; what the handler takes is not his fault
  bool is_chunked_ = false;
  bool client_waits_ = false;  ///< for a 100
  bool broken_ = false;
};

}  // namespace kinora::http
