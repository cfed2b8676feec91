#include <gtest/gtest.h>

#include <thread>

#include "base/deadline.hpp"
#include "tests/modules/media_library.hpp"

namespace kinora::media {
namespace {

using testing::code_of;
using testing::kind_of;
using testing::piece_of;
using testing::run;

Task<Result<std::size_t>> wait_until_stopped(Event& begun) {
  begun.set();
  co_await ok(pause_for(5s));
  co_return std::size_t{0};
}
Task<Result<std::size_t>> one_byte_until(Event& begun, Event& enough, std::span<std::byte> buffer) {
  begun.set();
  buffer[0] = std::byte{'x'};
  co_return enough.is_set() ? std::size_t{0} : std::size_t{1};
}

Task<Result<void>> write_all_and_publish(BlobStore& blobs, std::string token, std::string text) {
  auto writer = co_await ok(blobs.reopen_writer(std::move(token)));
  co_await ok(writer->append(bytes_of(text)));
  co_await ok(writer->finish(std::nullopt));
  co_return {};
}

class ResumableUpload : public testing::MediaLibrary {};

TEST_F(ResumableUpload, IsProcessedOnceWithItsLastByte) {
  const auto upload = begin(10);

  EXPECT_EQ(append(upload.id, piece_of(0, {"hello"}))->offset, 5U);
  EXPECT_EQ(accepted_.count.now(), 0);
  const auto whole = append(upload.id, piece_of(5, {"world"}));

  EXPECT_EQ(whole->upload.state, UploadState::complete);
  EXPECT_EQ(offset_of(upload.id), 10U);
  EXPECT_EQ(accepted_.count.now(), 1);
}

TEST_F(ResumableUpload, KeepsWhatCameFromAClientThatVanished) {
  const auto upload = begin(10);

  const auto broken = append(upload.id, piece_of(0, {.rest = "hell", .step = 2, .broken_off = ErrorKind::cancelled}));

  EXPECT_EQ(kind_of(broken), ErrorKind::cancelled);
  EXPECT_EQ(offset_of(upload.id), 4U);
}

TEST_F(ResumableUpload, KeepsNothingOfABodyThatBreaksARule) {
  const auto upload = begin(10);

  const auto broken = append(upload.id, piece_of(0, {.rest = "hell", .step = 2, .broken_off = ErrorKind::invalid}));

  EXPECT_EQ(kind_of(broken), ErrorKind::invalid);
  EXPECT_EQ(offset_of(upload.id), 0U);
}

TEST_F(ResumableUpload, KeepsAllOrNothingOfAPieceWithAChecksum) {
  const auto upload = begin(10);
  auto piece = piece_of(0, {.rest = "hell", .step = 2, .broken_off = ErrorKind::cancelled});
  piece.checksum = Checksum{*Digest::of("sha1"), {}};

  EXPECT_EQ(kind_of(append(upload.id, std::move(piece))), ErrorKind::cancelled);

  EXPECT_EQ(offset_of(upload.id), 0U);
}

TEST_F(ResumableUpload, RefusesBytesPastItsLengthAndStaysAsItWas) {
  const auto upload = begin(10);
  ASSERT_TRUE(append(upload.id, piece_of(0, {"hello"})));

  const auto more = append(upload.id, piece_of(5, {.rest = "worlds", .step = 3}));

  EXPECT_EQ(kind_of(more), ErrorKind::too_large);
  EXPECT_EQ(offset_of(upload.id), 5U);
}

TEST_F(ResumableUpload, GoesOnForWhoeverAsksAfterAServerThatDiedBetweenTheLastByteAndTheRow) {
  const auto upload = begin(10);
  ASSERT_TRUE(run(write_all_and_publish(*blobs_, upload.writer_token, "helloworld")));

  const auto found = find(upload.id);

  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->upload.state, UploadState::complete);
  EXPECT_EQ(offset_of(upload.id), 10U);
  EXPECT_EQ(accepted_.count.now(), 1);
}

using Progress = Result<UploadProgress>;
Task<void> note(Task<Progress> work, Progress& outcome) { outcome = co_await std::move(work); }

Task<Progress> resume_beside(Task<Progress> dead_line, Progress& ended, Event& begun, Task<Progress> resumed) {
  TaskGroup lines((co_await this_fiber).executor);
  lines.spawn(note(std::move(dead_line), ended));
  co_await ok(begun.wait());
  auto outcome = co_await std::move(resumed);
  co_await lines.join();
  co_return outcome;
}

TEST_F(ResumableUpload, EndsAHolderThatFellSilent) {
  const auto upload = begin(10);
  Event begun;
  UploadPiece silent{.read = [&](std::span<std::byte>) { return wait_until_stopped(begun); }};
  Progress ended;

  const auto resumed = run(resume_beside(uploads_.append(ana_, upload.id, std::move(silent)), ended, begun,
                                         uploads_.append(ana_, upload.id, piece_of(0, {"hello"}))));

  ASSERT_TRUE(resumed) << resumed.error().message;
  EXPECT_EQ(resumed->offset, 5U);
  EXPECT_EQ(kind_of(ended), ErrorKind::cancelled);
}

TEST_F(ResumableUpload, LetsNoSecondRequestAtOneThatIsReceiving) {
  const auto upload = begin(1 << 29);
  Event begun;
  Event enough;
  UploadPiece busy{.read = [&](std::span<std::byte> buffer) { return one_byte_until(begun, enough, buffer.first(1)); }};
  Result<UploadProgress> received;
  std::jthread sender([&] { received = append(upload.id, std::move(busy)); });
  ASSERT_TRUE(testing::happens(begun));

  const auto second = append(upload.id, piece_of(0, {"hello"}));
  enough.set();

  EXPECT_EQ(code_of(second), "locked");
}

TEST_F(ResumableUpload, IsNobodyElses) {
  const auto upload = begin(10);
  Caller ben = ana_;
  ben.user = world_.random.id<UserId>(world_.clock);

  EXPECT_EQ(kind_of(run(uploads_.find(ben, upload.id))), ErrorKind::not_found);
  EXPECT_EQ(kind_of(run(uploads_.abort(ben, upload.id))), ErrorKind::not_found);
}

TEST_F(ResumableUpload, IsOverAfterADay) {
  const auto upload = begin(10);
  world_.clock.pass(24h + 1s);

  EXPECT_EQ(kind_of(find(upload.id)), ErrorKind::expired);
  EXPECT_EQ(kind_of(append(upload.id, piece_of(0, {"hello"}))), ErrorKind::expired);
}

TEST_F(ResumableUpload, TakesNeitherNothingNorTooMuch) {
  const auto opened = [&](std::uint64_t length) { return run(uploads_.open(ana_, {.length = length, .filename = "a.mp4"})); };

  EXPECT_EQ(kind_of(opened(0)), ErrorKind::invalid);
  EXPECT_EQ(kind_of(opened((1 << 30) + 1)), ErrorKind::too_large);
  EXPECT_TRUE(opened(100));
}

}  // namespace
}  // namespace kinora::media
