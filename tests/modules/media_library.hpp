#pragma once

#include <gtest/gtest.h>

#include "adapters/blob_store/open.hpp"
#include "base/pool.hpp"
#include "jobs/event_log.hpp"
#include "jobs/store.hpp"
#include "modules/media/intake.hpp"
#include "modules/media/jobs/sweep.hpp"
#include "modules/media/media.hpp"
#include "tests/world.hpp"

namespace kinora::testing {

using namespace std::chrono_literals;

/// Counts the videos whose processing was committed.
class Accepted final : public media::OnVideoAccepted {
 public:
  Task<Result<JobId>> start(Transaction tx, VideoId, UserId) override {
    tx.on_commit([this] { count.add(); });
    co_return JobId{};
  }
  Counter count;
};

/// A client's bytes, at most `step` at a time; then its end, or how it broke off.
struct ClientBytes {
  std::string rest;
  std::size_t step = 1 << 20;
  std::optional<ErrorKind> broken_off{};
};
inline Task<Result<std::size_t>> read_some(std::shared_ptr<ClientBytes> bytes, std::span<std::byte> buffer) {
  const auto count = std::min({buffer.size(), bytes->rest.size(), bytes->step});
  std::ranges::copy(bytes_of(bytes->rest).first(count), buffer.begin());
  bytes->rest.erase(0, count);
  if (count == 0 && bytes->broken_off) co_return fail(*bytes->broken_off, "broken off");
  co_return count;
}
inline media::UploadPiece piece_of(std::uint64_t offset, ClientBytes bytes) {
  auto source = std::make_shared<ClientBytes>(std::move(bytes));
  return {.offset = offset, .read = [source](std::span<std::byte> buffer) { return read_some(source, buffer); }};
}

/// Media and uploads on a real database and real files; ana is somebody, and nothing is processed.
class MediaLibrary : public ::testing::Test {
 protected:
  MediaLibrary() {
    uploads_.set_on_accepted(accepted_);
    ana_.kind = Caller::Kind::person;
    ana_.user = world_.random.id<UserId>(world_.clock);
  }
  ~MediaLibrary() override { files_.join(); }

  media::Upload begin(std::uint64_t length) {
    const auto opened = run(uploads_.open(ana_, {.length = length, .filename = "a.mp4"}));
    EXPECT_TRUE(opened) << opened.error().message;
    return opened->upload;
  }
  Result<media::UploadProgress> append(UploadId id, media::UploadPiece piece) {
    return run(uploads_.append(ana_, id, std::move(piece)));
  }
  Result<media::UploadProgress> find(UploadId id) { return run(uploads_.find(ana_, id)); }
  std::uint64_t offset_of(UploadId id) { return find(id).value().offset; }
  VideoId upload_whole(const std::string& bytes) {
    const auto upload = begin(bytes.size());
    EXPECT_TRUE(append(upload.id, piece_of(0, {bytes})));
    return upload.video;
  }
  std::shared_ptr<jobs::Context::Attempt> attempt() {
    auto attempt = std::make_shared<jobs::Context::Attempt>();
    attempt->scratch = world_.folder.path();
    return attempt;
  }

  World world_{{jobs::migrations(), media::migrations()}};
  Accepted accepted_;
  Caller ana_;
  Pool files_{"files", 1, 16};
  std::unique_ptr<BlobStore> blobs_ =
      open_blob_store({(world_.folder.path() / "blobs").string(), 0}, files_, world_.random).value();
  jobs::Queue queue_{
      {.worker = "test", .scratch = world_.folder.path()}, world_.database(), world_.clock, world_.random, world_.log};
  jobs::EventLog events_{queue_, world_.database(), world_.clock, world_.random, world_.log};
  media::Media media_{{.grant_secret = "secret"}, world_.database(), *blobs_, events_, world_.clock, world_.random};
  media::Uploads uploads_{{.bytes_max = 1 << 30, .locks = {.silence = 20ms, .patience = 100ms}},
                          media_,
                          world_.database(),
                          *blobs_,
                          world_.clock,
                          world_.random};
};

}  // namespace kinora::testing
