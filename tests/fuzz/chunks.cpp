// A body that comes in chunks.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/encoding.hpp"
#include "http/chunked.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace kinora::fuzz {
namespace {

struct Decoded {
  bool is_valid = true;
  bool is_done = false;
  std::size_t consumed = 0;
  std::string bytes{};
  friend bool operator==(const Decoded&, const Decoded&) = default;
};

/// As from a socket: in pieces, into a small buffer, and now and then past the decoder.
Decoded decode(std::string_view input, std::size_t piece_max, std::size_t room_max) {
  http::ChunkedDecoder decoder;
  Decoded decoded;
  Dice dice(input);
  std::vector<std::byte> room(room_max);
  while (decoded.consumed < input.size() && !decoder.is_done()) {
    const auto piece = input.substr(decoded.consumed, 1 + dice.draw(piece_max));
    if (const auto straight = std::min<std::uint64_t>(decoder.data_left(), piece.size()); straight > 0 && dice.draw(4) == 0) {
      decoder.took(straight);
      decoded.bytes += piece.substr(0, straight);
      decoded.consumed += straight;
      continue;
    }
    const auto step = decoder.decode(piece, std::span(room).first(1 + dice.draw(room_max)));
    if (!step) return {.is_valid = false};
    require(step->consumed > 0 && step->consumed <= piece.size() && step->produced <= step->consumed, "each step goes forward");
    decoded.bytes += text_of(std::span(room).first(step->produced));
    decoded.consumed += step->consumed;
  }
  decoded.is_done = decoder.is_done();
  return decoded;
}

std::string in_chunks(std::string_view data) {
  Dice dice(data);
  std::string out;
  while (!data.empty()) {
    const auto chunk = data.substr(0, 1 + dice.draw(50));
    data.remove_prefix(chunk.size());
    out += fmt::format("{:x}{}\r\n{}\r\n", chunk.size(), dice.draw(3) == 0 ? " ;name=value" : "", chunk);
  }
  return out + "0\r\n" + (dice.draw(2) == 0 ? "Trailer: value\r\n" : "") + "\r\n";
}

}  // namespace

void check(std::string_view input) {
  const auto whole = decode(input, input.size() + 1, input.size() + 1);
  require(decode(input, 7, 5) == whole, "chunks decode to the same bytes wherever they are cut");
  require(whole.bytes.size() <= input.size(), "chunks hold no more than was sent");

  const auto sent = in_chunks(input);
  const auto read = decode(sent + "GET / HTTP/1.1\r\n", 100, 100);
  if (input.size() > 20'000) return;  // so many small chunks may be refused for their overhead
  require(read.is_valid && read.is_done && read.bytes == input, "what is sent in chunks arrives");
  require(read.consumed == sent.size(), "the next request begins behind the last chunk");
}

}  // namespace kinora::fuzz
