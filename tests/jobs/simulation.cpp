#include "tests/jobs/simulation.hpp"

#include <algorithm>

namespace kinora::testing {

namespace {

using jobs::State;

constexpr auto lease = 5s;
constexpr std::size_t live_max = 30;
const std::string workers[] = {"one", "two", "three"};
const std::string last_worker = "last";

Result<void> must(bool holds, const std::string& what, JobId id) {
  if (holds) return {};
  return fail(ErrorKind::internal, id.text() + ": " + what);
}

Task<Result<JobId>> add_a_job(Transaction tx, jobs::Queue* queue, int priority, UserId user) {
  return queue->add(tx,
                    {.kind = "test.work", .subject = {"test", Uuid{}}, .user = user, .priority = priority, .max_attempts = 3});
}

std::shared_ptr<jobs::Finish> effect_of(const jobs::Job& job) {
  return std::get<jobs::Done>(jobs::done(note, job.id, std::string("done"))).finish;
}

struct Outcome {
  JobId id{};
  State state{};
  std::int64_t effects = 0;
};
Task<Result<std::vector<Outcome>>> outcomes(Transaction tx) {
  return tx.all<Outcome>(Sql{"SELECT id, state, (SELECT COUNT(*) FROM ledger WHERE job_id = jobs.id) FROM jobs ORDER BY id"});
}
Task<Result<void>> clear(Transaction tx) {
  for (const auto* statement : {"DELETE FROM jobs", "DELETE FROM ledger", "DELETE FROM dead_letters"})
    co_await ok(tx.change(Sql{statement}));
  co_return {};
}

}  // namespace

Task<Result<void>> Simulation::live(std::size_t jobs) {
  while (lives_.size() < jobs) {
    const auto step = next_step();
    co_await ok((this->*step)());
  }
  co_await ok(drain());
  co_await ok(compare());
  co_return co_await stage_.database.transact(Caller::system("simulation"), clear);
}

Simulation::Step Simulation::next_step() {
  struct Chance {
    std::uint64_t weight;
    Step step;
  };
  static constexpr Chance chances[] = {
      {24, &Simulation::add},   {28, &Simulation::claim}, {6, &Simulation::beat},      {22, &Simulation::end},
      {2, &Simulation::pause},  {2, &Simulation::wake},   {3, &Simulation::die},       {1, &Simulation::stop},
      {2, &Simulation::cancel}, {1, &Simulation::retry},  {9, &Simulation::pass_time},
  };
  auto rolled = roll(100);
  for (const auto& [weight, step] : chances) {
    if (rolled < weight) return step;
    rolled -= weight;
  }
  std::unreachable();
}

const std::string& Simulation::any_worker() { return workers[roll(std::size(workers))]; }

bool Simulation::holds(const jobs::Job& job) const {
  const auto& life = lives_.at(job.id);
  return life.state == State::running && life.fence == job.fence;
}

std::optional<JobId> Simulation::any_job(bool live) {
  std::vector<JobId> found;
  for (const auto& [id, life] : lives_)
    if (live ? is_live(life.state) : life.state == State::failed || life.state == State::cancelled) found.push_back(id);
  return found.empty() ? std::nullopt : std::optional(found[roll(found.size())]);
}

Task<Result<void>> Simulation::add() {
  const auto live = std::ranges::count_if(lives_, [](const auto& each) { return is_live(each.second.state); });
  if (static_cast<std::size_t>(live) >= live_max) co_return {};
  UserId user{};
  user.uuid.bytes[0] = static_cast<std::uint8_t>(roll(3));
  const auto priority = static_cast<int>(roll(3));
  const auto id = co_await ok(stage_.database.transact(Caller::system("simulation"), add_a_job, &stage_.queue, priority, user));
  lives_.emplace(id, Life{});
  co_return {};
}

Task<Result<void>> Simulation::claim() {
  co_await ok(claim_as(any_worker()));
  co_return {};
}

Task<Result<bool>> Simulation::claim_as(std::string worker) {
  const jobs::Claim wish{jobs::Lane::light, worker, lease};
  auto job = co_await ok(stage_.database.transact(Caller::system("simulation"), jobs::claim_job, wish));
  if (!job) co_return false;
  co_await ok(note_claim(*job, worker));
  auto& hand = hands_[worker];
  std::erase_if(hand, [&](const jobs::Job& older) { return older.id == job->id; });  // as Queue::end_older_attempts
  hand.push_back(*std::move(job));
  co_return true;
}

Result<void> Simulation::note_claim(const jobs::Job& job, const std::string& worker) {
  const auto found = lives_.find(job.id);
  if (auto known = must(found != lives_.end(), "was claimed and never added", job.id); !known) return known;
  auto& life = found->second;
  if (auto live = must(is_live(life.state), "was claimed although it is over", job.id); !live) return live;
  const bool held = life.state == State::running && life.lease_until >= stage_.clock.now();
  if (auto free = must(!held, "was claimed by " + worker + " while " + life.holder + " held it", job.id); !free) return free;
  if (auto newer = must(job.fence > life.fence, "was claimed with an old fence", job.id); !newer) return newer;
  life = {State::running, job.fence, worker, stage_.clock.now() + lease};
  return {};
}

Task<Result<void>> Simulation::beat() {
  auto& hand = hands_[any_worker()];
  std::vector<jobs::Beat> beats;
  for (const auto& job : hand) beats.push_back({job.id, job.fence, 0.5});
  const auto renewed = co_await ok(stage_.database.transact(Caller::system("simulation"), jobs::renew_leases, beats, lease));
  for (const auto& job : hand) {
    const bool told = std::ranges::find(renewed, job.id) != renewed.end();
    co_await ok(must(told == holds(job), told ? "was renewed by who lost it" : "was not renewed by its holder", job.id));
    if (told) lives_.at(job.id).lease_until = stage_.clock.now() + lease;
  }
  std::erase_if(hand, [&](const jobs::Job& job) { return !holds(job); });
  co_return {};
}

Task<Result<void>> Simulation::end() { return end_one(hands_[any_worker()]); }

Task<Result<void>> Simulation::end_one(Hand& hand) {
  if (hand.empty()) co_return {};
  const auto chosen = hand.begin() + static_cast<std::ptrdiff_t>(roll(hand.size()));
  const auto job = *chosen;
  hand.erase(chosen);
  const auto ending = ending_of(job);
  auto effect = ending.state == State::succeeded ? effect_of(job) : nullptr;
  const auto ended = co_await stage_.database.transact(Caller::system("simulation"), jobs::end_held, job.id, job.fence, ending,
                                                       std::move(effect));
  co_await ok(
      must(ended.has_value() == holds(job), ended ? "was ended by who lost it" : "was not ended by its holder", job.id));
  if (ended) lives_.at(job.id).state = ending.state;
  co_return {};
}

jobs::Ending Simulation::ending_of(const jobs::Job& job) {
  const jobs::JobError error{"unavailable", "the dice"};
  const auto delay = std::chrono::milliseconds(roll(60'000));
  if (job.attempts > job.max_attempts) return {.state = State::failed, .error = error};
  const auto rolled = roll(100);
  if (rolled < 70) return {.state = State::succeeded, .result = "{}"};
  if (rolled < 80) return {.state = State::snoozed, .delay = delay};
  if (rolled < 95 && job.attempts < job.max_attempts) return {.state = State::retry_wait, .error = error, .delay = delay};
  return {.state = State::failed, .error = error};
}

Task<Result<void>> Simulation::pause() {
  auto& hand = hands_[any_worker()];
  std::ranges::move(hand, std::back_inserter(asleep_));
  hand.clear();
  co_return {};
}

Task<Result<void>> Simulation::wake() { return end_one(asleep_); }

// The next process of the same name comes at once, or after the lease.
Task<Result<void>> Simulation::die() {
  const auto worker = any_worker();
  hands_[worker].clear();
  if (roll(2) == 0) co_return {};
  co_await ok(stage_.database.transact(Caller::system("simulation"), jobs::expire_leases, worker));
  for (auto& [id, life] : lives_)
    if (life.holder == worker && life.state == State::running) life.lease_until = Time{};
  co_return {};
}

Task<Result<void>> Simulation::stop() {
  const auto worker = any_worker();
  hands_[worker].clear();
  co_await ok(stage_.database.transact(Caller::system("simulation"), jobs::release_jobs, worker));
  for (auto& [id, life] : lives_) {
    if (life.holder != worker || life.state != State::running) continue;
    life.state = State::queued;
    ++life.fence;
  }
  co_return {};
}

Task<Result<void>> Simulation::cancel() {
  const auto id = any_job(true);
  if (!id) co_return {};
  co_await ok(stage_.queue.cancel(Caller::system("simulation"), *id));
  lives_.at(*id).state = State::cancelled;
  co_return {};
}

Task<Result<void>> Simulation::retry() {
  const auto id = any_job(false);
  if (!id) co_return {};
  co_await ok(stage_.queue.retry(Caller::system("simulation"), *id));
  lives_.at(*id).state = State::queued;
  co_return {};
}

// Mostly less than a lease; sometimes past it; now and then somebody sets the clock, back too.
Task<Result<void>> Simulation::pass_time() {
  const auto rolled = roll(100);
  if (rolled < 80)
    stage_.clock.pass(std::chrono::milliseconds(roll(2000)));
  else if (rolled < 98)
    stage_.clock.pass(std::chrono::milliseconds(roll(60'000)));
  else
    stage_.clock.pass(std::chrono::hours(static_cast<int>(roll(49)) - 24));
  co_return {};
}

// Nobody else is there any more, and time passes: what is not over now never will be.
Task<Result<void>> Simulation::drain() {
  hands_.clear();
  for (int round = 0; round < 100 && any_job(true); ++round) {
    stage_.clock.pass(48h);
    while (co_await ok(claim_as(last_worker))) co_await ok(end_one(hands_[last_worker]));
  }
  const auto lost = any_job(true);
  co_return must(!lost, "never ends", lost.value_or(JobId{}));
}

Task<Result<void>> Simulation::compare() {
  const auto rows = co_await ok(stage_.database.read(Caller::system("simulation"), outcomes));
  co_await ok(must(rows.size() == lives_.size(), "or another job has no row", lives_.begin()->first));
  for (const auto& [id, state, effects] : rows) {
    co_await ok(must(lives_.at(id).state == state, "is " + std::string(name_of(state)), id));
    const auto wanted = state == State::succeeded ? 1 : 0;
    co_await ok(must(effects == wanted, "had its effect " + std::to_string(effects) + " times", id));
  }
  co_return {};
}

}  // namespace kinora::testing
