#include "adapters/llama_server/unix_http.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>

#include "base/numbers.hpp"
#include "base/operation.hpp"

namespace kinora {

namespace {

using UnixSocket = asio::local::stream_protocol;

constexpr std::size_t socket_path_max = 107;

std::string request_text(const std::string& target, const std::string& body) {
  const auto* method = body.empty() ? "GET " : "POST ";
  return method + target +
         " HTTP/1.1\r\nHost: local\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

Task<Result<UnixHttpReply>> ask_over_unix(std::filesystem::path path, std::string target, std::string body,
                                          std::size_t reply_bytes_max) {
  if (path.native().size() > socket_path_max)
    co_return fail(ErrorKind::unavailable, "the socket's path " + path.string() + " is longer than a UNIX socket's may be");
  UnixSocket::socket socket((co_await this_fiber).executor);
  const UnixSocket::endpoint server(path.native());
  co_await ok(socket.async_connect(server));
  const auto request = request_text(target, body);
  co_await ok(asio::async_write(socket, asio::buffer(request)));

  std::string reply;
  std::string piece(64 << 10, '\0');
  for (;;) {
    const auto [code, size] = co_await socket.async_read_some(asio::buffer(piece));
    if (code == asio::error::eof) break;
    if (code) co_return std::unexpected(error_of(code, co_await this_fiber));
    reply.append(piece, 0, size);
    if (reply.size() > reply_bytes_max) co_return fail(ErrorKind::too_large, "a local server's reply is larger than expected");
  }
  co_return parse_http_reply(reply);
}

Result<UnixHttpReply> parse_http_reply(std::string_view bytes) {
  constexpr std::string_view version = "HTTP/1.1 ";
  const auto head_end = bytes.find("\r\n\r\n");
  UnixHttpReply reply;
  reply.status = number_of<int>(bytes.substr(std::min(version.size(), bytes.size()), 3)).value_or(0);
  if (!bytes.starts_with(version) || head_end == std::string_view::npos || reply.status < 100)
    return fail(ErrorKind::unavailable, "a local server hung up in the middle of its reply");
  reply.body = bytes.substr(head_end + 4);
  return reply;
}

}  // namespace kinora
