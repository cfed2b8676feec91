#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/task.hpp"
#include "http/server.hpp"
#include "ports/blob_store.hpp"

namespace kinora::http {

using Socket = asio::ip::tcp::socket;

/// What follows bytes at once: the kernel keeps them back to send both together.
enum class Behind : std::uint8_t { nothing, file };

/// Bytes to and from one peer, in the clear or under TLS. Waits have no deadline of their own: the connection's Watch has.
class Transport {
 public:
  virtual ~Transport() = default;

  virtual Task<Result<void>> handshake() = 0;
  /// Until the peer has sent something or ended: who waits without a buffer costs little. At once when the transport cannot
  /// tell.
  virtual Task<Result<void>> readable() = 0;
  /// Up to buffer.size() bytes; 0 when the peer has ended. Errors: cancelled when its line broke.
  virtual Task<Result<std::size_t>> read_some(std::span<std::byte> buffer) = 0;
  /// Of the two pieces in turn, as many bytes as go at once.
  virtual Task<Result<std::size_t>> write_some(std::string_view head, std::string_view body) = 0;
  /// What can be written without waiting; nothing when the transport cannot tell. Most answers go this way: no coroutine, no
  /// round through the poller.
  virtual std::optional<std::size_t> try_write(std::string_view head, std::string_view body, Behind behind) = 0;
  /// As much of the piece as goes at once, sent by the kernel without a copy. Only where `sends_files`.
  virtual Task<Result<std::size_t>> send_some(FilePiece piece) = 0;
  virtual bool sends_files() const = 0;
  /// No more will be written, and the peer is told so; bytes that still come can be read, and thrown away. Under TLS it waits
  /// for the peer's farewell.
  virtual Task<void> end_writing() = 0;
  virtual Socket& socket() = 0;
};

/// Of a failed read. However a line breaks, behind it the client has gone.
inline Error read_error(const error_code& code, const Fiber& fiber) {
  auto error = error_of(code, fiber);
  if (error.kind == ErrorKind::unavailable) error.kind = ErrorKind::cancelled;
  return error;
}

std::unique_ptr<Transport> make_plain_transport(Socket socket);

/// Certificate and key, loaded once.
class TlsIdentity {
 public:
  virtual ~TlsIdentity() = default;
  virtual std::unique_ptr<Transport> wrap(Socket socket) = 0;
};
/// TLS 1.2 and 1.3. A missing or unfit file yields invalid, with its path.
Result<std::unique_ptr<TlsIdentity>> load_tls_identity(const TlsFiles& files);

}  // namespace kinora::http
