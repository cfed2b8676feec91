#include "app/commands/check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapters/blob_store/open.hpp"
#include "adapters/clock/system_clock.hpp"
#include "adapters/database/open.hpp"
#include "adapters/log/json_lines.hpp"
#include "adapters/random/system_random.hpp"
#include "adapters/search_index/open.hpp"
#include "app/command_line.hpp"
#include "app/data_directory.hpp"
#include "app/handlers.hpp"
#include "app/run_to_end.hpp"
#include "app/tests/folder.hpp"
#include "base/deadline.hpp"
#include "jobs/store.hpp"
#include "modules/accounts/accounts.hpp"
#include "modules/pipeline/pipeline.hpp"
#include "modules/search/search.hpp"

namespace kinora::app {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

std::vector<Migration> all_migrations() {
  std::vector<Migration> steps;
  for (auto owner : {jobs::migrations(), accounts::migrations(), media::migrations(), ai::migrations(), search::migrations(),
                     pipeline::migrations()})
    std::ranges::move(owner, std::back_inserter(steps));
  return steps;
}

/// Every kind of job that is added here; none of them runs.
std::vector<jobs::WorkerKind> idle_workers() {
  std::vector<jobs::WorkerKind> kinds;
  for (const auto* kind : {"media.probe", "search.follow_video"}) kinds.push_back({kind, jobs::Lane::light, 60s, {}});
  return kinds;
}

Task<Result<void>> change(Transaction tx, std::string_view statement) {
  co_await ok(tx.change(Sql{statement}));
  co_return {};
}

/// What a server that took in one video, changed it twice and was stopped leaves behind.
class Library {
 public:
  explicit Library(const Config& config) : config_(config) {
    EXPECT_TRUE(DataDirectory::open(config.data));
    open();
    EXPECT_TRUE(run_to_end(database_->migrate(all_migrations())));
    const auto filled = run_to_end(fill());
    EXPECT_TRUE(filled) << filled.error().message;
    close();
  }

  /// Statements over its rows.
  void change_rows(std::string_view statement) {
    auto database = *open_database(config_.database_url, clock_, *log_);
    const auto changed = run_to_end(database->transact(Caller::system("test"), change, statement));
    EXPECT_TRUE(changed) << changed.error().message;
  }
  /// The one file of its one blob.
  std::filesystem::path blob_file() const {
    for (const auto& each : std::filesystem::recursive_directory_iterator(config_.data / "blobs" / "blobs"))
      if (each.is_regular_file()) return each.path();
    return {};
  }
  void write_blob(std::string_view bytes) const {
    std::filesystem::permissions(blob_file(), std::filesystem::perms::owner_write, std::filesystem::perm_options::add);
    std::ofstream(blob_file(), std::ios::binary | std::ios::trunc) << bytes;
  }
  /// Makes an index without any video.
  void make_index() {
    Pool pool("search", 1, 4);
    EXPECT_TRUE(open_embedded_search_index(config_.data / "search", pool, *log_));
    pool.join();
  }
  const Config& config() const { return config_; }

 private:
  void open() {
    database_ = *open_database(config_.database_url, clock_, *log_);
    blobs_ = *open_blob_store({(config_.data / "blobs").string(), 0}, pool_, *random_);
    queue_ = std::make_unique<jobs::Queue>(jobs::QueueSettings{.worker = "test", .scratch = config_.scratch}, *database_,
                                           clock_, *random_, *log_);
    events_ = std::make_unique<jobs::EventLog>(*queue_, *database_, clock_, *random_, *log_);
    queue_->add_workers(idle_workers());
    events_->add_handlers(all_handlers());
  }
  void close() {
    events_.reset();
    queue_.reset();
    blobs_.reset();
    database_.reset();
    pool_.join();
  }

  Task<Result<void>> fill() {
    media::Media media({.grant_secret = "secret"}, *database_, *blobs_, *events_, clock_, *random_);
    pipeline::Pipeline pipeline(*database_, *queue_, *events_, {});
    media.set_on_accepted(pipeline);
    Caller ana;
    ana.kind = Caller::Kind::person;
    ana.user = random_->id<UserId>(clock_);
    auto intake = co_await ok(media.receive(ana));
    const std::string bytes = "the bytes of a video";
    co_await ok(intake.writer->append(std::as_bytes(std::span(bytes))));
    const auto accepted = co_await ok(media.accept(ana, std::move(intake), "talk.mp4", {}));
    for (const auto* title : {"one", "two"}) {
      auto video = co_await ok(media.owned(ana, accepted.video.id));
      media::VideoChange change{.title = title};
      co_await ok(media.change(ana, std::move(video), std::move(change)));
    }
    co_return co_await relay(3);
  }
  Task<Result<void>> relay(std::int64_t count) {
    TaskGroup group((co_await this_fiber).executor);
    group.spawn(events_->relay());
    jobs::LogEnds ends;
    while (ends.last < count) {
      co_await ok(pause_for(1ms));
      ends = co_await ok(events_->ends(Caller::system("test")));
    }
    group.stop();
    co_await group.join();
    co_return {};
  }

