#include <gtest/gtest.h>

#include "modules/media/store.hpp"
#include "tests/modules/media_library.hpp"

namespace kinora::media {
namespace {

using testing::kind_of;
using testing::piece_of;
using testing::run;

/// A library with one uploaded video.
class Broom : public testing::MediaLibrary {
 protected:
  Broom() { video_ = upload_whole("helloworld"); }

  void sweep() {
    SweepWorker worker(media_, world_.database(), *blobs_, world_.clock, world_.log);
    const auto swept = run(worker.work(jobs::Context(attempt(), world_.database()), {}));
    EXPECT_TRUE(std::holds_alternative<jobs::Done>(swept));
  }
  Result<void> remove() { return run(media_.remove(ana_, run(media_.owned(ana_, video_)).value())); }
  bool has_bytes() { return run(blobs_->stat({source_key(ana_.user, video_)})).has_value(); }

  VideoId video_{};
};

TEST_F(Broom, LeavesADeletedVideoForAsLongAsItCanBeRestored) {
  ASSERT_TRUE(remove());
  world_.clock.pass(9min);

  sweep();

  EXPECT_TRUE(run(media_.restore(ana_, video_)));
  EXPECT_TRUE(run(media_.find(ana_, video_)));
}

TEST_F(Broom, TakesADeletedVideoAway) {
  ASSERT_TRUE(remove());
  world_.clock.pass(10min);

  sweep();

  EXPECT_EQ(kind_of(run(media_.restore(ana_, video_))), ErrorKind::not_found);
  EXPECT_EQ(kind_of(run(media_.owned(Caller::system("test"), video_))), ErrorKind::not_found);
}

TEST_F(Broom, RestoresNothingTooLateEvenBeforeItSweeps) {
  ASSERT_TRUE(remove());
  world_.clock.pass(10min);

  EXPECT_EQ(kind_of(run(media_.restore(ana_, video_))), ErrorKind::not_found);
}

TEST_F(Broom, LeavesTheBytesOfAPurgedVideoForADay) {
  ASSERT_TRUE(run(media_.purge(ana_, video_)));
  world_.clock.pass(23h);
  sweep();
  EXPECT_TRUE(has_bytes());

  world_.clock.pass(1h);
  sweep();

  EXPECT_FALSE(has_bytes());
}

Task<Result<void>> hide_all(Transaction tx, Media* media, UserId owner) { return media->hide(tx, owner); }

TEST_F(Broom, LeavesNothingToARestoreOncePersonAndVideosAreGone) {
  auto admin = ana_;
  admin.user = UserId{};
  admin.role = Role::admin;
  begin(10);  // an upload under way goes too
  ASSERT_TRUE(world_.write(hide_all, &media_, ana_.user));
  EXPECT_EQ(kind_of(run(media_.find(admin, video_))), ErrorKind::not_found) << "hidden with the commit";

  ASSERT_TRUE(run(media_.erase(Caller::system("test"), ana_.user)));

  EXPECT_EQ(kind_of(run(media_.restore(admin, video_))), ErrorKind::not_found);
  EXPECT_TRUE(world_.read(videos_of, ana_.user, 9)->empty());
  world_.clock.pass(24h);
  sweep();
  EXPECT_FALSE(has_bytes());
}

TEST_F(Broom, LeavesALiveVideoAlone) {
  world_.clock.pass(48h);

  sweep();

  EXPECT_TRUE(has_bytes());
  EXPECT_TRUE(run(media_.find(ana_, video_)));
}

TEST_F(Broom, TakesAnUploadAwayThatWasNeverFinished) {
  const auto upload = begin(10);
  ASSERT_TRUE(append(upload.id, piece_of(0, {"hello"})));
  world_.clock.pass(24h + 1s);

  sweep();

  EXPECT_EQ(kind_of(run(media_.find(ana_, upload.video))), ErrorKind::not_found);
  EXPECT_EQ(kind_of(run(uploads_.find(ana_, upload.id))), ErrorKind::not_found);
  world_.clock.pass(24h);
  sweep();
  EXPECT_EQ(kind_of(run(blobs_->reopen_writer(upload.writer_token))), ErrorKind::not_found);
}

TEST_F(Broom, TellsAClientThatItsLastBytesCameTooLate) {
  const auto upload = begin(10);
  ASSERT_TRUE(append(upload.id, piece_of(0, {"hello"})));
  auto last = piece_of(5, {"world"});
  last.read = [this, read = std::move(last.read), is_first = true](std::span<std::byte> buffer) mutable {
    if (std::exchange(is_first, false)) {
      world_.clock.pass(24h + 1s);
      sweep();
    }
    return read(buffer);
  };

  EXPECT_EQ(kind_of(append(upload.id, std::move(last))), ErrorKind::expired);
}

TEST_F(Broom, LeavesAVideoWhoseLastBytesCameBeforeItsTurn) {
  const auto upload = begin(10);
  ASSERT_TRUE(append(upload.id, piece_of(0, {"helloworld"})));
  world_.clock.pass(24h + 1s);

  ASSERT_TRUE(run(media_.end_upload(Caller::system("test"), upload.id))) << "found when it was still open";

  EXPECT_TRUE(run(media_.find(ana_, upload.video)));
}

TEST_F(Broom, TakesTheRestAwayWhenOneThingCannotGo) {
  const auto other = upload_whole("another one");
  for (const auto video : {video_, other}) ASSERT_TRUE(run(media_.purge(ana_, video)));
  world_.clock.pass(24h);
  auto name = source_key(ana_.user, video_);
  std::ranges::replace(name, '/', '~');
  for (const auto& each : std::filesystem::recursive_directory_iterator(world_.folder.path() / "blobs" / "blobs")) {
    if (each.path().filename() != name) continue;
    std::filesystem::remove(each.path());
    std::filesystem::create_directories(each.path() / "in the way");
    break;
  }

  SweepWorker worker(media_, world_.database(), *blobs_, world_.clock, world_.log);
  run(worker.work(jobs::Context(attempt(), world_.database()), {}));

  EXPECT_EQ(kind_of(run(blobs_->stat({source_key(ana_.user, other)}))), ErrorKind::not_found);
}

TEST_F(Broom, TakesBytesAwayThatCameWithoutAVideo) {
  const auto intake = run(media_.receive(ana_));
  ASSERT_TRUE(run((*intake).writer->append(bytes_of("hello"))));
  ASSERT_TRUE(run((*intake).writer->commit()));
  world_.clock.pass(24h);

  sweep();

  EXPECT_EQ(kind_of(run(blobs_->reopen_writer((*intake).writer->token()))), ErrorKind::not_found);
}

}  // namespace
}  // namespace kinora::media
