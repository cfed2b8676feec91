#include <filesystem>

#include "modules/ai/jobs/transcribe.hpp"
#include "tests/modules/media_library.hpp"

namespace kinora {
namespace {

using testing::MediaLibrary;

/// Hears one word; by then its captions are to be written onto a device that is full.
class HeardOnAFullDisk final : public Transcriber {
 public:
  Task<Result<Transcription>> transcribe(std::filesystem::path, std::string, std::filesystem::path scratch,
                                         ProgressSink) override {
    std::filesystem::create_symlink("/dev/full", scratch / "captions.vtt");
    Transcription heard{.language = "en", .model = "none"};
    heard.words.push_back({Seconds(0), Seconds(1), "Hello."});
    heard.segment_starts.push_back(0);
    co_return heard;
  }
  std::string model() const override { return "none"; }
};

/// Is not asked here.
class Speechless final : public LanguageModel {
 public:
  ModelPlace place() const override { return ModelPlace::local; }
  std::string model() const override { return {}; }
  std::size_t context_tokens() const override { return 0; }
  Task<Result<std::string>> reply(Prompt) override { co_return fail(ErrorKind::unavailable, "there is none"); }
};

Task<Result<void>> keep_sound(Transaction tx, AssetId id, VideoId video, std::string key) {
  constexpr Sql insert{R"sql(
    INSERT INTO video_assets (id, video_id, name, kind, key, content_type, size, sha256, created_at)
    VALUES ($1, $2, 'speech.wav', 'speech_audio', $3, 'audio/wav', 9, '', db_now()))sql"};
  co_await ok(tx.change(insert, id, video, std::move(key)));
  co_return {};
}

class Captions : public MediaLibrary {
 protected:
  /// A video whose sound was taken out already.
  VideoId heard_video() {
    const auto video = upload_whole("any bytes");
    const auto key = media::source_key(ana_.user, video);
    EXPECT_TRUE(world_.write(keep_sound, world_.random.id<AssetId>(world_.clock), video, key));
    return video;
  }
};

TEST_F(Captions, AreWrittenWholeOrNotAtAll) {
  HeardOnAFullDisk transcriber;
  ai::Ai ai(world_.database(), queue_, events_, world_.clock, world_.random);
  Speechless model;
  ai::TranscribeWorker worker(ai::Tools{media_, ai, transcriber, model, events_, world_.clock, world_.random});
  auto attempt = this->attempt();
  attempt->job.subject = {"video", heard_video().uuid};

  const auto outcome = testing::run(worker.work({attempt, world_.database()}, {}));

  const auto* waits = std::get_if<jobs::Snooze>(&outcome);
  ASSERT_NE(waits, nullptr) << "half of them must not be served";
  EXPECT_EQ(waits->reason->code, "storage_full");
}

}  // namespace
}  // namespace kinora
