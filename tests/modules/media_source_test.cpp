#include <gtest/gtest.h>

#include "modules/media/source_types.hpp"

namespace kinora::media {
namespace {

MediaInfo made_of(std::string container, bool has_picture) {
  MediaInfo info{.container = std::move(container)};
  if (has_picture) info.video.emplace();
  return info;
}

TEST(ASource, IsWhatItsContainerHolds) {
  EXPECT_EQ(source_type(made_of("mov", true)).content_type, "video/mp4");
  EXPECT_EQ(source_type(made_of("mov", false)).content_type, "audio/mp4");
  EXPECT_EQ(source_type(made_of("ogg", false)).extension, ".ogg");
}

TEST(ASource, IsPlainBytesWhenNobodyKnowsWhatItIs) {
  for (const auto& info : {std::optional<MediaInfo>(), std::optional(made_of("html", true))}) {
    EXPECT_EQ(source_type(info).content_type, "application/octet-stream");
    EXPECT_EQ(source_type(info).extension, "");
  }
}

}  // namespace
}  // namespace kinora::media
