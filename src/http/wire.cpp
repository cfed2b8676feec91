#include "http/wire.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

namespace kinora::http {

namespace {

constexpr std::size_t fetch_bytes = 4 * 1024;
constexpr std::size_t linger_bytes_max = 1 << 20;

}  // namespace

Task<Result<bool>> Wire::fetch() {
  arrived_.erase(0, std::exchange(start_, 0));
  const auto size = arrived_.size();
  arrived_.resize(size + fetch_bytes);
  const auto space = std::as_writable_bytes(std::span(arrived_)).subspan(size);
  const auto count = co_await transport_.read_some(space);
  arrived_.resize(size + count.value_or(0));
  if (!count) co_return std::unexpected(count.error());
  co_return *count > 0;
}

Task<Result<std::size_t>> Wire::read_some(std::span<std::byte> buffer) {
  if (arrived().empty()) co_return co_await transport_.read_some(buffer);
  const auto size = std::min(buffer.size(), arrived().size());
  std::memcpy(buffer.data(), arrived().data(), size);
  consume(size);
  co_return size;
}

Task<Result<void>> Wire::write(std::string_view head, std::string_view body, std::chrono::milliseconds piece_time,
                               Behind behind) {
  const auto take = [&](std::size_t size) {
    const auto of_head = std::min(size, head.size());
    head.remove_prefix(of_head);
    body.remove_prefix(size - of_head);
  };
  if (const auto sent = transport_.try_write(head, body, behind)) take(*sent);
  while (!head.empty() || !body.empty()) {
    watch_.expire_in(piece_time);
    take(co_await ok(transport_.write_some(head, body)));
  }
  co_return {};
}

Task<Result<void>> Wire::send(FilePiece piece, std::chrono::milliseconds piece_time) {
  while (piece.size > 0) {
    watch_.expire_in(piece_time);
    const auto sent = co_await ok(transport_.send_some(piece));
    piece.offset += sent;
    piece.size -= sent;
  }
  co_return {};
}

Task<void> Wire::linger(std::chrono::milliseconds time) {
  watch_.enter(Watch::Phase::receiving);
  watch_.expire_in(time);
  co_await transport_.end_writing();
  std::vector<std::byte> unread(16 * 1024);
  for (std::size_t total = 0; total < linger_bytes_max;) {
    const auto count = co_await transport_.read_some(unread);
    if (count.value_or(0) == 0) co_return;
    total += *count;
  }
}

void Wire::shrink() {
  arrived_.erase(0, std::exchange(start_, 0));
  arrived_.shrink_to_fit();
}

}  // namespace kinora::http
