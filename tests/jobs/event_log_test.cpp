#include "jobs/event_log.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>

#include "adapters/live_bus/memory/memory_live_bus.hpp"
#include "tests/jobs/node.hpp"

namespace kinora {
namespace {

using jobs::EventLog;
using jobs::EventQuery;
using jobs::LoggedEvent;
using jobs::NewEvent;
using ::testing::ElementsAre;
using testing::Endings;
using testing::Node;
using testing::SeededRandom;
using testing::World;
using namespace std::chrono_literals;

Task<Result<void>> publish(Transaction tx, EventLog* log, NewEvent event) { return log->publish(tx, std::move(event)); }
Task<Result<void>> publish_and_fail(Transaction tx, EventLog* log, NewEvent event) {
  co_await ok(log->publish(tx, std::move(event)));
  co_return fail(ErrorKind::conflict, "no commit");
}
Task<Result<void>> forget_up_to(Transaction tx, std::int64_t position) {
  co_await ok(tx.change(Sql{"DELETE FROM events WHERE position <= $1"}, position));
  co_return {};
}

/// Relays beside the test.
class Relay {
 public:
  explicit Relay(EventLog& log) : thread_([this, &log] { testing::run(serve(log)); }) {}
  Relay(const Relay&) = delete;
  ~Relay() { stop_.set(); }

 private:
  Task<void> serve(EventLog& log) {
    TaskGroup group((co_await this_fiber).executor);
    group.spawn(log.relay());
    static_cast<void>(co_await stop_.wait());
    group.stop();
    co_await group.join();
  }

  Event stop_;
  std::jthread thread_;
};

class EventLogTest : public ::testing::Test {
 protected:
  template <class SomeId>
  SomeId id() {
    return world.random.id<SomeId>(world.clock);
  }
  void tell(UserId user, VideoId about, std::string topic = "video.updated") {
    const NewEvent event{std::move(topic), about.uuid, user};
    ASSERT_TRUE(world.write(publish, &log, event));
  }
  std::vector<LoggedEvent> read(EventQuery query) { return testing::run(log.after(Caller::system("test"), query)).value(); }
  /// Looks again and again, for as long as a slow machine may need.
  std::vector<LoggedEvent> read_until(std::size_t count, EventQuery query) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    auto events = read(query);
    while (events.size() < count && std::chrono::steady_clock::now() < deadline) events = read(query);
    return events;
  }
  static std::vector<std::string> types(const std::vector<LoggedEvent>& events) {
    std::vector<std::string> all;
    for (const auto& event : events) all.push_back(event.type);
    return all;
  }

  World world{{jobs::migrations(), {testing::ledger_step}}};
  Endings endings;
  Node node{world, endings, {.name = "one", .work = [](jobs::Context) -> Task<jobs::Outcome> { co_return jobs::done(); }}};
  EventLog log{node.queue, world.database(), world.clock, world.random, world.log};
  UserId ana = id<UserId>();
  UserId ben = id<UserId>();
  VideoId video = id<VideoId>();
};

TEST_F(EventLogTest, GivesCommittedEventsTheirPlacesInOrder) {
  tell(ana, video, "video.uploaded");
  tell(ana, video, "video.ready");
  const Relay relay(log);

  const auto events = read_until(2, {.user = ana});

  EXPECT_THAT(types(events), ElementsAre("video.uploaded", "video.ready"));
  EXPECT_EQ(events.at(0).position, 1);
  EXPECT_EQ(events.at(1).position, 2);
}

TEST_F(EventLogTest, IsWokenByACommit) {
  const Relay relay(log);

  tell(ana, video);

  EXPECT_EQ(read_until(1, {.user = ana}).size(), 1);
}

TEST_F(EventLogTest, KnowsNothingOfATransactionThatFailed) {
  const NewEvent event{"video.updated", video.uuid, ana};
  ASSERT_FALSE(world.write(publish_and_fail, &log, event));
  tell(ana, video, "video.ready");
  const Relay relay(log);

  EXPECT_THAT(types(read_until(1, {.user = ana})), ElementsAre("video.ready"));
}

TEST_F(EventLogTest, IsReadByUserAndBySubject) {
  const auto other = id<VideoId>();
  tell(ana, video, "video.uploaded");
  tell(ana, other, "video.ready");
  tell(ben, id<VideoId>(), "video.deleted");
  const Relay relay(log);
  read_until(1, {.user = ben});

  EXPECT_THAT(types(read({.user = ana})), ElementsAre("video.uploaded", "video.ready"));
  EXPECT_THAT(types(read({.subject = other.uuid})), ElementsAre("video.ready"));
  EXPECT_THAT(types(read({.position = 1, .user = ana})), ElementsAre("video.ready"));
}

TEST_F(EventLogTest, SaysWhatIsKept) {
  for (int event = 0; event < 5; ++event) tell(ana, video);
  const Relay relay(log);
  read_until(5, {.user = ana});

  ASSERT_TRUE(world.write(forget_up_to, 3));

  const auto kept = testing::run(log.ends(Caller::system("test"))).value();
  EXPECT_EQ(kept.first, 4);
  EXPECT_EQ(kept.last, 5);
}

TEST_F(EventLogTest, AnEmptyLogEndsBeforeItBegins) {
  const auto kept = testing::run(log.ends(Caller::system("test"))).value();

  EXPECT_EQ(kept.first, 1);
  EXPECT_EQ(kept.last, 0);
}

TEST_F(EventLogTest, WakesThePersonAndWhoWatchesTheSubject) {
  const auto live = open_memory_live_bus();
  log.tell(*live);
  const auto of_ana = live->subscribe(ana.canonical());
  const auto of_video = live->subscribe(video.canonical());
  const Relay relay(log);

  tell(ana, video);

  const auto told_ana = testing::run(within(10s, of_ana->next()));
  const auto told_watcher = testing::run(within(10s, of_video->next()));
  ASSERT_TRUE(told_ana && told_watcher);
  EXPECT_EQ(told_ana->updates.front().key, jobs::log_grew);
  EXPECT_EQ(told_watcher->updates.front().key, jobs::log_grew);
  EXPECT_EQ(read({.user = ana}).size(), 1) << "woken before it could be read";
}

/// What publishes and relays, over one database file.
struct Parts {
  Parts(const std::filesystem::path& folder, SeededRandom& dice)
      : database(open_database("sqlite:" + (folder / "kinora.db").string(), clock, silent).value()),
        queue({.worker = "one", .scratch = folder / "scratch"}, *database, clock, dice, silent),
        log(queue, *database, clock, dice, silent) {}

