#include <gtest/gtest.h>

#include "modules/media/playlists.hpp"

namespace kinora::media {
namespace {

Rung picture(std::string quality, int height) {
  return {std::move(quality),
          {.codecs = "avc1.64001f",
           .width = height * 16 / 9,
           .height = height,
           .frames_per_second = 30,
           .peak_bits_per_second = height * 1000,
           .average_bits_per_second = height * 500,
           .init_size = 800,
           .segments = {{800, 5000, Seconds(6)}, {5800, 100, Seconds(0.52)}}}};
}
Rung sound() { return {"audio-en", {.codecs = "mp4a.40.2", .peak_bits_per_second = 128000, .average_bits_per_second = 96000}}; }

TEST(MasterPlaylist, NamesEachRungWithTheSoundCountedIn) {
  EXPECT_EQ(
      master_playlist({picture("360p", 360)}, {sound()}, {}),
      "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n"
      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"audio-en\",DEFAULT=YES,AUTOSELECT=YES,URI=\"audio-en/index.m3u8\"\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=488000,AVERAGE-BANDWIDTH=276000,CODECS=\"avc1.64001f,mp4a.40.2\",RESOLUTION=640x360,"
      "FRAME-RATE=30.000,AUDIO=\"sound\"\n360p/index.m3u8\n");
}

TEST(MasterPlaylist, HasNoSoundGroupForASilentFilm) {
  const auto text = master_playlist({picture("360p", 360)}, {}, {});

  EXPECT_EQ(text.find("AUDIO"), std::string::npos);
  EXPECT_NE(text.find("CODECS=\"avc1.64001f\""), std::string::npos);
}

TEST(MasterPlaylist, MakesSoundAloneAVariantOfItsOwn) {
  const auto text = master_playlist({}, {sound()}, {});

  EXPECT_NE(text.find("#EXT-X-STREAM-INF:BANDWIDTH=128000,AVERAGE-BANDWIDTH=96000,CODECS=\"mp4a.40.2\"\naudio-en/index.m3u8\n"),
            std::string::npos)
      << text;
}

TEST(MasterPlaylist, OffersCaptions) {
  const auto text = master_playlist({picture("360p", 360)}, {sound()}, {"en"});

  EXPECT_NE(text.find("TYPE=SUBTITLES"), std::string::npos);
  EXPECT_NE(text.find("URI=\"captions/en.m3u8\""), std::string::npos);
  EXPECT_NE(text.find("SUBTITLES=\"captions\""), std::string::npos);
}

TEST(MediaPlaylist, ListsSegmentsByNumberToItsEnd) {
  EXPECT_EQ(media_playlist(picture("360p", 360).index),
            "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:6\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n"
            "#EXT-X-MAP:URI=\"init.mp4\"\n#EXTINF:6.000000,\n0.m4s\n#EXTINF:0.520000,\n1.m4s\n#EXT-X-ENDLIST\n");
}

// RFC 8216, 4.3.3.1: each duration, rounded to the nearest whole number, is at most the target.
TEST(MediaPlaylist, ClaimsATargetThatNoSegmentExceeds) {
  auto index = picture("360p", 360).index;
  index.segments[1].duration = Seconds(7.5);

  EXPECT_NE(media_playlist(index).find("#EXT-X-TARGETDURATION:8\n"), std::string::npos);
}

}  // namespace
}  // namespace kinora::media
