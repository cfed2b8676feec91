#include "modules/pipeline/pipeline.hpp"

#include "adapters/blob_store/open.hpp"
#include "base/json.hpp"
#include "jobs/store.hpp"
#include "modules/ai/ai.hpp"
#include "modules/ai/store.hpp"
#include "modules/media/store.hpp"
#include "modules/pipeline/store.hpp"
#include "tests/jobs/works.hpp"

/// The life of a video in a real database: its stages are jobs of a real queue, and their work is a note that they ran.
namespace kinora {
namespace {

using jobs::Context;
using jobs::Outcome;
using pipeline::MadeWith;
using pipeline::Pipeline;
using pipeline::StageState;
using testing::Background;
using testing::kind_of;
using testing::World;
using Names = std::vector<std::string>;
using namespace std::chrono_literals;

/// What stages do here: run, or fail as they were told.
class Workshop {
 public:
  explicit Workshop(World& world) : world_(world) {}

  void break_down(std::string stage) {
    broken_.with([&](auto& all) { all.push_back(std::move(stage)); });
  }
  void mend() {
    broken_.with([](auto& all) { all.clear(); });
  }
  /// Sorted; from now on none has run.
  Names take_runs() {
    auto runs = runs_.with([](auto& all) { return std::exchange(all, {}); });
    std::ranges::sort(runs);
    return runs;
  }
  Event go_on;                           ///< outlives whoever waits for it
  Event go_further;                      ///< the same
  Event* hold = nullptr;                 ///< each stage waits for it
  std::map<std::string, Event*> held{};  ///< or only these

  std::vector<jobs::WorkerKind> workers() {
    std::vector<jobs::WorkerKind> kinds;
    for (const auto& stage : pipeline::stages()) {
      auto work = [this, name = std::string(stage.name)](Context context) { return run(this, name, std::move(context)); };
      kinds.push_back({std::string(stage.job_kind), jobs::Lane::light, 60s, std::move(work)});
    }
    return kinds;
  }

 private:
  static Task<Outcome> run(Workshop* self, std::string stage, Context context) {
    self->runs_.with([&](auto& all) { all.push_back(stage); });
    if (auto* event = self->hold_on(stage); event != nullptr) {
      const auto let_go = co_await event->wait();
      if (!let_go) co_return jobs::outcome_of(let_go.error());
    }
    const bool broken = self->broken_.with([&](const auto& all) { return std::ranges::find(all, stage) != all.end(); });
    if (broken) co_return jobs::Fail{{ErrorKind::invalid, stage + " broke down"}};
    co_return self->finished(stage, VideoId{context.job().subject.id});
  }
  Event* hold_on(const std::string& stage) const {
    const auto found = held.find(stage);
    return found != held.end() ? found->second : hold;
  }
  Outcome finished(const std::string& stage, VideoId video) {
    if (stage == "probe") {
      const MediaInfo info{.container = "mov", .duration = Seconds(5), .video = VideoTrack{}, .audio = AudioTrack{}};
      return jobs::with_result(jobs::done(media::store_probe, video, info), R"({"output":)" + to_json(info) + "}");
    }
    if (stage != "transcribe") return jobs::done();
    ai::Transcript heard;
    heard.id = world_.random.id<TranscriptId>(world_.clock);
    heard.video = video;
    heard.language = "en";
    heard.segments.push_back({world_.random.id<SegmentId>(world_.clock), Seconds(0), Seconds(1), "hello"});
    return jobs::done(ai::put_transcript, std::move(heard));
  }

  World& world_;
  Guarded<Names> broken_;
  Guarded<Names> runs_;
};

/// One process from start to stop, with the models of its day.
class Process {
 public:
  Process(World& world, Workshop& workshop, MadeWith made_with)
      : queue({.worker = "one",
               .scratch = world.folder.path() / "scratch",
               .slots = {{jobs::Lane::light, 2}},
               .beat = 1h,
               .poll = 5ms},
              world.database(), world.clock, world.random, world.log),
        events(queue, world.database(), world.clock, world.random, world.log),
        pipeline(world.database(), queue, events, std::move(made_with)) {
    queue.add_workers(workshop.workers());
    queue.set_observer(pipeline);
    background_.start();
  }

  jobs::Queue queue;
  jobs::EventLog events;
  Pipeline pipeline;

