#include <sys/sendfile.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "base/operation.hpp"
#include "http/transport.hpp"

namespace kinora::http {

namespace {

std::array<asio::const_buffer, 2> buffers_of(std::string_view head, std::string_view body) {
  return {asio::buffer(head.data(), head.size()), asio::buffer(body.data(), body.size())};
}

class PlainTransport final : public Transport {
 public:
  explicit PlainTransport(Socket socket) : socket_(std::move(socket)) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
  }

  Task<Result<void>> handshake() override { co_return {}; }

  Task<Result<void>> readable() override {
    co_await ok(socket_.async_wait(Socket::wait_read));
    co_return {};
  }

  Task<Result<std::size_t>> read_some(std::span<std::byte> buffer) override {
    auto [code, size] = co_await socket_.async_read_some(asio::buffer(buffer.data(), buffer.size()));
    if (code == asio::error::eof) co_return std::size_t{0};
    if (code) co_return std::unexpected(read_error(code, co_await this_fiber));
    co_return size;
  }

  Task<Result<std::size_t>> write_some(std::string_view head, std::string_view body) override {
    const auto buffers = buffers_of(head, body);
    co_return co_await ok(socket_.async_write_some(buffers));
  }

  std::optional<std::size_t> try_write(std::string_view head, std::string_view body, Behind behind) override {
    error_code code;
    const auto size = socket_.send(buffers_of(head, body), behind == Behind::file ? MSG_MORE : 0, code);
    return code ? std::nullopt : std::optional(size);
  }

  Task<Result<std::size_t>> send_some(FilePiece piece) override {
    while (true) {
      auto at = static_cast<off_t>(piece.offset);
      const auto sent = ::sendfile(socket_.native_handle(), piece.descriptor, &at, piece.size);
      if (sent > 0) co_return static_cast<std::size_t>(sent);
      if (sent == 0) co_return fail(ErrorKind::unavailable, "a file ended before its length");
      if (errno != EAGAIN)
        co_return std::unexpected(error_of(error_code(errno, asio::error::get_system_category()), co_await this_fiber));
      co_await ok(socket_.async_wait(Socket::wait_write));
    }
  }
  bool sends_files() const override { return true; }

  Task<void> end_writing() override {
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    co_return;
  }

  Socket& socket() override { return socket_; }

 private:
  Socket socket_;
};

}  // namespace

std::unique_ptr<Transport> make_plain_transport(Socket socket) { return std::make_unique<PlainTransport>(std::move(socket)); }

}  // namespace kinora::http
