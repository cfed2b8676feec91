#include "children/output.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace kinora {
namespace {

std::vector<std::string> lines_of(std::size_t bytes_max, std::vector<std::string> pieces) {
  std::vector<std::string> lines;
  const auto keep = [&](std::string_view line) { lines.emplace_back(line); };
  LineSplitter splitter(bytes_max);
  for (const auto& piece : pieces) splitter.feed(piece, keep);
  splitter.finish(keep);
  return lines;
}

using Lines = std::vector<std::string>;

TEST(LineSplitter, JoinsALineThatComesInPieces) { EXPECT_EQ(lines_of(80, {"on", "e\ntw", "o\n"}), (Lines{"one", "two"})); }

TEST(LineSplitter, GivesTheLastLineWithoutANewline) { EXPECT_EQ(lines_of(80, {"one\ntwo"}), (Lines{"one", "two"})); }

TEST(LineSplitter, CutsALongLineAndDropsItsRest) { EXPECT_EQ(lines_of(3, {"abc", "def\n", "gh\n"}), (Lines{"abc", "gh"})); }

TEST(LineSplitter, PassesOverEmptyLines) { EXPECT_EQ(lines_of(80, {"\r\n\r\none\r\n"}), (Lines{"one"})); }

TEST(Tail, KeepsTheLastBytes) {
  Tail tail(4);

  for (int each = 0; each < 100; ++each) tail.feed("xyz");
  tail.feed("1234");

  EXPECT_EQ(tail.take(), "1234");
}

TEST(Tail, KeepsTheEndOfOneLongPiece) {
  Tail tail(4);

  tail.feed("0123456789");

  EXPECT_EQ(tail.take(), "6789");
}

}  // namespace
}  // namespace kinora
