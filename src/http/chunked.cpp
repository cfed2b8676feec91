#include "http/chunked.hpp"

#include <algorithm>
#include <cstring>

#include "http/target.hpp"

namespace kinora::http {

namespace {

constexpr int digits_max = 15;
constexpr std::size_t overhead_bytes_max = 16 * 1024;

std::unexpected<Error> malformed(std::string message) { return fail(ErrorKind::invalid, std::move(message), "malformed"); }

}  // namespace

void ChunkedDecoder::took(std::uint64_t bytes) {
  left_ -= bytes;
  if (left_ == 0) state_ = State::data_cr;
}

Result<ChunkedDecoder::Step> ChunkedDecoder::decode(std::string_view in, std::span<std::byte> out) {
  Step step;
  while (step.consumed < in.size() && state_ != State::done) {
    if (state_ != State::data) {
      if (auto taken = take_framing(in[step.consumed++]); !taken) return std::unexpected(std::move(taken.error()));
      continue;
    }
    const auto size = std::min<std::uint64_t>({left_, in.size() - step.consumed, out.size() - step.produced});
    if (size == 0) break;
    std::memcpy(out.data() + step.produced, in.data() + step.consumed, size);
    step.consumed += size;
    step.produced += size;
    took(size);
  }
  return step;
}

Result<void> ChunkedDecoder::take_framing(char letter) {
  const auto expect = [&](char wanted, State next) -> Result<void> {
    if (letter != wanted) return malformed("a chunk does not end in CRLF");
    state_ = next;
    return {};
  };
  if (state_ != State::size && ++overhead_bytes_ > overhead_bytes_max)
    return malformed("too many chunk extensions or trailers");
  switch (state_) {
    case State::size: return take_size(letter);
    case State::extension:
      if (letter == '\n') return malformed("a chunk's size line ends in a bare LF");
      if (letter == '\r') state_ = State::size_end;
      return {};
    case State::size_end:
      if (letter != '\n') return malformed("a chunk's size line does not end in CRLF");
      end_size_line();
      return {};
    case State::data_cr: return expect('\r', State::data_lf);
    case State::data_lf:
      overhead_bytes_ -= std::min<std::size_t>(overhead_bytes_, 4);  // the line ends of honest chunks are no overhead
      return expect('\n', State::size);
    case State::trailer:
      if (letter == '\n') return malformed("a trailer ends in a bare LF");
      if (letter == '\r')
        state_ = State::trailer_end;
      else
        ++line_bytes_;
      return {};
    case State::trailer_end:
      if (letter != '\n') return malformed("a trailer does not end in CRLF");
      state_ = line_bytes_ == 0 ? State::done : State::trailer;
      line_bytes_ = 0;
      return {};
    case State::data:
    case State::done: return {};
  }
  return {};
}

Result<void> ChunkedDecoder::take_size(char letter) {
  if (const int value = hex_value(letter); value >= 0) {
    if (++digits_ > digits_max) return malformed("a chunk's size has more than 15 digits");
    left_ = left_ << 4 | static_cast<std::uint64_t>(value);
    return {};
  }
  if (digits_ == 0) return malformed("a chunk does not start with its size");
  if (letter == ';' || letter == ' ' || letter == '\t')
    state_ = State::extension;
  else if (letter == '\r')
    state_ = State::size_end;
  else
    return malformed("a chunk's size is not a hexadecimal number");
  return {};
}

void ChunkedDecoder::end_size_line() {
  state_ = left_ == 0 ? State::trailer : State::data;
  digits_ = 0;
  line_bytes_ = 0;
}

}  // namespace kinora::http
