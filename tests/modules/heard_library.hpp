#pragma once

#include <sqlite3.h>

#include <map>

#include "adapters/language_model/open.hpp"
#include "adapters/language_model/tests/scripted_provider.hpp"
#include "adapters/search_index/open.hpp"
#include "modules/ai/jobs/outline.hpp"
#include "modules/ai/store.hpp"
#include "modules/chat/chat.hpp"
#include "modules/media/store.hpp"
#include "modules/search/chunks.hpp"
#include "modules/search/jobs/workers.hpp"
#include "modules/search/store.hpp"
#include "tests/modules/media_library.hpp"
#include "tests/modules/talk.hpp"

namespace kinora::testing {

/// None of the models that make search better: it finds by words.
class NoVectors final : public Embedder, public WordEmbedder {
 public:
  std::string model() const override { return {}; }
  std::size_t dimension() const override { return 0; }
  Task<Result<std::vector<Vector>>> embed(EmbeddingRole, std::vector<std::string>) override {
    co_return fail(ErrorKind::unavailable, "no vectors");
  }
  Task<Result<std::vector<WordVectors>>> embed_words(std::vector<std::string>) override {
    co_return fail(ErrorKind::unavailable, "no vectors");
  }
  Task<void> wake() override { co_return; }
};

/// Hears nothing: what is said in these videos was heard before.
class Deaf final : public Transcriber {
 public:
  Task<Result<Transcription>> transcribe(std::filesystem::path, std::string, std::filesystem::path, ProgressSink) override {
    co_return fail(ErrorKind::unavailable, "deaf");
  }
  std::string model() const override { return {}; }
};

/// A service in front of which nobody waits longer than told.
class ImpatientModel final : public LanguageModel {
 public:
  explicit ImpatientModel(const ScriptedProvider& provider)
      : model_(open_remote_language_model({.url = provider.url(), .model = "scripted"})) {}
  void wait_for(std::chrono::milliseconds limit) { limit_ = limit; }

  ModelPlace place() const override { return model_->place(); }
  std::string model() const override { return model_->model(); }
  std::size_t context_tokens() const override { return model_->context_tokens(); }
  Task<Result<std::string>> reply(Prompt prompt) override {
    prompt.limit = limit_;
    return model_->reply(std::move(prompt));
  }

 private:
  std::unique_ptr<ServedLanguageModel> model_;
  std::chrono::milliseconds limit_ = 20s;
};

/// Ana's videos, heard before, with chats, summaries and chapters by a scripted model. All else is real.
class HeardLibrary : public MediaLibrary {
 protected:
  explicit HeardLibrary(ScriptedProvider::Script script) : provider_(std::move(script)) {
    for (auto migrations : {ai::migrations(), search::migrations(), chat::migrations()})
      EXPECT_TRUE(run(world_.database().migrate(std::move(migrations))));
  }

  /// A video of hers, or somebody's, in which this is said.
  VideoId hear(const Talk& talk, UserId owner) {
    const auto id = world_.random.id<VideoId>(world_.clock);
    media::NewVideoRow row{id, owner, id.text() + "/source.mp4", "", 1, {.title = "Garden", .language = "en"}};
    EXPECT_TRUE(world_.write(media::insert_video, std::move(row)));
    auto transcript = talk.transcript();
    transcript.id = world_.random.id<TranscriptId>(world_.clock);
    transcript.video = id;
    for (auto& segment : transcript.segments) segment.id = world_.random.id<SegmentId>(world_.clock);
    EXPECT_TRUE(world_.write(ai::put_transcript, transcript));
    std::vector<search::Chunk> chunks;
    for (auto& passage : search::passages_of(transcript.segments))
      chunks.push_back({world_.random.id<ChunkId>(world_.clock), passage.start, passage.end, std::move(passage.text)});
    EXPECT_TRUE(world_.write(search::put_chunks, id, std::string("en"), std::move(chunks)));
    index(id);
    return id;
  }
  VideoId hear(const Talk& talk) { return hear(talk, ana_.user); }

