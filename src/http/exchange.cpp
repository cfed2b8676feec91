#include "http/exchange.hpp"

#include <algorithm>

#include "base/deadline.hpp"
#include "base/uncaught.hpp"
#include "http/accept.hpp"
#include "http/access_log.hpp"
#include "http/compression.hpp"
#include "http/conditions.hpp"
#include "http/event_writer.hpp"
#include "http/ranges.hpp"
#include "http/response_head.hpp"

namespace kinora::http {

namespace {

constexpr std::size_t file_piece_bytes = 256 * 1024;
constexpr std::size_t sent_piece_bytes = 1024 * 1024;
constexpr int client_gone = 499;  // only in the log: nobody is there to read it
constexpr auto linger_time = 2s;
constexpr std::chrono::milliseconds last_words_time = 5s;  // behind the grace time, and still before a supervisor kills

bool has_no_body(int status) { return status == 204 || status == 304; }

}  // namespace

Exchange::Exchange(const Service& service, Wire& wire, Head head)
    : service_(service),
      wire_(wire),
      head_(std::move(head)),
      match_(service.parts.router.find(head_.method(), head_.path())),
      body_(wire, head_, service.settings.limits, work_time()) {}

std::chrono::milliseconds Exchange::work_time() const {
  return match_.route != nullptr ? match_.route->spec.time_max : RouteSpec{}.time_max;
}

Task<Result<bool>> Exchange::run() {
  wire_.watch().enter(head_.has_body() ? Watch::Phase::receiving : Watch::Phase::working);
  wire_.watch().expire_in(work_time());
  auto reply = co_await answer();

  Fiber& fiber = co_await this_fiber;
  // The handler's time is over, or the server's; telling so has its own. A stream is told by its end.
  const bool server_stops = wire_.watch().is_draining() && !std::holds_alternative<EventStream>(reply.body);
  if (fiber.stopped == ErrorKind::timeout || (fiber.stopped && server_stops)) {
    fiber.stopped.reset();
    keep_alive_ = false;
  }
  if (fiber.stopped) {
    log(client_gone);
    co_return fail(ErrorKind::cancelled, "the client has gone");
  }
  wire_.watch().expire_in(service_.settings.limits.write_time);
  auto sent = co_await send(reply);
  log(sent ? reply.status : client_gone);
  if (!sent) co_return std::unexpected(std::move(sent.error()));

  if (keep_alive_ && co_await body_.skip_rest()) co_return true;
  if (!body_.is_done()) co_await wire_.linger(linger_time);
  co_return false;
}

Task<Reply> Exchange::answer() {
  auto handled = co_await handle();
  auto reply = handled ? *std::move(handled) : error_reply(std::move(handled.error()));
  apply_conditions(head_, reply);
  if (!apply_range(head_, reply)) {
    const auto size = std::get<FileBody>(reply.body).size_bytes;
    reply = error_reply({ErrorKind::invalid, "the file has " + std::to_string(size) + " bytes", "range_not_satisfiable"});
    set_header(reply.headers, "Content-Range", "bytes */" + std::to_string(size));
  }
  auto prepared = co_await prepare_body(reply);
  if (!prepared) reply = error_reply(std::move(prepared.error()));
  complete(reply);
  co_return reply;
}

Task<Result<Reply>> Exchange::handle() {
  if (is_preflight(head_) && !match_.allowed.empty()) {
    const auto sharing = match_.route != nullptr ? match_.route->spec.sharing : Sharing::listed;
    co_return preflight_reply(service_.settings.cors, sharing, head_, match_.allowed);
  }
  if (match_.route == nullptr) co_return answer_without_route();
  co_return co_await call_handler(*match_.route);
}

Result<Reply> Exchange::answer_without_route() const {
  if (match_.allowed.empty()) return fail(ErrorKind::not_found, "there is nothing at this address");
  if (head_.method() == Method::options) return Reply{204, {}, {{"Allow", method_list(match_.allowed)}}};
  return fail(ErrorKind::unsupported, std::string(head_.method_text()) + " is not among " + method_list(match_.allowed),
              "method_not_allowed");
}

// Uploads and downloads wait for their clients, not for us; whether we live must be told however busy we are.
bool Exchange::needs_place(const Route& route) {
  return route.spec.time_max <= RouteSpec{}.time_max && route.spec.limit != LimitClass::none;
}

Task<Result<Reply>> Exchange::call_handler(const Route& route) {
  if (!needs_place(route)) co_return co_await call_admitted(route);
  const auto place = service_.turnstile.enter();
  // The code makes it 503; by its kind it is no fault of ours, which the log would tell one by one.
  if (!place || service_.lateness.sends_away())
    co_return fail(ErrorKind::rate_limited, "this server is asked for more than it can do; try again", "unavailable");
  co_return co_await call_admitted(route);
}

Task<Result<Reply>> Exchange::call_admitted(const Route& route) {
  auto admitted = co_await ok(service_.parts.gate.admit(head_, route.spec));
  gate_headers_ = std::move(admitted.headers);
  caller_ = admitted.caller;
  if (admitted.refused) co_return std::unexpected(*std::move(admitted.refused));
  co_await ok(require_acceptable(head_, route.types));

  auto& caller = admitted.caller;
  if (caller.request_id.empty()) caller.request_id = head_.request_id;
  // A body takes the time that it takes; from its last byte on the connection's watch counts.
  if (!head_.has_body()) caller.deadline = std::min(caller.deadline, std::chrono::steady_clock::now() + route.spec.time_max);
  Call call(head_, std::move(match_.path), body_);
  try {
    co_return co_await route.handler(route.spec, call, std::move(caller));
  } catch (const std::exception& thrown) {
    co_return std::unexpected(uncaught(thrown));
  }
}

Task<Result<void>> Exchange::prepare_body(Reply& reply) {
  auto* file = std::get_if<FileBody>(&reply.body);
  if (file == nullptr || head_.method() == Method::head) co_return {};
  try {
    file_ = co_await ok(file->open(file->range));
  } catch (const std::exception& thrown) {
    co_return std::unexpected(uncaught(thrown));
  }
  co_return {};
}

Reply Exchange::error_reply(Error error) {
  const bool ours = status_of(error) >= 500;
  const bool is_known = error.kind == ErrorKind::cancelled || error.kind == ErrorKind::rate_limited;
  if (ours && !is_known)
    service_.parts.log.error("request failed", {{"kind", name_of(error.kind)},
                                                {"error", std::string_view(error.message)},
                                                {"request_id", std::string_view(head_.request_id)},
                                                {"traceparent", head_.traceparent()}});
  const bool unmatched = match_.envelope == nullptr && head_.path().starts_with("/api/");
  const auto& native = static_cast<const ErrorEnvelope&>(service_.problem_json);
  const auto& nobodys = unmatched ? static_cast<const ErrorEnvelope&>(service_.union_envelope) : native;
  const auto& envelope = match_.envelope != nullptr ? *match_.envelope : nobodys;
  const auto retry_after = error.retry_after;
  Occurrence of{std::string(head_.path()), head_.request_id, std::string(head_.traceparent())};
  const auto problem = problem_of(std::move(error), std::move(of), service_.settings.error_texts);
  auto reply = envelope.render(problem);
  if (retry_after > 0s) set_header(reply.headers, "Retry-After", std::to_string(retry_after.count()));
  if (problem.status == 405) set_header(reply.headers, "Allow", method_list(match_.allowed));
  return reply;
}

// What every answer gets, whoever made it.
void Exchange::complete(Reply& reply) {
  const auto* route = match_.route != nullptr ? &match_.route->spec : nullptr;
  const auto sharing = route != nullptr ? route->sharing : Sharing::listed;
  for (auto& header : gate_headers_) set_header(reply.headers, header.name, std::move(header.value));
  if (!is_preflight(head_) || sharing == Sharing::listed || reply.status != 204)
    add_cors_headers(service_.settings.cors, sharing, head_, reply.headers);
  else
    reply.headers.push_back({"Access-Control-Allow-Origin", "*"});
  add_required_headers(reply);
  compress(head_, reply);
  if (route == nullptr || is_declared(*route, reply.status)) return;
  if (service_.parts.on_undeclared) return service_.parts.on_undeclared(*route, reply.status);
  service_.parts.log.warning("undeclared status answered",
                             {{"path", std::string_view(route->path)}, {"status", std::int64_t{reply.status}}});
}

bool Exchange::wants_keep_alive() const {
  const auto connection = head_.list("connection");
  if (has_member(connection, "close") || wire_.watch().is_draining()) return false;
  return !head_.is_http_1_0 || has_member(connection, "keep-alive");
}

Task<Result<void>> Exchange::send(Reply& reply) {
  auto* text = std::get_if<std::string>(&reply.body);
  auto* file = std::get_if<FileBody>(&reply.body);
  auto* stream = std::get_if<EventStream>(&reply.body);
  keep_alive_ = keep_alive_ && stream == nullptr && wants_keep_alive() && body_.can_skip_rest();
  Framing framing{keep_alive_, head_.is_http_1_0, head_.peer.is_tls, {}};
  if (text != nullptr && !has_no_body(reply.status)) framing.content_length = text->size();
  if (file != nullptr) framing.content_length = file->sent_bytes();
  auto head = response_head(reply, head_, framing, service_.parts.clock.now());

  const auto write_time = service_.settings.limits.write_time;
  const auto piece_time = wire_.watch().is_draining() ? std::min(write_time, last_words_time) : write_time;
  if (head_.method() == Method::head || has_no_body(reply.status)) co_return co_await wire_.write(head, {}, piece_time);
  if (file != nullptr) co_return co_await send_file(std::move(head), file->sent_bytes());
  if (text != nullptr) {
    sent_bytes_ = text->size();
    co_return co_await wire_.write(head, *text, piece_time);
  }
  co_await ok(wire_.write(head, {}, piece_time));
  co_return co_await write_events(wire_, *stream, service_.settings.limits, [this] { return still_admitted(); });
}

/// The stream outlasts its request's deadline: each look has a time of its own.
Task<Result<bool>> Exchange::still_admitted() {
  auto caller = caller_;
  caller.deadline = std::chrono::steady_clock::now() + service_.settings.limits.write_time;
  return service_.parts.gate.still_admits(std::move(caller));
}

Task<Result<void>> Exchange::send_file(std::string head, std::uint64_t size_bytes) {
  if (wire_.transport().sends_files() && size_bytes > 0)
    if (const auto piece = co_await ok(file_->next_piece(sent_piece_bytes)))
      co_return co_await send_pieces(std::move(head), *piece, size_bytes);
  const auto piece_bytes = static_cast<std::size_t>(std::min<std::uint64_t>(size_bytes, file_piece_bytes));
  const auto piece = std::make_unique_for_overwrite<std::byte[]>(piece_bytes);
  const std::span buffer(piece.get(), piece_bytes);
  while (sent_bytes_ < size_bytes) {
    const auto count = co_await ok(file_->read(buffer));
    // The length is promised already: only closing tells the client that bytes are missing.
    if (count == 0) co_return fail(ErrorKind::internal, "a file ended before its length");
    co_await ok(wire_.write(head, text_of(buffer.first(count)), service_.settings.limits.write_time));
    head.clear();
    sent_bytes_ += count;
  }
  co_return co_await wire_.write(head, {}, service_.settings.limits.write_time);
}

Task<Result<void>> Exchange::send_pieces(std::string head, FilePiece piece, std::uint64_t size_bytes) {
  const auto piece_time = service_.settings.limits.write_time;
  co_await ok(wire_.write(head, {}, piece_time, Behind::file));
  while (true) {
    co_await ok(wire_.send(piece, piece_time));
    sent_bytes_ += piece.size;
    if (sent_bytes_ >= size_bytes) co_return {};
    piece = (co_await ok(file_->next_piece(sent_piece_bytes))).value_or(FilePiece{});
    // The length is promised already: only closing tells the client that bytes are missing.
    if (piece.size == 0) co_return fail(ErrorKind::internal, "a file ended before its length");
  }
}

void Exchange::log(int status) const {
  const auto* route = match_.route != nullptr ? &match_.route->spec : nullptr;
  const Answered answered{head_, route, status, sent_bytes_, std::chrono::steady_clock::now() - start_, caller_.user};
  log_answer(service_.parts.log, answered);
  if (service_.parts.meter != nullptr) service_.parts.meter->count(answered);
}

}  // namespace kinora::http
