#include "adapters/database/tests/faulty_disk.hpp"

#include <cstdlib>

#include "jobs/event_store.hpp"
#include "jobs/held.hpp"
#include "modules/media/store.hpp"
#include "tests/disk/disk_world.hpp"

/// The transactions that matter most, on a disk that fails at each of their writes in turn, as SQLite tests itself.
namespace kinora {
namespace {

using testing::FaultyDisk;
using testing::run;
using testing::Start;
using testing::Unsynced;
using namespace std::chrono_literals;

constexpr auto password = "correct horse";

/// What there is before the disk fails.
struct Before {
  Caller ana{};
  std::string refresh_token{};
  VideoId video{};
  jobs::Job probe{};  ///< claimed
};
/// Whether what was told is there after the next start.
using Told = std::function<bool(Start&)>;

Result<media::Accepted> accept_a_source(Start& start, const Caller& ana) {
  auto intake = run(start.media.receive(ana));
  if (!intake) return std::unexpected(intake.error());
  if (auto written = run(intake->writer->append(bytes_of("a video"))); !written) return std::unexpected(written.error());
  return run(start.media.accept(ana, *std::move(intake), "a.mp4", {}));
}

Result<std::optional<jobs::Job>> claim(Start& start) {
  return start.write(jobs::claim_job, jobs::Claim{jobs::Lane::light, "one", 5s});
}

Task<Result<void>> end_stage(Transaction tx, jobs::Job job, pipeline::Pipeline* pipeline) {
  const auto done =
      jobs::done(media::store_probe, VideoId{job.subject.id}, MediaInfo{.container = "mov", .video = VideoTrack{}});
  co_await ok(jobs::end_held(tx, job.id, job.fence, {.state = jobs::State::succeeded, .result = "{}"},
                             std::get<jobs::Done>(done).finish));
  job.state = jobs::State::succeeded;
  job.result = "{}";
  co_return co_await pipeline->on_finished(tx, std::move(job));
}

Task<Result<std::string>> integrity(Transaction tx) { return tx.one<std::string>(Sql{"PRAGMA integrity_check"}); }

struct Act {
  const char* name;
  Result<Told> (*run)(Start&, const Before&);
};
void PrintTo(const Act& act, std::ostream* out) { *out << act.name; }

Result<Told> submit(Start& start, const Before& before) {
  const auto accepted = accept_a_source(start, before.ana);
  if (!accepted) return std::unexpected(accepted.error());
  return [=](Start& next) {
    return run(next.media.owned(before.ana, accepted->video.id)) &&
           run(next.queue.find(before.ana, accepted->root_job)).value();
  };
}
Result<Told> begin_in_pieces(Start& start, const Before& before) {
  const auto begun = run(start.uploads.open(before.ana, {.length = 10, .filename = "a.mp4"}));
  if (!begun) return std::unexpected(begun.error());
  return [=](Start& next) { return run(next.uploads.find(before.ana, begun->upload.id)).has_value(); };
}
Result<Told> claim_a_job(Start& start, const Before&) {
  const auto claimed = claim(start);
  if (!claimed) return std::unexpected(claimed.error());
  return [job = **claimed](Start& next) { return next.write(jobs::hold_lease, job.id, job.fence).has_value(); };
}
Result<Told> renew_a_lease(Start& start, const Before& before) {
  const std::vector<jobs::Beat> beats{{before.probe.id, before.probe.fence, 0.25}};
  const auto renewed = start.write(jobs::renew_leases, beats, 1h);
  if (!renewed) return std::unexpected(renewed.error());
  return [=](Start& next) { return next.read(jobs::find_job, before.probe.id).value()->progress == 0.25; };
}
Result<Told> end_a_stage(Start& start, const Before& before) {
  const auto ended = start.write(end_stage, before.probe, &start.pipeline);
  if (!ended) return std::unexpected(ended.error());
  return [=](Start& next) { return next.read(jobs::find_job, before.probe.id).value()->state == jobs::State::succeeded; };
}
Result<Told> cancel_a_job(Start& start, const Before& before) {
  const auto cancelled = run(start.queue.cancel(before.ana, before.probe.id));
  if (!cancelled) return std::unexpected(cancelled.error());
  return [=](Start& next) { return next.read(jobs::find_job, before.probe.id).value()->state == jobs::State::cancelled; };
}
Result<Told> name_a_video(Start& start, const Before& before) {
  const auto video = run(start.media.owned(before.ana, before.video));
  if (!video) return std::unexpected(video.error());
  const auto named = run(start.media.change(before.ana, *video, {.title = "named"}));
  if (!named) return std::unexpected(named.error());
  return [=](Start& next) { return run(next.media.owned(before.ana, before.video))->video().title == "named"; };
}
Result<Told> delete_a_video(Start& start, const Before& before) {
  const auto video = run(start.media.owned(before.ana, before.video));
  if (!video) return std::unexpected(video.error());
  const auto removed = run(start.media.remove(before.ana, *video));
  if (!removed) return std::unexpected(removed.error());
  return [=](Start& next) { return !run(next.media.find(before.ana, before.video)); };
}
Result<Told> purge_a_video(Start& start, const Before& before) {
  const auto purged = run(start.media.purge(before.ana, before.video));
  if (!purged) return std::unexpected(purged.error());
  return [=](Start& next) { return !run(next.media.owned(Caller::system("test"), before.video)); };
}
Result<Told> relay_events(Start& start, const Before&) {
  const auto moved = start.write(jobs::move_to_log, std::int64_t{100});
  if (!moved) return std::unexpected(moved.error());
  return [](Start& next) { return next.write(jobs::move_to_log, std::int64_t{100})->empty(); };
}
Result<Told> sign_in(Start& start, const Before&) {
  const auto signed_in = run(start.accounts.log_in(Caller{}, "ana@example.test", password, {}));
  if (!signed_in) return std::unexpected(signed_in.error());
  return [=](Start& next) { return run(next.accounts.authenticate(Caller{}, signed_in->access_token)).has_value(); };
}
Result<Told> refresh_a_session(Start& start, const Before& before) {
  const auto refreshed = run(start.accounts.refresh(Caller{}, before.refresh_token));
  if (!refreshed) return std::unexpected(refreshed.error());
  return [=](Start& next) { return run(next.accounts.refresh(Caller{}, refreshed->refresh_token)).has_value(); };
}

constexpr Act acts[] = {
    {"ASourceIsSubmitted", submit},    {"AnUploadInPiecesBegins", begin_in_pieces},
    {"AJobIsClaimed", claim_a_job},    {"ALeaseIsRenewed", renew_a_lease},
    {"AStageEnds", end_a_stage},       {"AJobIsCancelled", cancel_a_job},
    {"AVideoIsNamed", name_a_video},   {"AVideoIsDeleted", delete_a_video},
    {"AVideoIsPurged", purge_a_video}, {"EventsAreRelayed", relay_events},
    {"SomebodySignsIn", sign_in},      {"ASessionIsRefreshed", refresh_a_session},
};

struct Fault {
  const char* name;
  void (*arm)(FaultyDisk&, int nth);
  std::optional<Unsynced> cut{};  ///< the power: what is left
};
constexpr Fault faults[] = {
    {"an I/O error", [](FaultyDisk& disk, int nth) { disk.fail_changes(nth, 1, SQLITE_IOERR_WRITE); }},
    {"a full disk", [](FaultyDisk& disk, int nth) { disk.fail_changes(nth, FaultyDisk::for_ever, SQLITE_FULL); }},
    {"a torn write", [](FaultyDisk& disk, int nth) { disk.tear_change(nth); }},
    {"a power cut that loses", [](FaultyDisk& disk, int nth) { disk.cut_power(nth); }, Unsynced::lost},
    {"a power cut that loses half", [](FaultyDisk& disk, int nth) { disk.cut_power(nth); }, Unsynced::half},
    {"a power cut", [](FaultyDisk& disk, int nth) { disk.cut_power(nth); }, Unsynced::kept},
    {"a failed sync", [](FaultyDisk& disk, int nth) { disk.fail_sync(nth); }},
};

/// Each of them in a soak; else the first ones each, and then ever fewer.
int next(int nth) {
  static const bool each = std::getenv("KINORA_SOAK") != nullptr;
  return each ? nth + 1 : nth + 1 + nth / 2;
}

class FailingDisk : public ::testing::TestWithParam<Act> {
 protected:
  void start() { start_ = std::make_unique<Start>(folder_.path(), clock_, random_, log_); }
  void start_again(std::optional<Unsynced> cut) {
    start_.reset();
    if (cut) disk_.lose_unsynced(*cut);
    disk_.heal();
    start();
  }
  void migrate() {
    std::vector<Migration> steps;
    for (auto owner : {jobs::migrations(), accounts::migrations(), media::migrations(), pipeline::migrations()})
      std::ranges::move(owner, std::back_inserter(steps));
    ASSERT_TRUE(run(start_->database->migrate(std::move(steps))));
    ASSERT_TRUE(run(start_->accounts.sign_up(Caller{}, {"ana@example.test", password, "Ana"}, {})));
  }
  Before prepare() {
    Before before;
    const auto signed_in = run(start_->accounts.log_in(Caller{}, "ana@example.test", password, {})).value();
    before.ana = run(start_->accounts.authenticate(Caller{}, signed_in.access_token)).value();
    before.refresh_token = signed_in.refresh_token;
    before.video = accept_a_source(*start_, before.ana).value().video.id;
    before.probe = *claim(*start_).value();
    accept_a_source(*start_, before.ana).value();  // whose probe waits
    return before;
  }
  void expect_whole() {
    EXPECT_EQ(start_->read(integrity).value(), "ok");
    for (const auto& flaws :
         {run(jobs::audit(*start_->database, {}, folder_.path() / "scratch")),
          run(media::audit(*start_->database, *start_->blobs, media::Depth::sizes)), run(pipeline::audit(*start_->database))})
      for (const auto& flaw : flaws.value()) EXPECT_EQ(flaw.weight, Flaw::Weight::passing) << flaw.what;
  }
  /// Yields whether the act came to the nth change at all.
  bool pass(const Fault& fault, int nth) {
    const auto before = prepare();
    fault.arm(disk_, nth);
    const auto told = GetParam().run(*start_, before);
    const bool failed = disk_.has_failed();
    start_again(fault.cut);

    expect_whole();
    EXPECT_TRUE(told || failed) << "nothing failed, and it said: " << told.error().message;
    if (told) EXPECT_TRUE((*told)(*start_)) << "was told and is not there";
    return failed;
  }

  FaultyDisk disk_;  // before what opens its files through it
  testing::TempFolder folder_;
  testing::ManualClock clock_;
  testing::SeededRandom random_;
  testing::SilentLog log_;
  std::unique_ptr<Start> start_;
};

TEST_P(FailingDisk, LosesNothingThatWasToldAndDamagesNothingWhen) {
  start();
  migrate();
  for (const auto& fault : faults) {
    int nth = 1;
    for (;; nth = next(nth)) {
      SCOPED_TRACE(std::string(fault.name) + " at change " + std::to_string(nth));
      if (!pass(fault, nth) || HasFailure()) break;
    }
    EXPECT_GT(nth, 1) << fault.name << " was never met";
  }
}

INSTANTIATE_TEST_SUITE_P(, FailingDisk, ::testing::ValuesIn(acts), [](const auto& act) { return act.param.name; });

}  // namespace
}  // namespace kinora
