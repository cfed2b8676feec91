#include "jobs/event_log.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>

#include "adapters/live_bus/memory/memory_live_bus.hpp"
#include "adapters/random/system_random.hpp"
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
  explicit Parts(const std::filesystem::path& folder)
      : database(open_database("sqlite:" + (folder / "kinora.db").string(), clock, silent).value()),
        queue({.worker = "one", .scratch = folder / "scratch"}, *database, clock, *random, silent),
        log(queue, *database, clock, *random, silent) {}

  testing::ManualClock clock;
  testing::SilentLog silent;
  std::unique_ptr<Random> random = open_system_random().value();
  std::unique_ptr<Database> database;
  jobs::Queue queue;
  EventLog log;
};

/// The five subjects in turn, each event with its number.
NewEvent numbered(std::int64_t number) {
  Uuid subject{};
  subject.bytes[15] = static_cast<std::uint8_t>(number % 5);
  return {"video.updated", subject, UserId{}, std::to_string(number)};
}

Task<Result<std::int64_t>> count_published(Transaction tx) {
  return tx.one<std::int64_t>(Sql{"SELECT COUNT(*) FROM outbox_events"});
}

/// Another process that publishes and relays until it is killed, and writes a byte for each event it was told is kept. Made
/// while this one has no other thread.
class RelayProcess {
 public:
  explicit RelayProcess(const std::filesystem::path& folder) {
    EXPECT_EQ(::pipe(told_), 0);
    process_ = ::fork();
    if (process_ == 0) work(folder);
    ::close(told_[1]);
  }
  RelayProcess(const RelayProcess&) = delete;
  ~RelayProcess() { ::close(told_[0]); }

  /// Kills it in the middle of its work and gives the number of events it was told of.
  int kill_after(int events) {
    int told = 0;
    while (told < events && read_byte()) ++told;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    while (read_byte()) ++told;
    return told;
  }

 private:
  [[noreturn]] void work(const std::filesystem::path& folder) const {
    Parts parts(folder);
    const Relay relay(parts.log);
    const auto caller = Caller::system("test");
    auto number = testing::run(parts.database->read(caller, count_published)).value();
    while (testing::run(parts.database->transact(caller, publish, &parts.log, numbered(number++))))
      if (::write(told_[1], "x", 1) != 1) break;
    ::_exit(1);
  }
  bool read_byte() const {
    char byte = 0;
    return ::read(told_[0], &byte, 1) == 1;
  }

  int told_[2] = {};
  pid_t process_ = 0;
};

// It dies in the middle of its work again and again; readers see every event once, in order, without a gap.
TEST(EventRelay, LosesAndDoublesNothingWhenItIsKilled) {
  const testing::TempFolder folder;
  std::mt19937 dice(20261127);
  ASSERT_TRUE(testing::run(Parts(folder.path()).database->migrate(jobs::migrations())));
  std::int64_t told = 0;
  for (int round = 0; round < 40; ++round) {
    RelayProcess relaying(folder.path());
    told += relaying.kill_after(1 + static_cast<int>(dice() % 20));
  }

  Parts parts(folder.path());
  const Relay relay(parts.log);
  const auto published = testing::run(parts.database->read(Caller::system("test"), count_published)).value();
  ASSERT_GE(published, told);
  std::vector<LoggedEvent> events;
  const EventQuery query{.user = UserId{}, .limit = 10'000};
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (std::ssize(events) < published && std::chrono::steady_clock::now() < deadline)
    events = testing::run(parts.log.after(Caller::system("test"), query)).value();

  ASSERT_EQ(std::ssize(events), published);
  for (std::int64_t at = 0; at < published; ++at) {
    const auto& event = events[static_cast<std::size_t>(at)];
    EXPECT_EQ(event.position, at + 1);
    EXPECT_EQ(event.data, std::to_string(at)) << "one writer at a time: the order of publishing";
  }
}

TEST_F(EventLogTest, KeepsTheOrderWhenTheClockIsSetBack) {
  tell(ana, video, "video.uploaded");
  world.clock.pass(-1h);
  tell(ana, video, "video.ready");
  const Relay relay(log);

  EXPECT_THAT(types(read_until(2, {.user = ana})), ElementsAre("video.uploaded", "video.ready"));
}

}  // namespace
}  // namespace kinora