  void change(VideoId id, const std::function<void(media::Video&)>& change) {
    auto video = world_.read(media::get_video, id).value();
    change(video);
    EXPECT_TRUE(world_.write(media::update_video, std::move(video)));
  }
  ai::Transcript transcript_of(VideoId id) { return world_.read(ai::find_transcript, id).value().value(); }

  chat::Chat open_chat(std::string title, std::vector<VideoId> videos) {
    const bool all = videos.empty();
    return run(chats_.open(ana_, std::move(title), {std::move(videos), all})).value();
  }
  Result<chat::Message> ask(const chat::Chat& chat, std::string question) {
    auto exchange = run(chats_.ask(ana_, chat.id, {std::move(question)}));
    if (!exchange) return std::unexpected(exchange.error());
    return exchange->reply;
  }

  /// Works the job of a stage of this video, and writes what it comes to. Yields what the job tells.
  template <class Worker, class Args>
  std::string work(Args args) {
    Worker worker({media_, ai_, deaf_, model_, events_, world_.clock, world_.random});
    auto attempt = this->attempt();
    attempt->job.subject = {"video", args.video.uuid};
    const auto outcome = run(worker.work(jobs::Context(attempt, world_.database()), args));
    const auto* done = std::get_if<jobs::Done>(&outcome);
    if (done == nullptr) return "not done";
    EXPECT_TRUE(world_.write(&HeardLibrary::finish, done->finish));
    return done->result;
  }

  /// Every row of every table that is not a chat's, nor tells of its messages, as text.
  std::map<std::string, std::string> rows_beside_chats() {
    std::map<std::string, std::string> rows;
    for (const auto& table : lines_of("SELECT name FROM sqlite_master WHERE type = 'table'"))
      if (!table.contains("chat") && !table.contains("citations")) {
        auto& all = rows[table];
        for (const auto& row : lines_of("SELECT * FROM \"" + table.substr(0, table.find('|')) + "\""))
          if (!row.contains("|chat.message|")) all += row + '\n';
      }
    return rows;
  }

  ScriptedProvider provider_;
  ImpatientModel model_{provider_};
  NoVectors vectors_;
  Deaf deaf_;
  std::unique_ptr<SearchIndex> index_ = open_embedded_search_index(world_.folder.path() / "search", files_, world_.log).value();
  ai::Ai ai_{world_.database(), queue_, events_, world_.clock, world_.random};
  search::Search search_{media_, *index_, vectors_, {vectors_, vectors_}, world_.database()};
  chat::Chats chats_{media_, ai_, search_, model_, world_.database(), events_, world_.clock, world_.random};

 private:
  static Task<Result<void>> finish(Transaction tx, std::shared_ptr<jobs::Finish> finish) { return finish->write(tx); }

  void index(VideoId id) {
    auto video = world_.read(media::get_video, id).value();
    const auto indexed = run(search::index_video(world_.database(), *index_, {}, Caller::system("test"), std::move(video)));
    EXPECT_TRUE(indexed) << indexed.error().message;
  }

  static int keep_line(void* lines, int count, char** values, char**) {
    auto& line = static_cast<std::vector<std::string>*>(lines)->emplace_back();
    for (int at = 0; at < count; ++at) line += (values[at] != nullptr ? values[at] : "null") + std::string("|");
    return 0;
  }
  std::vector<std::string> lines_of(const std::string& statement) {
    std::vector<std::string> lines;
    sqlite3* database = nullptr;
    const auto file = (world_.folder.path() / "kinora.db").string();
    EXPECT_EQ(sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, statement.c_str(), keep_line, &lines, nullptr), SQLITE_OK) << statement;
    sqlite3_close(database);
    return lines;
  }
};

}  // namespace kinora::testing