  Config config_;
  SystemClock clock_;
  std::unique_ptr<Log> log_ = *open_log(LogLevel::error, {}, clock_);
  std::unique_ptr<Random> random_ = *open_system_random();
  Pool pool_{"files", 1, 16};
  std::unique_ptr<Database> database_;
  std::unique_ptr<BlobStore> blobs_;
  std::unique_ptr<jobs::Queue> queue_;
  std::unique_ptr<jobs::EventLog> events_;
};

class Check : public ::testing::Test {
 protected:
  /// `later` or `wrong`, the part, and what was found.
  std::vector<std::string> found(media::Depth depth = media::Depth::bytes) {
    const auto parts = examine_data(library.config(), depth);
    EXPECT_TRUE(parts) << parts.error().message;
    std::vector<std::string> lines;
    for (const auto& part : parts.value_or(std::vector<Examined>()))
      for (const auto& flaw : part.flaws)
        lines.push_back((flaw.weight == Flaw::Weight::lasting ? "wrong " : "later ") + part.part + ": " + flaw.what);
    return lines;
  }
  int run() {
    ::testing::internal::CaptureStdout();
    const int code = check(library.config());
    std::fflush(nullptr);
    printed = ::testing::internal::GetCapturedStdout();
    return code;
  }

  testing::Folder folder;
  Library library{*load_config({{"KINORA_DATA", folder.path()}}, {})};
  std::string printed;
};

TEST_F(Check, FindsNothingInAWholeLibrary) {
  library.make_index();

  EXPECT_EQ(run(), exit_success) << printed;
  EXPECT_THAT(printed, HasSubstr("Everything is whole."));
}

TEST_F(Check, PrintsEachFlawAndEndsWithAnErrorCode) {
  library.make_index();
  std::filesystem::remove(library.blob_file());

  EXPECT_EQ(run(), exit_failure);
  EXPECT_THAT(printed, HasSubstr("WRONG  blobs: the blob users/"));
  EXPECT_THAT(printed, HasSubstr("1 wrong, 0 that the next start"));
}

TEST_F(Check, IsRefusedWhileTheServerRuns) {
  const auto server = DataDirectory::open(library.config().data);

  const auto parts = examine_data(library.config(), media::Depth::sizes);

  ASSERT_FALSE(parts);
  EXPECT_EQ(parts.error().kind, ErrorKind::conflict);
  EXPECT_THAT(parts.error().message, HasSubstr("in use by the kinora server"));
}

TEST_F(Check, KeepsTheServerOutMeanwhileAndLetsItInAfterwards) {
  {
    const auto held = DataDirectory::hold(library.config().data);
    EXPECT_FALSE(DataDirectory::open(library.config().data));
  }
  EXPECT_TRUE(DataDirectory::open(library.config().data));
}

TEST(CheckOfNothing, SaysThatThereIsNothingAndMakesNothing) {
  const testing::Folder folder;
  const auto config = *load_config({{"KINORA_DATA", folder.path() / "absent"}}, {});

  const auto parts = examine_data(config, media::Depth::sizes);

  EXPECT_EQ(parts.error().kind, ErrorKind::not_found);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "absent"));
}

TEST_F(Check, ComparesBytesUnlessItMustBeFast) {
  library.write_blob("the bytes of a vidEo");

  EXPECT_THAT(found(media::Depth::bytes), Contains(HasSubstr("wrong blobs: the blob users/")));
  EXPECT_THAT(found(media::Depth::sizes), ::testing::Each(::testing::StartsWith("later search")));
}

TEST_F(Check, FindsABlobThatIsCutOff) {
  library.write_blob("the bytes");

  EXPECT_THAT(found(media::Depth::sizes), Contains(HasSubstr("has 9 bytes instead of 20")));
}

TEST_F(Check, FindsAFileThatNoRowNames) {
  std::ofstream(library.blob_file().parent_path() / "users~stray") << "x";

  EXPECT_THAT(found(), Contains(HasSubstr("users~stray has no row")));
}

TEST_F(Check, FindsAProcessThatOutlivedItsServer) {
  const auto scratch = library.config().scratch / "job";
  std::filesystem::create_directories(scratch);
  int started[2];
  ASSERT_EQ(::pipe(started), 0);
  const auto process = ::fork();
  if (process == 0) {
    if (::chdir(scratch.c_str()) == 0 && ::write(started[1], "x", 1) == 1) ::pause();
    ::_exit(1);
  }
  char byte = 0;
  ASSERT_EQ(::read(started[0], &byte, 1), 1);

  EXPECT_THAT(found(), Contains(HasSubstr("wrong processes: the process " + std::to_string(process))));

  ::kill(process, SIGKILL);
  ::waitpid(process, nullptr, 0);
}

TEST_F(Check, FindsAScratchFolderThatOutlivedItsJob) {
  std::filesystem::create_directories(library.config().scratch / "job_00000000000000000000000000");

  EXPECT_THAT(found(), Contains(HasSubstr("later jobs: the scratch folder")));
}

