#include "adapters/media_tool/ffmpeg/fragments.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "adapters/media_tool/ffmpeg/tests/media_fixture.hpp"

namespace kinora::ffmpeg {
namespace {

using namespace std::string_literals;

class Fragments : public testing::MediaFixture {
 protected:
  /// 25 frames a second, a key frame each 50.
  std::filesystem::path fragmented(const std::string& options = "") {
    return make("a.mp4", "-f lavfi -i testsrc2=size=64x64:rate=25:duration=5 -c:v libx264 -g 50 " + options +
                             " -movflags frag_keyframe+delay_moov+default_base_moof+skip_trailer");
  }
};

TEST_F(Fragments, AreReadWithTheirTimesAndFrames) {
  const auto read = read_fragments(fragmented());

  ASSERT_EQ(read.fragments.size(), 3U);
  EXPECT_EQ(read.fragments[0].offset, read.init.size());
  EXPECT_EQ(read.fragments[1].start, 2 * read.ticks_per_second);
  EXPECT_EQ(read.fragments[2].duration, read.ticks_per_second);
  EXPECT_EQ(read.fragments[1].samples, 50);
  EXPECT_TRUE(read.fragments[1].begins_with_key);
}

TEST_F(Fragments, ThatAreTornAreNotListed) {
  const auto bytes = bytes_of_file(fragmented());
  const auto whole = read_fragments(folder_ / "a.mp4");

  for (std::size_t size = 0; size < bytes.size(); size += 37) {
    const auto torn = read_fragments(write("torn.mp4", bytes.substr(0, size)));
    const auto full =
        std::ranges::count_if(whole.fragments, [&](const Fragment& each) { return each.offset + each.size <= size; });
    EXPECT_EQ(torn.fragments.size(), static_cast<std::size_t>(full)) << size;
  }
}

TEST_F(Fragments, TileTheFileOfARendition) {
  const auto bytes = bytes_of_file(fragmented());

  EXPECT_TRUE(read_rendition(folder_ / "a.mp4"));
  EXPECT_FALSE(read_rendition(write("short.mp4", bytes.substr(0, bytes.size() - 1))));
  EXPECT_FALSE(read_rendition(write("long.mp4", bytes + "x")));
  EXPECT_FALSE(read_rendition(folder_ / "nothing.mp4"));
}

TEST_F(Fragments, ThatBeginWithoutAKeyFrameMakeNoRendition) {
  const auto path = fragmented("-frag_duration 1000000");

  EXPECT_GT(read_fragments(path).fragments.size(), 3U);
  EXPECT_FALSE(read_rendition(path));
}

TEST_F(Fragments, ThatClaimCountlessSamplesCostNoTime) {
  const auto box = [](const std::string& type, const std::string& content) {
    const auto size = static_cast<std::uint32_t>(content.size() + 8);
    std::string head(4, '\0');
    for (std::size_t at = 0; at < 4; ++at) head[at] = static_cast<char>(size >> (24 - 8 * at));
    return head + type + content;
  };
  const auto init = read_fragments(fragmented()).init;
  std::string runs;
  for (int run = 0; run < 10'000; ++run) runs += box("trun", "\0\0\0\0\x01\0\0\0"s);
  const auto header = box("tfhd", "\0\0\0\x08\0\0\0\x01\xff\xff\xff\xff"s);
  const auto time = box("tfdt", "\x01\0\0\0\x7f"s + std::string(7, '\xff'));
  const auto path = write("runs.mp4", init + box("moof", box("traf", header + time + runs)) + box("mdat", "x"));

  const auto began = std::chrono::steady_clock::now();
  const auto read = read_fragments(path);

  ASSERT_EQ(read.fragments.size(), 1U);
  EXPECT_GE(read.fragments[0].end(), read.fragments[0].start);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
}

TEST_F(Fragments, OfChangedBytesAreReadWithinBounds) {
  const auto whole = bytes_of_file(fragmented());
  std::uint32_t state = 11;
  const auto draw = [&state](std::size_t below) { return (state = state * 1664525 + 1013904223) % below; };

  for (int round = 0; round < 200; ++round) {
    auto bytes = whole;
    for (int change = 0; change < 20; ++change) bytes[draw(2000)] = static_cast<char>(draw(256));
    const auto read = read_fragments(write("changed.mp4", bytes));
    EXPECT_LE(read.whole_bytes(), bytes.size());
  }
}

}  // namespace
}  // namespace kinora::ffmpeg