 private:
  Background background_{[this] { return queue.run(); }};
};

Task<Result<JobId>> accept(Transaction tx, media::NewVideoRow row, Pipeline* pipeline) {
  co_await ok(media::insert_video(tx, row));
  const auto root = co_await ok(pipeline->start(tx, row.id, row.owner));
  co_await ok(media::set_root_job(tx, row.id, root));
  co_return root;
}
Task<Result<void>> forget_stage(Transaction tx, VideoId video, std::string stage) {
  co_await ok(tx.change(Sql{"DELETE FROM video_stages WHERE video_id = $1 AND stage = $2"}, video, stage));
  co_return {};
}
Task<Result<void>> correct(Transaction tx, Pipeline* pipeline, VideoId video, UserId owner) {
  return pipeline->on_corrected(tx, video, owner);
}
Task<Result<std::int64_t>> count_queued(Transaction tx) {
  return tx.one<std::int64_t>(Sql{"SELECT COUNT(*) FROM jobs WHERE state = 'queued'"});
}

class PipelineLife : public ::testing::Test {
 protected:
  void start(MadeWith made_with = {}) {
    media_.reset();
    process.reset();
    process = std::make_unique<Process>(world, workshop, std::move(made_with));
  }
  /// A new video, and its root job.
  JobId arrive() {
    video = world.random.id<VideoId>(world.clock);
    const media::NewVideoRow row{video, owner, "key-of-" + video.canonical(), "5ca1ab1e", 1000, {.title = "A talk"}};
    return world.write(accept, row, &process->pipeline).value();
  }
  Result<JobId> reprocess(Names stages = {}) {
    return testing::run(process->pipeline.reprocess(Caller::system("test"), owned(), std::move(stages)));
  }
  media::OwnedVideo owned() { return testing::run(media().owned(Caller::system("test"), video)).value(); }
  bool becomes(std::string_view stage, StageState state) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < deadline)
      if (row(stage).state == state) return true;
    return false;
  }
  jobs::Job ended(JobId root) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    auto job = world.read(jobs::find_job, root).value().value();
    while (jobs::is_live(job.state) && std::chrono::steady_clock::now() < deadline)
      job = world.read(jobs::find_job, root).value().value();
    return job;
  }
  jobs::Job made_again(Names stages = {}) { return ended(reprocess(std::move(stages)).value()); }
  pipeline::StageRow row(std::string_view stage) {
    const auto rows = world.read(pipeline::stage_rows, video).value();
    return *std::ranges::find(rows, stage, &pipeline::StageRow::stage);
  }
  media::Status status() { return world.read(media::get_video, video).value().status; }
  bool runs_reach(std::size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    Names all;
    while (all.size() < count && std::chrono::steady_clock::now() < deadline)
      for (auto& each : workshop.take_runs()) all.push_back(std::move(each));
    return all.size() == count;
  }

  World world{{jobs::migrations(), media::migrations(), ai::migrations(), pipeline::migrations()}};
  UserId owner = world.random.id<UserId>(world.clock);
  Workshop workshop{world};
  VideoId video{};
  std::unique_ptr<Process> process;

 private:
  media::Media& media() {
    if (!media_) {
      blobs_ = open_blob_store({(world.folder.path() / "blobs").string(), 0}, files_, world.random).value();
      media_ = std::make_unique<media::Media>(media::Settings{"secret"}, world.database(), *blobs_, process->events,
                                              world.clock, world.random);
    }
    return *media_;
  }
  struct Joined : Pool {
    Joined() : Pool("files", 1, 8) {}
    ~Joined() { join(); }
  } files_;
  std::unique_ptr<BlobStore> blobs_;
  std::unique_ptr<media::Media> media_;
};

const Names every_stage = [] {
  Names names;
  for (const auto& stage : pipeline::stages()) names.emplace_back(stage.name);
  std::ranges::sort(names);
  return names;
}();

TEST_F(PipelineLife, RunsEachStageOnceAndKeepsFromWhatItWasMade) {
  start();

  EXPECT_EQ(ended(arrive()).state, jobs::State::succeeded);

  EXPECT_EQ(workshop.take_runs(), every_stage);
  EXPECT_EQ(status(), media::Status::ready);
  for (const auto& stage : pipeline::stages()) {
    EXPECT_EQ(row(stage.name).input_hash.value_or("").size(), 64U) << stage.name;
    EXPECT_EQ(row(stage.name).output_hash.value_or("").size(), 64U) << stage.name;
  }
}

