#include "http/connection.hpp"

#include <algorithm>

#include "base/deadline.hpp"
#include "http/response_head.hpp"

namespace kinora::http {

namespace {

Peer peer_of(Socket& socket, const ListenSettings& settings) {
  error_code code;
  const auto endpoint = socket.remote_endpoint(code);
  if (code) return {"unknown", false, settings.tls.has_value()};
  auto address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return {address.to_string(), address.is_loopback(), settings.tls.has_value()};
}

bool is_request_id(std::string_view text) {
  return text.size() >= 8 && text.size() <= 64 && std::ranges::all_of(text, [](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
                  letter == '.' || letter == '_' || letter == '-';
         });
}

/// One peer's requests, in turn.
class Connection {
 public:
  Connection(const Service& service, Wire& wire) : service_(service), wire_(wire), limits_(service.settings.limits) {}

  Task<Result<void>> serve() {
    wire_.watch().enter(Watch::Phase::receiving);
    wire_.watch().expire_in(limits_.head_time);
    co_await ok(wire_.transport().handshake());
    peer_ = peer_of(wire_.transport().socket(), service_.settings);
    while (co_await ok(serve_one())) continue;
    co_return {};
  }

 private:
  Task<Result<bool>> serve_one() {
    if (!co_await ok(wait_for_request())) co_return false;
    auto head = co_await read_head();
    if (!head) {
      if (!head.error().code.empty()) co_await refuse(std::move(head.error()));
      co_return false;
    }
    head->peer = client_behind(service_.settings.proxies, peer_, *head);
    const auto asked_id = head->header("x-request-id").value_or("");
    head->request_id = is_request_id(asked_id) ? std::string(asked_id) : new_request_id();
    Exchange exchange(service_, wire_, *std::move(head));
    co_return co_await exchange.run();
  }

  // False when the peer has nothing more to ask.
  Task<Result<bool>> wait_for_request() {
    if (wire_.watch().is_draining()) co_return false;
    wire_.watch().enter(Watch::Phase::idle);
    wire_.watch().expire_in(limits_.idle_time);
    while (wire_.arrived().empty() || wire_.arrived() == "\r") {
      if (wire_.arrived().empty()) wire_.shrink();
      if (wire_.arrived().empty()) co_await ok(wire_.transport().readable());
      if (!co_await ok(wire_.fetch())) co_return false;
    }
    // An empty line before a request is forgiven (RFC 9112 section 2.2).
    if (wire_.arrived().starts_with("\r\n")) wire_.consume(2);
    co_return true;
  }

  // Errors with a code are answered; the others mean that nobody is there.
  Task<Result<Head>> read_head() {
    wire_.watch().enter(Watch::Phase::receiving);
    wire_.watch().expire_in(limits_.head_time);
    std::size_t seen = 0;
    while (true) {
      const auto found = find_head(wire_.arrived(), seen);
      if (found.end == HeadEnd::broken) co_return fail(ErrorKind::invalid, "a header line does not end in CRLF", "malformed");
      if (found.end == HeadEnd::found) {
        std::string text(wire_.arrived().substr(0, found.size_bytes));
        wire_.consume(found.size_bytes);
        co_return parse_head(std::move(text), limits_.head);
      }
      seen = wire_.arrived().size();
      if (seen > limits_.head.bytes)
        co_return fail(ErrorKind::too_large, "the head is larger than " + std::to_string(limits_.head.bytes) + " bytes",
                       "headers_too_large");
      if (!co_await ok(wire_.fetch())) co_return fail(ErrorKind::cancelled, "the client has gone");
    }
  }

  // Where the head cannot be trusted, nothing behind it can: answer and close.
  Task<void> refuse(Error error) {
    Head unknown;
    unknown.peer = peer_;
    unknown.request_id = new_request_id();
    const auto problem = problem_of(std::move(error), {"", unknown.request_id}, service_.settings.error_texts);
    const auto reply = service_.problem_json.render(problem);
    const auto& body = std::get<std::string>(reply.body);
    const Framing framing{false, false, peer_.is_tls, body.size()};
    const auto head = response_head(reply, unknown, framing, service_.parts.clock.now());
    service_.parts.log.info("request refused", {{"status", std::int64_t{problem.status}},
                                                {"reason", std::string_view(problem.detail)},
                                                {"request_id", std::string_view(problem.of.request_id)}});
    const auto written = co_await wire_.write(head, body, limits_.write_time);
    if (written) co_await wire_.linger(std::chrono::seconds(1));
  }

  std::string new_request_id() const { return service_.parts.random.id<RequestId>(service_.parts.clock).text(); }

  const Service& service_;
  Wire& wire_;
  const Limits& limits_;
  Peer peer_;
};

}  // namespace

namespace {

// An answer that is cut off must not look like one that is whole: TLS tells where it ends (RFC 9112 section 9.8).
Task<Result<void>> take_leave(Transport& transport) {
  co_await transport.end_writing();
  co_return {};
}

}  // namespace

Task<void> serve_connection(const Service& service, Watchdog& watchdog, std::unique_ptr<Transport> transport) {
  Fiber& fiber = co_await this_fiber;
  Watchdog::Leash leash(watchdog, std::make_shared<Watch>(fiber, transport->socket().native_handle()));
  Wire wire(*transport, leash.watch());
  Connection connection(service, wire);
  // Whatever ended it has been answered or has nobody to tell.
  [[maybe_unused]] const auto ended = co_await connection.serve();
  const Shield leaving(fiber);
  static_cast<void>(co_await within(std::chrono::seconds(1), take_leave(*transport)));
}

}  // namespace kinora::http
