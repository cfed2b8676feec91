#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapters/blob_store/open.hpp"
#include "adapters/embedder/open.hpp"
#include "adapters/language_model/open.hpp"
#include "adapters/search_index/open.hpp"
#include "base/json.hpp"
#include "base/pool.hpp"
#include "jobs/event_log.hpp"
#include "jobs/store.hpp"
#include "modules/ai/store.hpp"
#include "modules/chat/chat.hpp"
#include "modules/media/store.hpp"
#include "modules/search/chunks.hpp"
#include "modules/search/jobs/workers.hpp"
#include "modules/search/store.hpp"
#include "tests/world.hpp"

/// A library whose videos were heard before: everything behind the transcript is real, model, index, search and chat.
namespace kinora::testing {

inline std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

template <class T>
T json_of_file(const std::filesystem::path& path) {
  auto read = from_json_text<T>(text_of_file(path));
  EXPECT_TRUE(read.has_value()) << path << ": " << read.error().message;
  return read.value_or(T{});
}

/// One line of a file of questions. Without a video nothing answers it.
struct Question {
  std::string question;
  std::optional<std::string> video{};
  std::optional<double> start{};
  std::optional<double> end{};
};
inline std::vector<Question> questions_of(const std::filesystem::path& path) {
  std::istringstream lines(text_of_file(path));
  std::vector<Question> questions;
  for (std::string line; std::getline(lines, line);) questions.push_back(from_json_text<Question>(line).value());
  return questions;
}

/// What a recogniser heard once.
struct Heard {
  struct Segment {
    std::vector<Word> words{};
  };
  std::string language;
  std::string model;
  std::vector<Segment> segments{};
};

class Library {
 public:
  /// Answers by quotes, or by the language model with these weights, or by that service.
  explicit Library(std::filesystem::path weights = {}) : weights_(std::move(weights)) {}
  explicit Library(RemoteModelSettings service) : service_(std::move(service)) {}
  ~Library() { pool_.join(); }

  /// The answers of `work`, over a running embedding server, with the video in the library.
  template <class T>
  Result<T> with(Heard heard, Task<Result<T>> (*work)(Library&)) {
    return run(served(*this, std::move(heard), work));
  }

  search::Search& search() { return search_; }
  chat::Chats& chats() { return chats_; }
  ai::Ai& ai() { return ai_; }
  LanguageModel& writer() { return *writer_; }
  media::Media& media() { return media_; }
  VideoId video() const { return video_; }
  Caller owner() const {
    Caller caller;
    caller.kind = Caller::Kind::person;
    caller.user = owner_;
    return caller;
  }

 private:
  template <class T>
  static Task<Result<T>> served(Library& library, Heard heard, Task<Result<T>> (*work)(Library&)) {
    TaskGroup service((co_await this_fiber).executor);
    service.spawn(library.embedder_->serve());
    service.spawn(library.reader_->serve());
    service.spawn(library.english_reader_->serve());
    service.spawn(library.writer_->serve());
    auto done = co_await filled(library, std::move(heard), work);
    service.stop();
    co_await service.join();
    co_return done;
  }
  template <class T>
  static Task<Result<T>> filled(Library& library, Heard heard, Task<Result<T>> (*work)(Library&)) {
    co_await ok(library.add(std::move(heard)));
    co_return co_await work(library);
  }

  Task<Result<void>> add(Heard heard) {
    const auto caller = Caller::system("test");
    auto transcript = transcript_of(std::move(heard));
    media::NewVideoRow row{video_, owner_, "source.mp4", "", 1, {.title = "tour", .language = transcript.language}};
    co_await ok(world_.database().transact(caller, media::insert_video, std::move(row)));
    co_await ok(world_.database().transact(caller, ai::put_transcript, transcript));

    std::vector<search::Chunk> chunks;
    std::vector<std::string> texts;
    for (auto& passage : search::passages_of(transcript.segments)) {
      chunks.push_back({world_.random.id<ChunkId>(world_.clock), passage.start, passage.end, passage.text});
      texts.push_back(std::move(passage.text));
    }
    co_await ok(world_.database().transact(caller, search::put_chunks, video_, transcript.language, chunks));
    auto made = co_await ok(embedder_->embed(EmbeddingRole::passage, std::move(texts)));
    std::vector<search::ChunkVector> vectors;
    for (std::size_t at = 0; at < chunks.size(); ++at) vectors.push_back({chunks[at].id, std::move(made[at])});
    co_await ok(world_.database().transact(caller, search::put_vectors, embedder_->model(), std::move(vectors)));
    auto video = co_await ok(world_.database().read(caller, media::get_video, video_));
    co_return co_await search::index_video(world_.database(), *index_, embedder_->model(), caller, std::move(video));
  }