TEST_F(PipelineLife, MakesNothingAgainThatIsAsItWouldBeMade) {
  start();
  ended(arrive());
  workshop.take_runs();

  EXPECT_EQ(made_again().state, jobs::State::succeeded);

  EXPECT_EQ(workshop.take_runs(), Names{});
  EXPECT_EQ(status(), media::Status::ready);
}

TEST_F(PipelineLife, MakesGoodWhatFailedAndWhatWasMadeWithoutIt) {
  workshop.break_down("embed");
  start();
  ended(arrive());
  workshop.mend();
  workshop.take_runs();
  ASSERT_EQ(row("embed").state, StageState::failed);

  made_again();

  EXPECT_EQ(workshop.take_runs(), (Names{"embed", "index"})) << "the index was put together without vectors";
  EXPECT_EQ(row("embed").state, StageState::done);
}

TEST_F(PipelineLife, GoesOnBehindAStageThatFailedTheVideo) {
  workshop.break_down("first_rung");
  start();
  EXPECT_EQ(ended(arrive()).state, jobs::State::failed);
  EXPECT_EQ(status(), media::Status::failed);
  workshop.mend();
  const auto before = workshop.take_runs();

  EXPECT_EQ(made_again().state, jobs::State::succeeded);

  EXPECT_EQ(status(), media::Status::ready);
  auto all = workshop.take_runs();
  EXPECT_EQ(std::ranges::count(all, "probe"), 0) << "it was done";
  EXPECT_EQ(std::ranges::count(all, "first_rung"), 1);
  EXPECT_EQ(row("index").state, StageState::done);
}

TEST_F(PipelineLife, MakesAgainWhatAnotherModelWouldMakeOtherwise) {
  start({{"transcribe", "whisper base"}});
  ended(arrive());
  workshop.take_runs();

  start({{"transcribe", "whisper small"}});
  made_again();

  EXPECT_EQ(workshop.take_runs(), (Names{"captions", "chapters", "chunk", "embed", "index", "summary", "transcribe"}));
}

TEST_F(PipelineLife, StopsWhereANewRunFoundTheSame) {
  start({{"probe", "old"}});
  ended(arrive());
  workshop.take_runs();

  start({{"probe", "new"}});
  EXPECT_EQ(made_again().state, jobs::State::succeeded);

  EXPECT_EQ(workshop.take_runs(), Names{"probe"}) << "what it found did not change";
  EXPECT_EQ(row("index").state, StageState::done);
}

TEST_F(PipelineLife, MakesAgainWhatIsWantedAndWhatStandsOnIt) {
  start();
  ended(arrive());
  workshop.take_runs();

  made_again({"audio"});
  EXPECT_EQ(workshop.take_runs(), (Names{"audio", "captions", "chapters", "chunk", "embed", "index", "summary", "transcribe"}));

  made_again({"poster"});
  EXPECT_EQ(workshop.take_runs(), Names{"poster"});
}

TEST_F(PipelineLife, MakesAgainWhatStandsOnWordsThatAPersonCorrected) {
  start();
  ended(arrive());
  workshop.take_runs();

  ASSERT_TRUE(world.write(correct, &process->pipeline, video, owner));

  for (const auto* stage : {"captions", "summary", "index"}) EXPECT_TRUE(becomes(stage, StageState::done)) << stage;
  EXPECT_EQ(workshop.take_runs(), (Names{"captions", "chapters", "chunk", "embed", "index", "summary"}));
}

TEST_F(PipelineLife, RefusesCorrectionsOfWhatIsStillBeingProcessed) {
  workshop.hold = &workshop.go_on;
  start();
  const auto root = arrive();

  EXPECT_EQ(kind_of(world.write(correct, &process->pipeline, video, owner)), ErrorKind::conflict);
  workshop.go_on.set();
  ended(root);
}

TEST_F(PipelineLife, RunsAStageThatTheListHasOnlyNow) {
  start();
  ended(arrive());
  workshop.take_runs();
  ASSERT_TRUE(world.write(forget_stage, video, std::string("poster")));

  made_again();

  EXPECT_EQ(workshop.take_runs(), Names{"poster"});
  EXPECT_EQ(row("poster").state, StageState::done);
}