  testing::ManualClock clock;
  testing::SilentLog silent;
  std::unique_ptr<Database> database;
  jobs::Queue queue;
  EventLog log;
};

/// Another process that relays until it is killed. Made while this one has no other thread.
class RelayProcess {
 public:
  explicit RelayProcess(const std::filesystem::path& folder) : process_(::fork()) {
    if (process_ == 0) relay_for_ever(folder);
  }
  RelayProcess(const RelayProcess&) = delete;
  ~RelayProcess() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }

 private:
  [[noreturn]] static void relay_for_ever(const std::filesystem::path& folder) {
    SeededRandom unused;
    Parts parts(folder, unused);
    testing::run(parts.log.relay());
    ::_exit(1);
  }

  pid_t process_;
};

std::vector<LoggedEvent> all_of(Parts& parts, UserId user) {
  const EventQuery query{.user = user, .limit = 10'000};
  return testing::run(parts.log.after(Caller::system("test"), query)).value();
}
void wait_until_logged(Parts& parts, UserId user, std::size_t count) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (all_of(parts, user).size() < count && std::chrono::steady_clock::now() < deadline) continue;
}

// It dies in the middle of its work again and again; readers see every event once, in order, without a gap.
TEST(EventRelay, LosesAndDoublesNothingWhenItIsKilled) {
  constexpr int batch = 15;
  const testing::TempFolder folder;
  SeededRandom random;
  std::mt19937 dice(20261127);
  std::vector<VideoId> videos;
  const UserId ana = random.id<UserId>(testing::ManualClock());
  for (int each = 0; each < 5; ++each) videos.push_back(random.id<VideoId>(testing::ManualClock()));
  ASSERT_TRUE(testing::run(Parts(folder.path(), random).database->migrate(jobs::migrations())));
  int told = 0;

  for (int round = 0; round < 40; ++round) {
    const RelayProcess relay(folder.path());
    Parts parts(folder.path(), random);
    for (int each = 0; each < batch; ++each, ++told) {
      const NewEvent event{"video.updated", videos[dice() % videos.size()].uuid, ana, std::to_string(told)};
      ASSERT_TRUE(testing::run(parts.database->transact(Caller::system("test"), publish, &parts.log, event)));
    }
    wait_until_logged(parts, ana, static_cast<std::size_t>(told) - dice() % batch);
  }
  const RelayProcess relay(folder.path());
  Parts parts(folder.path(), random);
  wait_until_logged(parts, ana, static_cast<std::size_t>(told));

  const auto events = all_of(parts, ana);
  ASSERT_EQ(events.size(), told);
  std::map<Uuid, int> last;
  for (int at = 0; at < told; ++at) {
    const auto& event = events[static_cast<std::size_t>(at)];
    EXPECT_EQ(event.position, at + 1);
    const int number = std::stoi(event.data);
    EXPECT_GE(number, last[event.subject]) << "order within one subject";
    last[event.subject] = number;
  }
}

}  // namespace
}  // namespace kinora
