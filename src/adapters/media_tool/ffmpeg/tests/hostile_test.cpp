#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <fstream>

#include "adapters/media_tool/ffmpeg/sniff.hpp"
#include "adapters/media_tool/ffmpeg/tests/media_fixture.hpp"
#include "base/encoding.hpp"

namespace kinora {
namespace {

using namespace std::string_literals;

class FfmpegHostile : public testing::MediaFixture {
 protected:
  ErrorKind refusal_of(const std::string& name, const std::string& content) {
    const auto info = probe(write(name, content));
    EXPECT_FALSE(info) << name;
    return info ? ErrorKind::internal : info.error().kind;
  }
};

TEST_F(FfmpegHostile, RefusesPlaylistsAndScriptsUnderAnyName) {
  const auto secret = write("secret.txt", "secret").string();

  EXPECT_EQ(refusal_of("a.mp4", "#EXTM3U\n#EXTINF:1,\nfile://" + secret + "\n#EXT-X-ENDLIST\n"), ErrorKind::unsupported);
  EXPECT_EQ(refusal_of("b.mp4", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nb.mp4\n"), ErrorKind::unsupported);
  EXPECT_EQ(refusal_of("c.mp4", "ffconcat version 1.0\nfile '" + secret + "'\n"), ErrorKind::unsupported);
  EXPECT_EQ(refusal_of("d.mp4", "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nm=video 5004 RTP/AVP 96\r\n"),
            ErrorKind::unsupported);
  EXPECT_EQ(refusal_of("e.mp4", "<?xml version=\"1.0\"?><MPD type=\"static\"></MPD>"), ErrorKind::unsupported);
  EXPECT_EQ(refusal_of("f.mp4", "<asx version=\"3.0\"><entry><ref href=\"http://127.0.0.1/\"/></entry></asx>"),
            ErrorKind::unsupported);
  EXPECT_EQ(refusal_of("g.mp4", "testsrc2=size=320x180"), ErrorKind::unsupported);
}

TEST_F(FfmpegHostile, RefusesStillPicturesAndText) {
  EXPECT_EQ(refusal_of("a.mp4", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x3e\x80\0\0\x3e\x80"s), ErrorKind::unsupported);
  EXPECT_EQ(refusal_of("b.mp4", "GIF89a\xff\xff\xff\xff"), ErrorKind::unsupported);
  EXPECT_EQ(refusal_of("c.mp4",
                       "\0\0\0\x18"
                       "ftypheic\0\0\0\0mif1heic"s),
            ErrorKind::unsupported);
  EXPECT_EQ(refusal_of("d.mp4", "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"x\"/>"), ErrorKind::unsupported);
  EXPECT_EQ(refusal_of("e.mp4", "just words"), ErrorKind::unsupported);
}

TEST_F(FfmpegHostile, RefusesEmptyAndZeroFiles) {
  EXPECT_EQ(refusal_of("a.mp4", ""), ErrorKind::unsupported);
  EXPECT_EQ(refusal_of("b.mp4", std::string(100'000, '\0')), ErrorKind::unsupported);
}

TEST_F(FfmpegHostile, RefusesAHeaderWithoutMedia) {
  EXPECT_EQ(refusal_of("a.mp4",
                       "\0\0\0\x10"
                       "ftypisom\0\0\0\0"s),
            ErrorKind::invalid);
  EXPECT_EQ(refusal_of("b.mkv", "\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska"), ErrorKind::invalid);
}

TEST_F(FfmpegHostile, RefusesACodecOffTheListByItsName) {
  const auto info = probe(make("a.mkv", "-f lavfi -i testsrc2=size=64x64:duration=1 -c:v magicyuv -pix_fmt gbrp"));

  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().kind, ErrorKind::unsupported);
  EXPECT_NE(info.error().message.find("magicyuv"), std::string::npos) << info.error().message;
}

TEST_F(FfmpegHostile, RefusesAFrameThatIsTooLarge) {
  const auto info = probe(make("a.mkv", "-f lavfi -i color=size=8190x8190:rate=1:duration=1 -c:v mpeg4 -strict unofficial"));

  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().kind, ErrorKind::unsupported);
  EXPECT_NE(info.error().message.find("too large"), std::string::npos) << info.error().message;
}

TEST_F(FfmpegHostile, RefusesAFrameOfSixteenThousandSquaredInAFewBytes) {
  auto bytes = bytes_of_file(make("a.avi", "-f lavfi -i color=size=64x48:duration=1 -c:v mjpeg"));
  const auto lie = [&bytes](const std::string& from, const std::string& to) {
    for (auto at = bytes.find(from); at != std::string::npos; at = bytes.find(from)) bytes.replace(at, from.size(), to);
  };
  lie("\0\0\0\x40\0\0\0\x30"s, "\x80\x3e\0\0\x80\x3e\0\0"s);
  lie("\x40\0\0\0\x30\0\0\0"s, "\x80\x3e\0\0\x80\x3e\0\0"s);                      // width and height of the stream
  lie("\xff\xc0\0\x11\x08\0\x30\0\x40"s, "\xff\xc0\0\x11\x08\x3e\x80\x3e\x80"s);  // height and width of each picture
  const auto began = std::chrono::steady_clock::now();
  const auto info = probe(write("large.avi", bytes));

  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().kind, ErrorKind::unsupported);
  EXPECT_NE(info.error().message.find("too large"), std::string::npos) << info.error().message;
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
}

TEST_F(FfmpegHostile, TakesNoAttachmentOut) {
  const auto evil = write("evil.so",
                          "\x7f"
                          "ELF and more")
                        .string();
  const auto file = make("a.mkv", "-f lavfi -i testsrc2=size=64x64:duration=1 -c:v libx264 -attach " + evil +
                                      " -metadata:s:t mimetype=application/octet-stream -metadata:s:t filename=../evil.so");
  std::filesystem::remove(evil);

  EXPECT_TRUE(probe(file));
  EXPECT_TRUE(picture(file, 64));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_))
    EXPECT_EQ(entry.path().string().find("evil"), std::string::npos) << entry.path();
}

TEST_F(FfmpegHostile, LooksPastAHoleOfTenGigabytesInTime) {
  const auto file = make("a.mp4", "-f lavfi -i testsrc2=size=64x64:duration=1 -c:v libx264");
  const auto bytes = bytes_of_file(file);
  const auto index = bytes.find("moov") - 4;
  constexpr std::uint64_t hole = 10ULL << 30;
  auto head = bytes.substr(0, index) + "\0\0\0\x01"s + "free" + "\0\0\0\x02\x80\0\0\0"s;
  const auto sparse = write("sparse.mp4", head);
  std::filesystem::resize_file(sparse, index + hole);
  std::ofstream(sparse, std::ios::binary | std::ios::app) << bytes.substr(index);
  const auto began = std::chrono::steady_clock::now();

  EXPECT_TRUE(probe(sparse));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
}

TEST_F(FfmpegHostile, EndsTypedWhereverAFileIsCut) {
  const auto whole = bytes_of_file(make("a.mp4",
                                        "-f lavfi -i testsrc2=size=64x64:duration=1 -f lavfi -i sine=duration=1 -c:v libx264 "
                                        "-c:a aac -movflags +faststart"));

  for (std::size_t part = 1; part < 10; ++part) {
    const auto info = probe(write("cut.mp4", whole.substr(0, whole.size() * part / 10)));
    if (!info) {
      EXPECT_TRUE(info.error().kind == ErrorKind::invalid || info.error().kind == ErrorKind::unsupported)
          << info.error().message;
    }
  }
}

TEST_F(FfmpegHostile, EndsTypedWhateverBytesAreChanged) {
  const auto whole = bytes_of_file(make("a.mkv",
                                        "-f lavfi -i testsrc2=size=64x64:duration=1 -f lavfi -i sine=duration=1 -c:v libx264 "
                                        "-c:a aac"));
  std::uint32_t state = 7;
  const auto draw = [&state](std::size_t below) { return (state = state * 1664525 + 1013904223) % below; };
  for (int round = 0; round < 10; ++round) {
    auto bytes = whole;
    for (int change = 0; change < 40; ++change) bytes[draw(bytes.size())] = static_cast<char>(draw(256));
    const auto info = probe(write("mutated.mkv", bytes));
    if (!info) {
      EXPECT_TRUE(info.error().kind == ErrorKind::invalid || info.error().kind == ErrorKind::unsupported)
          << info.error().message;
    }
  }
}

TEST_F(FfmpegHostile, ReadsAFileWhateverItsName) {
  const auto plain = make("a.mp4", "-f lavfi -i testsrc2=size=64x64:duration=1 -c:v libx264");
  const auto odd = folder_ / "-i '`$(id)`;\n:,[]\\ .mp4";
  std::filesystem::copy_file(plain, odd);

  EXPECT_TRUE(probe(odd));
}

TEST(Sniff, TellsTheDemuxerFromTheFirstBytesOnly) {
  const auto seen = [](std::string_view head) { return ffmpeg::sniff(bytes_of(head)).value_or("nothing"); };

  EXPECT_EQ(seen("RIFF\x24\0\0\0WAVEfmt "s), "wav");
  EXPECT_EQ(seen("RIFF\x24\0\0\0AVI LIST"s), "avi");
  EXPECT_EQ(seen("RIFF\x24\0\0\0WEBPVP8 "s), "nothing");
  EXPECT_EQ(seen("\xff\xfb\x90\x64"s), "mp3");
  EXPECT_EQ(seen("\xff\xf1\x50\x80\x02\x1f\xfc"s), "aac");
  EXPECT_EQ(seen("\xff\xff\xff\xff"s), "nothing");
  EXPECT_EQ(seen("OggS"), "ogg");
}

}  // namespace
}  // namespace kinora
