#include "modules/media/jobs/scrub.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/json.hpp"
#include "tests/modules/media_library.hpp"

namespace kinora::media {
namespace {

using testing::kind_of;
using testing::run;

/// Takes note of what is said of damaged files.
class HeardLog final : public Log {
 public:
  void write(LogLevel level, std::string_view, std::initializer_list<LogField> fields) override {
    if (level == LogLevel::error) keys.emplace_back(std::get<std::string_view>(fields.begin()->value));
  }
  std::vector<std::string> keys;
};

/// A library whose files can be damaged.
class Scrubber : public testing::MediaLibrary {
 protected:
  void scrub() {
    ScrubWorker worker(world_.database(), *blobs_, log_);
    const auto scrubbed = run(worker.work(jobs::Context(attempt(), world_.database()), {}));
    EXPECT_TRUE(std::holds_alternative<jobs::Done>(scrubbed));
  }
  void a_week_passes() { world_.clock.pass(std::chrono::days(7)); }
  std::string key_of(VideoId video) { return source_key(ana_.user, video); }
  bool is_readable(VideoId video) { return run(blobs_->open({key_of(video)}, {})).has_value(); }
  std::filesystem::path file_of(VideoId video) {
    auto name = key_of(video);
    std::ranges::replace(name, '/', '~');
    for (const auto& each : std::filesystem::recursive_directory_iterator(world_.folder.path() / "blobs" / "blobs"))
      if (each.path().filename() == name) return each.path();
    return {};
  }
  /// The same file with other bytes, as a disk would have it: no name and no cached descriptor notices.
  void rewrite(VideoId video, const std::string& bytes) {
    const auto file = file_of(video);
    std::filesystem::permissions(file, std::filesystem::perms::owner_write, std::filesystem::perm_options::add);
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
  }
  static std::string bytes_of_video(std::size_t number) { return "the bytes of video " + std::to_string(number); }

  HeardLog log_;
};

TEST_F(Scrubber, LeavesWholeFilesAlone) {
  const auto video = upload_whole("helloworld");
  a_week_passes();

  scrub();

  EXPECT_TRUE(is_readable(video));
  EXPECT_TRUE(log_.keys.empty());
}

TEST_F(Scrubber, FindsEveryFlippedBitCutAndLostFile) {
  constexpr std::size_t flipped = 100;
  constexpr std::size_t cut = 10;
  constexpr std::size_t lost = 10;
  std::vector<VideoId> videos;
  for (std::size_t number = 0; number < flipped + cut + lost; ++number) videos.push_back(upload_whole(bytes_of_video(number)));
  for (std::size_t number = 0; number < flipped; ++number) {
    auto bytes = bytes_of_video(number);
    bytes.at(number % bytes.size()) ^= static_cast<char>(1 << number % 8);
    rewrite(videos.at(number), bytes);
  }
  for (std::size_t number = flipped; number < flipped + cut; ++number) rewrite(videos.at(number), "the bytes of");
  for (std::size_t number = flipped + cut; number < flipped + cut + lost; ++number)
    std::filesystem::remove(file_of(videos.at(number)));
  a_week_passes();

  scrub();

  EXPECT_EQ(log_.keys.size(), videos.size());
  EXPECT_TRUE(std::ranges::none_of(videos, [&](VideoId video) { return is_readable(video); }));
}

TEST_F(Scrubber, GoesOnBehindAFileThatCannotBeRead) {
  const auto unreadable = upload_whole("a file on a bad sector");
  const auto file = file_of(unreadable);
  std::filesystem::remove(file);
  std::filesystem::create_directory(file);  // which opens, and does not read
  world_.clock.pass(1s);
  const auto damaged = upload_whole("helloworld");
  rewrite(damaged, "hellowurld");
  a_week_passes();

  scrub();
  scrub();

  const std::vector wanted{key_of(unreadable), key_of(damaged)};
  EXPECT_EQ(log_.keys, wanted) << "each once a week";
}

TEST_F(Scrubber, ServesADamagedFileToNobodyWhoReadItBefore) {
  const auto video = upload_whole("helloworld");
  ASSERT_TRUE(is_readable(video));  // and is kept open
  rewrite(video, "hellowurld");
  a_week_passes();

  scrub();

  EXPECT_FALSE(is_readable(video));
}

TEST_F(Scrubber, KeepsTheBytesForAnOperatorUntilTheVideoGoes) {
  const auto video = upload_whole("helloworld");
  rewrite(video, "hellowurld");
  a_week_passes();
  scrub();
  const auto aside = world_.folder.path() / "blobs" / "damaged";
  EXPECT_FALSE(std::filesystem::is_empty(aside));

  ASSERT_TRUE(run(blobs_->remove({key_of(video)})));

  EXPECT_TRUE(std::filesystem::is_empty(aside));
}

TEST_F(Scrubber, ReadsAFileOnceAWeek) {
  const auto video = upload_whole("helloworld");
  a_week_passes();
  scrub();
  rewrite(video, "hellowurld");
  world_.clock.pass(std::chrono::days(6));
  scrub();
  EXPECT_TRUE(log_.keys.empty());

  world_.clock.pass(std::chrono::days(1));
  scrub();

  EXPECT_EQ(log_.keys, std::vector{key_of(video)});
}

TEST_F(Scrubber, SaysEveryWeekThatASourceIsMissing) {
  const auto video = upload_whole("helloworld");
  std::filesystem::remove(file_of(video));
  a_week_passes();
  scrub();
  a_week_passes();

  scrub();

  EXPECT_EQ(log_.keys.size(), 2U);
}

}  // namespace
}  // namespace kinora::media
