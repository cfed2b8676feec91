#include "http/chunked.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"

namespace kinora::http {

namespace {

// Feeds pieces of `piece_bytes`; gives what was decoded, or nothing when it was refused or did not end.
std::optional<std::string> decoded(std::string_view wire, std::size_t piece_bytes) {
  ChunkedDecoder decoder;
  std::string all;
  std::array<std::byte, 3> out{};
  while (!decoder.is_done() && !wire.empty()) {
    const auto step = decoder.decode(wire.substr(0, piece_bytes), out);
    if (!step) return std::nullopt;
    all += text_of(std::span(out).first(step->produced));
    wire.remove_prefix(step->consumed);
  }
  return decoder.is_done() ? std::optional(all) : std::nullopt;
}

// RFC 9112 section 7.1 and its well-known example.
constexpr std::string_view wikipedia =
    "4\r\nWiki\r\n6;note=\"x\"\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\nX-Sum: 1\r\n\r\n";

TEST(Chunked, DecodesWhereverTheBytesAreCut) {
  for (std::size_t piece = 1; piece <= wikipedia.size(); ++piece)
    EXPECT_EQ(decoded(wikipedia, piece), "Wikipedia in \r\n\r\nchunks.") << piece;
}

TEST(Chunked, RefusesSizesThatAreNoSizes) {
  for (const std::string_view wire :
       {"-1\r\na\r\n0\r\n\r\n", "+1\r\na\r\n0\r\n\r\n", "0x1\r\na\r\n0\r\n\r\n", "\r\na\r\n0\r\n\r\n", "g\r\na\r\n0\r\n\r\n",
        "ffffffffffffffff\r\na", "0000000000000001\r\na\r\n0\r\n\r\n"})
    EXPECT_EQ(decoded(wire, wire.size()), std::nullopt) << wire;
}

TEST(Chunked, RefusesLinesThatDoNotEndInCrlf) {
  for (const std::string_view wire : {"1\na\r\n0\r\n\r\n", "1\r\na\n0\r\n\r\n", "1\r\nab\r\n0\r\n\r\n", "1;x\na\r\n0\r\n\r\n",
                                      "1\r\na\r\n0\r\nX: 1\n\r\n", "1\r\naXY0\r\n\r\n", "1\rXa\r\n0\r\n\r\n"})
    EXPECT_EQ(decoded(wire, wire.size()), std::nullopt) << wire;
}

TEST(Chunked, BoundsExtensionsAndTrailers) {
  EXPECT_EQ(decoded("1;" + std::string(20'000, 'x') + "\r\na\r\n0\r\n\r\n", 1000), std::nullopt);
  EXPECT_EQ(decoded("0\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n", 1000), std::nullopt);
}

TEST(Chunked, TakesManySmallChunks) {
  std::string wire;
  for (int count = 0; count < 20'000; ++count) wire += "1\r\na\r\n";
  wire += "0\r\n\r\n";

  EXPECT_EQ(decoded(wire, 4096), std::string(20'000, 'a'));
}

TEST(Chunked, StopsAtItsEnd) {
  ChunkedDecoder decoder;
  std::array<std::byte, 8> out{};

  const auto step = decoder.decode("1\r\na\r\n0\r\n\r\nGET /", out);

  ASSERT_TRUE(step.has_value());
  EXPECT_EQ(step->consumed, 11);
  EXPECT_TRUE(decoder.is_done());
}

}  // namespace

}  // namespace kinora::http
