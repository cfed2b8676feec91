#include "http/request_body.hpp"

#include <algorithm>
#include <vector>

#include "http/header_values.hpp"

namespace kinora::http {

namespace {

constexpr std::uint64_t skip_bytes_max = 256 * 1024;

std::unexpected<Error> ended_early() {
  return fail(ErrorKind::cancelled, "the client closed before the end of its body", "malformed");
}

}  // namespace

RequestBody::RequestBody(Wire& wire, const Head& head, const Limits& limits, std::chrono::milliseconds work_time)
    : wire_(wire),
      limits_(limits),
      work_time_(work_time),
      left_(head.content_length().value_or(0)),
      is_chunked_(head.is_chunked()),
      client_waits_(head.has_body() && !head.is_http_1_0 && same_name(head.header("expect").value_or(""), "100-continue")) {}

Task<Result<std::size_t>> RequestBody::read(std::span<std::byte> buffer) {
  if (is_done() || buffer.empty()) co_return std::size_t{0};
  co_await ok(invite());
  wire_.watch().expire_in(patience());
  const auto asked_at = std::chrono::steady_clock::now();
  auto count = co_await (is_chunked_ ? read_chunked(buffer) : read_now(buffer));
  waited_ += std::chrono::steady_clock::now() - asked_at;
  received_ += count.value_or(0);
  wire_.watch().expire_in(work_time_);
  broken_ = !count;
  if (is_done()) wire_.watch().enter(Watch::Phase::working);
  if (!count && count.error().kind == ErrorKind::timeout)
    co_return fail(ErrorKind::timeout, "the body stopped arriving; send it again", "request_timeout");
  co_return count;
}

// Without a rate a byte every half minute would hold a connection for as long as its body is large.
std::chrono::milliseconds RequestBody::patience() const {
  const std::chrono::milliseconds earned(received_ * 1000 / limits_.body_rate_min);
  const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(waited_);
  return std::clamp(limits_.body_time + earned - waited, 0ms, limits_.body_time);
}

Task<Result<std::size_t>> RequestBody::read_now(std::span<std::byte> buffer) {
  const auto part = buffer.first(std::min<std::uint64_t>(buffer.size(), left_));
  const auto count = co_await ok(wire_.read_some(part));
  if (count == 0) co_return ended_early();
  left_ -= count;
  co_return count;
}

Task<Result<std::size_t>> RequestBody::read_chunked(std::span<std::byte> buffer) {
  while (!decoder_.is_done()) {
    if (wire_.arrived().empty() && decoder_.data_left() > 0) {
      const auto part = buffer.first(std::min<std::uint64_t>(buffer.size(), decoder_.data_left()));
      const auto count = co_await ok(wire_.read_some(part));
      if (count == 0) co_return ended_early();
      decoder_.took(count);
      co_return count;
    }
    const auto step = co_await ok(decoder_.decode(wire_.arrived(), buffer));
    wire_.consume(step.consumed);
    if (step.produced > 0) co_return step.produced;
    if (!decoder_.is_done() && wire_.arrived().empty() && decoder_.data_left() == 0 && !co_await ok(wire_.fetch()))
      co_return ended_early();
  }
  co_return std::size_t{0};
}

Task<Result<void>> RequestBody::invite() {
  if (!std::exchange(client_waits_, false) || !wire_.arrived().empty()) co_return {};
  co_await ok(wire_.write("HTTP/1.1 100 Continue\r\n\r\n", {}, limits_.write_time));
  co_return {};
}

bool RequestBody::can_skip_rest() const {
  return is_done() || (!broken_ && !client_waits_ && (is_chunked_ || left_ <= skip_bytes_max));
}

Task<bool> RequestBody::skip_rest() {
  if (!can_skip_rest()) co_return false;
  std::vector<std::byte> buffer(is_done() ? 0 : 16 * 1024);
  for (std::uint64_t total = 0; !is_done() && total <= skip_bytes_max;) {
    const auto count = co_await read(buffer);
    if (!count) co_return false;
    total += *count;
  }
  co_return is_done();
}

}  // namespace kinora::http
