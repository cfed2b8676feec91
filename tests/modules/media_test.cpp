#include "modules/media/media.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "modules/media/store.hpp"
#include "tests/modules/media_library.hpp"

namespace kinora::media {
namespace {

using testing::kind_of;
using testing::run;

Task<Result<std::vector<std::string>>> names_of_kind(Transaction tx, VideoId video, std::string kind) {
  const auto files = co_await ok(assets_of_kind(tx, video, std::move(kind)));
  std::vector<std::string> names;
  for (const auto& file : files) names.push_back(file.name);
  co_return names;
}
Task<Result<void>> keep(Transaction tx, KeptFile file, BlobId blob) {
  co_await ok(insert_staged_blob(tx, {blob, file.key, "video", file.video.uuid}));
  co_return co_await name_file(tx, std::move(file));
}

/// A library with one video of ana's.
class OneVideo : public testing::MediaLibrary {
 protected:
  OneVideo() : video_(upload_whole("helloworld")) {}

  std::int64_t version() { return run(media_.owned(ana_, video_)).value().video().version; }
  Result<Video> rename(std::string title, IfVersion if_version) {
    VideoChange change{.title = std::move(title), .if_version = std::move(if_version)};
    return run(media_.change(ana_, run(media_.owned(ana_, video_)).value(), std::move(change)));
  }
  void becomes(Status status) { ASSERT_TRUE(world_.write(set_status, video_, status, std::optional<std::string>())); }
  Addresses addresses() { return run(media_.addresses(ana_, run(media_.find(ana_, video_)).value())).value(); }
  void keep_captions(const std::string& language) {
    KeptFile file{.id = world_.random.id<AssetId>(world_.clock),
                  .video = video_,
                  .name = "captions/" + language + ".vtt",
                  .kind = "captions",
                  .key = "captions-in-" + language,
                  .content_type = "text/vtt",
                  .size_bytes = 1,
                  .sha256 = "hash"};
    ASSERT_TRUE(world_.write(keep, file, world_.random.id<BlobId>(world_.clock)));
  }

  /// One segment of so many bytes behind an init of ten.
  void keep_rendition(const std::string& key, std::uint64_t size) {
    RenditionIndex index;
    index.init_size = 10;
    index.segments.push_back({.offset = 10, .size = size});
    KeptFile file{.id = world_.random.id<AssetId>(world_.clock),
                  .video = video_,
                  .name = rendition_name("360p"),
                  .kind = "picture",
                  .key = key,
                  .content_type = "video/mp4",
                  .size_bytes = static_cast<std::int64_t>(10 + size),
                  .sha256 = "hash of " + key,
                  .detail = to_json(index)};
    ASSERT_TRUE(world_.write(keep, file, world_.random.id<BlobId>(world_.clock)));
  }
  MediaBlob first_segment() {
    const auto grant = addresses().base.substr(std::string_view("/media/").size());
    return std::get<MediaBlob>(run(media_.resolve(grant, "360p/0.m4s")).value());
  }

  VideoId video_;
};

TEST_F(OneVideo, ServesTheRenditionThatIsThereNow) {
  keep_rendition("one", 100);
  EXPECT_EQ(first_segment().size_bytes, 100U);
  EXPECT_EQ(first_segment().key.text, "one") << "from what is known of it";

  keep_rendition("two", 200);

  EXPECT_EQ(first_segment().size_bytes, 200U);
  EXPECT_EQ(first_segment().key.text, "two");
}

TEST_F(OneVideo, IsChangedByTheFirstOfTwoWhoHaveReadOneVersion) {
  const auto read = version();

  EXPECT_TRUE(rename("first", IfVersion{{read}}));

  EXPECT_EQ(kind_of(rename("second", IfVersion{{read}})), ErrorKind::stale);
  EXPECT_EQ(run(media_.find(ana_, video_)).value().video().title, "first");
}

TEST_F(OneVideo, IsDeletedAsItWasRead) {
  const auto read = version();
  ASSERT_TRUE(rename("changed meanwhile", {}));

  const auto removed = run(media_.remove(ana_, run(media_.owned(ana_, video_)).value(), IfVersion{{read}}));

  EXPECT_EQ(kind_of(removed), ErrorKind::stale);
  EXPECT_TRUE(run(media_.find(ana_, video_)));
}

TEST_F(OneVideo, HasAnotherVersionEachTimeThatItIsReady) {
  becomes(Status::ready);
  const auto once = version();
  becomes(Status::transcribing);
  EXPECT_EQ(version(), once) << "on the way nothing is remembered by it";

  becomes(Status::ready);

  EXPECT_GT(version(), once);
}

TEST_F(OneVideo, HasOneAddressForHalfAnHour) {
  world_.clock.pass(1s);
  const auto first = addresses();
  world_.clock.pass(20min);
  EXPECT_EQ(addresses().base, first.base) << "else a browser would fetch its poster again";

  world_.clock.pass(30min);

  EXPECT_NE(addresses().base, first.base);
  EXPECT_GE(first.expires_at - world_.clock.now(), 5h);
}

TEST_F(OneVideo, LeavesItsNumberToNoOther) {
  const auto number = run(media_.find(ana_, video_)).value().video().number;
  ASSERT_TRUE(run(media_.purge(ana_, video_)));

  const auto next = upload_whole("another one");

  EXPECT_EQ(run(media_.find(ana_, next)).value().video().number, number + 1);
}

TEST_F(OneVideo, KeepsCaptionsOfOneLanguageWhenItIsHeardAnew) {
  keep_captions("en");
  keep_captions("de");

  ASSERT_TRUE(world_.write(forget_files_of_kind, video_, std::string("captions"), std::string("captions/de.vtt")));

  EXPECT_EQ(world_.read(names_of_kind, video_, std::string("captions")).value(), std::vector<std::string>{"captions/de.vtt"});
}

}  // namespace
}  // namespace kinora::media
