#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.hpp"

namespace kinora::http {

/// Decodes a chunked body (RFC 9112 section 7.1), strictly: every line ends in CRLF, sizes have at most 15 digits, extensions
/// and trailers are read over within limits.
class ChunkedDecoder {
 public:
  struct Step {
    std::size_t consumed = 0;
    std::size_t produced = 0;
  };
  /// Goes on until `in` is used up, `out` is full or the body ends. Errors: `malformed`.
  Result<Step> decode(std::string_view in, std::span<std::byte> out);
  bool is_done() const { return state_ == State::done; }

  /// Bytes of the present chunk that may be taken straight from the socket, and that they were.
  std::uint64_t data_left() const { return state_ == State::data ? left_ : 0; }
  void took(std::uint64_t bytes);

 private:
  enum class State : std::uint8_t { size, extension, size_end, data, data_cr, data_lf, trailer, trailer_end, done };
  Result<void> take_framing(char letter);
  Result<void> take_size(char letter);
  void end_size_line();

  State state_ = State::size;
  std::uint64_t left_ = 0;
  int digits_ = 0;
  std::size_t line_bytes_ = 0;
  std::size_t overhead_bytes_ = 0;  ///< extensions and trailers
};

}  // namespace kinora::http