TEST_F(PipelineLife, RefusesToReprocessWhatIsStillBeingProcessed) {
  workshop.hold = &workshop.go_on;
  start();
  const auto root = arrive();

  EXPECT_EQ(kind_of(reprocess()), ErrorKind::conflict);

  workshop.go_on.set();
  EXPECT_EQ(ended(root).state, jobs::State::succeeded);
  EXPECT_TRUE(reprocess());
}

TEST_F(PipelineLife, EndsAlthoughASummaryIsBeingMadeForSomebodyWhoAsked) {
  workshop.held = {{"chapters", &workshop.go_on}, {"summary", &workshop.go_further}};
  start();
  const auto root = arrive();
  ASSERT_TRUE(becomes("chapters", StageState::queued));
  ai::Ai ai(world.database(), process->queue, process->events, world.clock, world.random);
  const auto asked = testing::run(ai.summarise(Caller::system("test"), owned(), {}));
  ASSERT_TRUE(asked);

  workshop.go_on.set();
  ASSERT_TRUE(becomes("summary", StageState::queued));
  workshop.go_further.set();

  EXPECT_EQ(ended(root).state, jobs::State::succeeded);
  EXPECT_EQ(row("summary").state, StageState::done);
}

TEST_F(PipelineLife, RefusesAStageThatThereIsNot) {
  start();
  ended(arrive());

  const auto refused = reprocess({"poster", "polish"});

  ASSERT_EQ(kind_of(refused), ErrorKind::invalid);
  EXPECT_EQ(refused.error().fields.front().pointer, "/body/stages");
  EXPECT_NE(refused.error().message.find("polish"), std::string::npos);
}

TEST_F(PipelineLife, GoesBackInItsStatusOnlyWhileItIsReprocessed) {
  start();
  ended(arrive());
  workshop.take_runs();
  workshop.hold = &workshop.go_on;

  const auto root = reprocess({"chunk"}).value();
  ASSERT_TRUE(runs_reach(1));
  EXPECT_EQ(status(), media::Status::indexing);
  workshop.go_on.set();
  ended(root);

  EXPECT_EQ(status(), media::Status::ready);
  EXPECT_EQ(world.read(media::get_video, video).value().root_job, root);
}

TEST_F(PipelineLife, EndsWholeWhenItsRootJobIsCancelled) {
  workshop.hold = &workshop.go_on;
  start();
  const auto root = arrive();
  ASSERT_TRUE(runs_reach(1));

  const auto cancelled = testing::run(process->queue.cancel(Caller::system("test"), root));

  ASSERT_TRUE(cancelled);
  EXPECT_EQ(cancelled->state, jobs::State::cancelled);
  EXPECT_EQ(row("probe").state, StageState::cancelled);
  EXPECT_EQ(row("index").state, StageState::cancelled);
  EXPECT_EQ(status(), media::Status::failed);
  EXPECT_EQ(world.read(count_queued).value(), 0);
  workshop.go_on.set();
  EXPECT_EQ(made_again().state, jobs::State::succeeded);
  EXPECT_EQ(status(), media::Status::ready);
}

TEST_F(PipelineLife, GoesOnWithoutAStageThatWasCancelledAlone) {
  workshop.hold = &workshop.go_on;
  start();
  const auto root = arrive();
  ASSERT_TRUE(runs_reach(1));

  ASSERT_TRUE(testing::run(process->queue.cancel(Caller::system("test"), *row("probe").job)));

  EXPECT_EQ(ended(root).state, jobs::State::failed) << "nothing can be made without probe";
  EXPECT_EQ(row("first_rung").state, StageState::skipped);
}

TEST_F(PipelineLife, ReopensTheVideoWhenAStagesJobIsRetried) {
  workshop.break_down("transcribe");
  start();
  const auto first = arrive();
  ended(first);
  workshop.mend();
  workshop.take_runs();

  const auto again = testing::run(process->queue.retry(Caller::system("test"), *row("transcribe").job));

  ASSERT_TRUE(again) << again.error().message;
  EXPECT_NE(again->id, first);
  EXPECT_EQ(ended(again->id).state, jobs::State::succeeded);
  EXPECT_EQ(workshop.take_runs(), (Names{"captions", "chapters", "chunk", "embed", "index", "summary", "transcribe"}));
}

}  // namespace
}  // namespace kinora