  ai::Transcript transcript_of(Heard heard) {
    ai::Transcript transcript{.id = world_.random.id<TranscriptId>(world_.clock),
                              .video = video_,
                              .language = std::move(heard.language),
                              .text = {},
                              .model_info = {std::move(heard.model)}};
    for (auto& segment : heard.segments) {
      ai::Segment made{
          world_.random.id<SegmentId>(world_.clock), segment.words.front().start, segment.words.back().end, {}, {}};
      for (const auto& word : segment.words) made.text += (made.text.empty() ? "" : " ") + word.text;
      transcript.text += (transcript.text.empty() ? "" : " ") + made.text;
      transcript.duration = made.end;
      made.words = std::move(segment.words);
      transcript.segments.push_back(std::move(made));
    }
    return transcript;
  }

  std::unique_ptr<ServedLanguageModel> opened_writer() {
    if (service_) return open_remote_language_model(*service_);
    return open_local_language_model(
        {.program = KINORA_LLAMA_SERVER_DEFAULT, .model = weights_, .folder = world_.folder.path() / "writer"}, launcher_,
        world_.log);
  }

  std::filesystem::path weights_;
  std::optional<RemoteModelSettings> service_;
  World world_{{jobs::migrations(), media::migrations(), ai::migrations(), search::migrations(), chat::migrations()}};
  Pool pool_{"test", 2, 64};
  Launcher launcher_{LauncherSettings{.jail = KINORA_PROGRAM}};
  EmbedderSettings embedder(std::string_view model) {
    return {.program = KINORA_LLAMA_SERVER_DEFAULT,
            .model = std::filesystem::path(KINORA_MODELS) / model,
            .folder = world_.folder.path() / "run"};
  }
  static constexpr std::string_view of_many_languages = "multilingual-e5-small-q4_0.gguf";
  std::unique_ptr<ServedEmbedder> embedder_ = open_embedder(embedder(of_many_languages), launcher_, pool_, world_.log);
  std::unique_ptr<ServedWordEmbedder> reader_ =
      open_word_embedder(embedder(of_many_languages), multilingual_e5, launcher_, pool_, world_.log);
  std::unique_ptr<ServedWordEmbedder> english_reader_ =
      open_word_embedder(embedder("all-minilm-l6-v2-q8_0.gguf"), english_minilm, launcher_, pool_, world_.log);
  std::unique_ptr<ServedLanguageModel> writer_ = opened_writer();
  std::unique_ptr<BlobStore> blobs_ =
      open_blob_store({(world_.folder.path() / "blobs").string(), 0}, pool_, world_.random).value();
  std::unique_ptr<SearchIndex> index_ = open_embedded_search_index(world_.folder.path() / "search", pool_, world_.log).value();
  jobs::Queue queue_{{}, world_.database(), world_.clock, world_.random, world_.log};
  jobs::EventLog events_{queue_, world_.database(), world_.clock, world_.random, world_.log};
  media::Media media_{{"secret"}, world_.database(), *blobs_, events_, world_.clock, world_.random};
  ai::Ai ai_{world_.database(), queue_, events_, world_.clock, world_.random};
  search::Search search_{media_, *index_, *embedder_, {*reader_, *english_reader_}, world_.database()};
  chat::Chats chats_{media_, ai_, search_, *writer_, world_.database(), events_, world_.clock, world_.random};
  UserId owner_{world_.random.id<UserId>(world_.clock)};
  VideoId video_{world_.random.id<VideoId>(world_.clock)};
};

}  // namespace kinora::testing
