#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include "http/header_values.hpp"

namespace kinora::http::testing {

struct Response {
  int status = 0;  ///< 0: the connection ended before a head came
  Headers headers{};
  std::string body{};

  std::string header(std::string_view name) const {
    const auto* found = find_header(headers, name);
    return found != nullptr ? found->value : std::string();
  }
};

/// A blocking HTTP/1.1 client on one connection to this machine; each wait ends after 10 s. Says exactly what it is told to, so
/// that wrong requests can be tested too.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  }
  Client(const Client&) = delete;
  ~Client() { close(); }

  Response get(std::string_view target, const Headers& headers = {}) { return ask("GET", target, headers); }
  Response post(std::string_view target, std::string_view json) {
    return ask("POST", target, {{"Content-Type", "application/json"}}, json);
  }
  Response ask(std::string_view method, std::string_view target, const Headers& headers = {}, std::string_view body = {}) {
    send(request(method, target, headers, body));
    return read_response(method);
  }

  static std::string request(std::string_view method, std::string_view target, const Headers& headers, std::string_view body) {
    std::string text = std::string(method) + ' ' + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n";
    for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
    if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return text + "\r\n" + std::string(body);
  }

  /// False when the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  Response read_response(std::string_view method = "GET") {
    Response response;
    const auto head = read_until("\r\n\r\n");
    if (!head.starts_with("HTTP/1.1 ")) return response;
    std::from_chars(head.data() + 9, head.data() + 12, response.status);
    for (std::size_t at = head.find("\r\n") + 2; at + 2 < head.size();) {
      const auto line = std::string_view(head).substr(at, head.find("\r\n", at) - at);
      response.headers.push_back(
          {std::string(line.substr(0, line.find(':'))), std::string(trimmed(line.substr(line.find(':') + 1)))});
      at += line.size() + 2;
    }
    if (method != "HEAD" && response.status >= 200 && response.status != 204 && response.status != 304)
      response.body = read_body(response);
    return response;
  }

  /// Up to and with `mark`; what there was when the connection ended or nothing came any more.
  std::string read_until(std::string_view mark) {
    auto end = arrived_.find(mark);
    while (end == std::string::npos && fetch()) end = arrived_.find(mark);
    return take(end == std::string::npos ? arrived_.size() : end + mark.size());
  }

  /// Whether the server ends the connection, whatever it sends before.
  bool is_closed_by_server() {
    while (fetch()) arrived_.clear();
    return ended_;
  }

  void end_sending() { ::shutdown(socket_, SHUT_WR); }
  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  /// The line breaks: what is on its way is lost, and the server is told at once.
  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    close();
  }
  int descriptor() const { return socket_; }

 private:
  std::string read_body(const Response& response) {
    const auto length = response.header("content-length");
    if (length.empty()) {
      while (fetch()) continue;
      return take(arrived_.size());
    }
    const auto size = std::stoul(length);
    while (arrived_.size() < size && fetch()) continue;
    return take(std::min<std::size_t>(size, arrived_.size()));
  }

  bool fetch() {
    char bytes[64 * 1024];
    const auto count = ::recv(socket_, bytes, sizeof(bytes), 0);
    ended_ = count == 0 || (count < 0 && errno == ECONNRESET);
    if (count <= 0) return false;
    arrived_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  std::string take(std::size_t size) {
    auto taken = arrived_.substr(0, size);
    arrived_.erase(0, size);
    return taken;
  }

  int socket_;
  std::string arrived_;
  bool ended_ = false;
};

}  // namespace kinora::http::testing