TEST_F(Check, FindsADamagedDatabase) {
  const auto file = folder.path() / "kinora.db";
  std::fstream database(file, std::ios::binary | std::ios::in | std::ios::out);
  const std::string noise(200, '\xa5');
  for (std::uintmax_t at = 4096; at < std::filesystem::file_size(file); at += 4096) {
    database.seekp(static_cast<std::streamoff>(at));
    database << noise;
  }
  database.close();

  EXPECT_THAT(found(), Contains(::testing::StartsWith("wrong database: ")));
}

TEST_F(Check, FindsAnIndexThatLostAVideo) {
  library.make_index();
  library.change_rows(
      "INSERT INTO index_states (video_id, engine, version, indexed_at) SELECT id, 'embedded', 1, created_at FROM videos");

  EXPECT_THAT(found(), Contains(HasSubstr("later search: the search index has lost the video vid_")));
}

/// One statement that breaks a row, and what is said of it.
struct Fault {
  std::string name;
  std::string_view statement;
  std::string said;
};
void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }

class CheckOfRows : public Check, public ::testing::WithParamInterface<Fault> {};

TEST_P(CheckOfRows, FindsTheFault) {
  library.change_rows(GetParam().statement);

  EXPECT_THAT(found(), Contains(HasSubstr(GetParam().said)));
}

INSTANTIATE_TEST_SUITE_P(
    Planted, CheckOfRows,
    ::testing::Values(
        Fault{"ASourceThatIsDoomed", "UPDATE blobs SET state = 'doomed', doomed_at = 1", "has no live blob users/"},
        Fault{"ASourceOfAnotherHash", "UPDATE videos SET content_sha256 = 'ab'", "has no live blob users/"},
        Fault{"ALiveBlobThatNothingNames", "UPDATE videos SET key = 'users/other'", "is live, but nothing names it"},
        Fault{"ABlobThatNobodySwept", "UPDATE blobs SET state = 'staged', created_at = 1", "later blobs: the blob users/"},
        Fault{"AFileWithoutABlob",
              "INSERT INTO video_assets (id, video_id, name, kind, key, content_type, size, sha256, created_at) "
              "SELECT id, id, 'poster.jpg', 'poster', 'users/no', 'image/jpeg', 1, 'ab', 1 FROM videos",
              "the file poster.jpg of the video vid_"},
        Fault{"AGapInTheLog", "DELETE FROM events WHERE position = 2", "has 2 events at the positions 1 to 3"},
        Fault{"AnEventThatIsLost", "DELETE FROM events WHERE position = 3", "was published, but is not in the log"},
        Fault{"AnEventThatWillComeTwice",
              "UPDATE outbox_events SET published_at = NULL WHERE id = (SELECT id FROM events WHERE position = 1)",
              "will be put there again"},
        Fault{"AnEventThatWasNotHandled",
              "DELETE FROM jobs WHERE kind = 'search.follow_video' AND created_at = (SELECT MAX(created_at) FROM jobs)",
              "(video.updated) has no job search.follow_video"},
        Fault{"AnEventThatWasHandledTwice",
              "INSERT INTO jobs (id, state, kind, lane, priority, args, subject_type, su"
              "bject_id, attempts, max_attempts, progress, run_at, fence, created_at, updated_at) "
              "SELECT 'another', 'succeeded', kind, lane, priority, args, subject_type"
              ", subject_id, attempts, max_attempts, progress, run_at, fence, created_at, updated_at "
              "FROM jobs WHERE kind = 'search.follow_video' LIMIT 1",
              "has more than one job search.follow_video"},
        Fault{"AJobThatIsLost", "DELETE FROM jobs WHERE kind = 'media.probe'", "waits for a job that is gone or over"},
        Fault{"AJobThatEndedUnseen", "UPDATE jobs SET state = 'succeeded' WHERE kind = 'media.probe'",
              "waits for a job that is gone or over"},
        Fault{"AVideoThatStandsStill", "UPDATE video_stages SET state = 'done' WHERE stage = 'probe'",
              "has stages that wait for nothing"},
        Fault{"AVideoWithoutStages", "DELETE FROM video_stages", "has no stages"},
        Fault{"AVideoThatLacksAStage", "DELETE FROM video_stages WHERE stage = 'audio'", "lacks the stage audio"},
        Fault{"ARootJobThatEndedTooEarly", "UPDATE jobs SET state = 'succeeded' WHERE kind = 'pipeline.process'",
              "still has stages to go, but its root job is succeeded"},
        Fault{"ARootJobThatNeverEnds", "UPDATE video_stages SET state = 'done'", "has no stage left to wait for"},
        Fault{"StagesOfAVideoThatIsGone",
              "INSERT INTO video_stages (video_id, stage, state, version) "
              "VALUES ('01900000-0000-7000-8000-000000000000', 'probe', 'done', 1)",
              "later pipeline: the video vid_"}),
    [](const auto& fault) { return fault.param.name; });

}  // namespace
}  // namespace kinora::app
