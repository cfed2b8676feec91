#include "http/server.hpp"

#include <boost/asio/ip/tcp.hpp>

#include "base/deadline.hpp"
#include "base/task_group.hpp"
#include "http/connection.hpp"

namespace kinora::http {

namespace {

using Acceptor = asio::ip::tcp::acceptor;

constexpr std::string_view too_many =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

Task<Result<void>> joined(TaskGroup& group) {
  co_await group.join();
  co_return {};
}

class SocketServer final : public Server {
 public:
  SocketServer(Acceptor acceptor, ListenSettings settings, ServerParts parts, std::unique_ptr<TlsIdentity> identity)
      : settings_(std::move(settings)),
        parts_(std::move(parts)),
        acceptor_(std::move(acceptor)),
        port_(acceptor_.local_endpoint().port()),
        identity_(std::move(identity)) {}

  std::uint16_t port() const override { return port_; }

  Task<void> serve() override {
    Fiber& fiber = co_await this_fiber;
    TaskGroup connections(fiber.executor);
    TaskGroup housekeeping(fiber.executor);
    housekeeping.spawn(watchdog_.run(settings_.limits.tick));
    housekeeping.spawn(service_.lateness.run(watchdog_));
    while (!fiber.stopped) co_await accept_one(connections);

    error_code ignored;
    acceptor_.close(ignored);
    watchdog_.drain();
    co_await end_within_grace(connections);
    housekeeping.stop();
    co_await housekeeping.join();
  }

 private:
  Task<void> accept_one(TaskGroup& connections) {
    Fiber& fiber = co_await this_fiber;
    const auto strand = fresh_strand(fiber.executor);
    Socket socket(strand);
    const auto [code] = co_await acceptor_.async_accept(socket);
    if (fiber.stopped) co_return;
    if (code) {  // out of descriptors, most likely: they come back as connections end
      parts_.log.warning("connection not accepted", {{"error", std::string_view(code.message())}});
      [[maybe_unused]] const auto paused = co_await pause_for(100ms);
      co_return;
    }
    welcome(std::move(socket), strand, connections);
  }

  void welcome(Socket socket, const asio::any_io_executor& strand, TaskGroup& connections) {
    error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);  // else the end of an answer waits 40 ms for an ACK
    if (connections.size() >= settings_.limits.connections) {
      socket.non_blocking(true, ignored);
      socket.write_some(asio::buffer(too_many), ignored);
      return;
    }
    auto transport = identity_ ? identity_->wrap(std::move(socket)) : make_plain_transport(std::move(socket));
    connections.spawn(serve_connection(service_, watchdog_, std::move(transport)), strand);
  }

  Task<void> end_within_grace(TaskGroup& connections) {
    const Shield shield(co_await this_fiber);
    [[maybe_unused]] const auto ended = co_await within(settings_.limits.grace_time, joined(connections));
  }

  ListenSettings settings_;
  ServerParts parts_;
  Service service_{settings_, parts_};
  Watchdog watchdog_;
  Acceptor acceptor_;
  std::uint16_t port_;
  std::unique_ptr<TlsIdentity> identity_;
};

Result<Acceptor> bind_to(const asio::any_io_executor& executor, const ListenSettings& settings) {
  error_code code;
  const auto address = asio::ip::make_address(settings.address, code);
  if (code) return fail(ErrorKind::invalid, "cannot listen on " + settings.address + ": it is not an IP address");
  const asio::ip::tcp::endpoint endpoint(address, settings.port);
  Acceptor acceptor(executor);
  acceptor.open(endpoint.protocol(), code);
  if (!code) acceptor.set_option(Acceptor::reuse_address(true), code);
  if (!code) acceptor.bind(endpoint, code);
  if (!code) acceptor.listen(asio::socket_base::max_listen_connections, code);
  if (!code) return acceptor;
  return fail(ErrorKind::unavailable, "cannot listen on " + settings.address + " port " + std::to_string(settings.port) + ": " +
                                          code.message() + "; choose another address or port");
}

}  // namespace

Result<std::unique_ptr<Server>> Server::open(asio::any_io_executor executor, ListenSettings settings, ServerParts parts) {
  std::unique_ptr<TlsIdentity> identity;
  if (settings.tls) {
    auto loaded = load_tls_identity(*settings.tls);
    if (!loaded) return std::unexpected(std::move(loaded.error()));
    identity = *std::move(loaded);
  }
  auto acceptor = bind_to(executor, settings);
  if (!acceptor) return std::unexpected(std::move(acceptor.error()));
  return std::make_unique<SocketServer>(*std::move(acceptor), std::move(settings), std::move(parts), std::move(identity));
}

}  // namespace kinora::http
