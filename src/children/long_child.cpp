#include "children/long_child.hpp"

#include <algorithm>

#include "base/deadline.hpp"
#include "base/sync.hpp"
#include "base/task_group.hpp"

namespace kinora {

Task<void> LongChild::serve() {
  (void)co_await serve_until_stopped();
  enter(Phase::closed);
}

Task<Result<void>> LongChild::serve_until_stopped() {
  for (;;) {
    co_await ok(state_.until([this] { return users_ > 0 ? std::optional(true) : std::nullopt; }));
    const auto ran = co_await run_once();
    if ((co_await this_fiber).stopped) co_return ran;
    if (ran) {
      enter(Phase::idle);
    } else {
      co_await ok(rest(ran.error()));
    }
  }
}

/// From start to idle; an error when it did not start, or died.
Task<Result<void>> LongChild::run_once() {
  TaskGroup group((co_await this_fiber).executor);
  enter(Phase::starting);
  group.spawn(run_child());
  auto outcome = co_await within(settings_.start_limit, until_ready());
  if (outcome) {
    rest_ = settings_.rest_min;
    outcome = co_await until_unused();
  }
  group.stop();
  co_await group.join();
  co_return outcome;
}

Task<void> LongChild::run_child() {
  const auto exit = co_await launcher_.run(settings_.spec(), {ChildDeadlines::never, ChildDeadlines::never});
  const auto tail = exit ? exit->stderr_tail : exit.error().message;
  state_.change(
      [&] {
        phase_ = Phase::ended;
        last_failure_ = tail.substr(tail.size() - std::min<std::size_t>(tail.size(), 2000));
      },
      everyone);
}

Task<Result<void>> LongChild::until_ready() {
  for (;;) {
    if (has_ended()) co_return fail(ErrorKind::unavailable, settings_.name + " ended while starting");
    if (co_await settings_.ready()) break;
    co_await ok(pause_for(settings_.ready_pause));
  }
  // Not over an end that came meanwhile.
  state_.change([this] { phase_ = phase_ == Phase::ended ? Phase::ended : Phase::ready; }, everyone);
  co_return {};
}

Task<Result<void>> LongChild::until_unused() {
  for (;;) {
    co_await ok(state_.until([this] { return users_ == 0 || phase_ == Phase::ended ? std::optional(true) : std::nullopt; }));
    if (has_ended()) co_return fail(ErrorKind::unavailable, settings_.name + " ended while in use");
    const auto wanted = co_await within(settings_.idle_limit, wait_for_use_or_end());
    if (!wanted && retire()) co_return {};
    if ((co_await this_fiber).stopped) co_return wanted;
  }
}

/// From here on use() waits for the next start; false when somebody came in the last moment.
bool LongChild::retire() {
  bool unused = false;
  state_.change(
      [&] {
        unused = users_ == 0;
        if (unused) phase_ = Phase::idle;
      },
      everyone);
  return unused;
}

Task<Result<void>> LongChild::wait_for_use_or_end() {
  co_await ok(state_.until([this] { return users_ > 0 || phase_ == Phase::ended ? std::optional(true) : std::nullopt; }));
  co_return {};
}

Task<Result<void>> LongChild::rest(Error why) {
  enter(Phase::resting);
  const auto said = state_.look([this] { return last_failure_; });
  const auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(rest_);
  log_.warning("child failed",
               {{"name", settings_.name}, {"rest_ms", std::int64_t{pause.count()}}, {"error", why.message}, {"said", said}});
  rest_ = std::min(rest_ * 2, settings_.rest_max);
  co_await ok(pause_for(pause));
  enter(Phase::idle);
  co_return {};
}

Task<Result<LongChild::Use>> LongChild::use() {
  state_.change([this] { ++users_; }, everyone);
  Use use(*this);
  const auto phase = co_await ok(state_.until([this] {
    const bool settled = phase_ == Phase::ready || phase_ == Phase::resting || phase_ == Phase::closed;
    return settled ? std::optional(phase_) : std::nullopt;
  }));
  if (phase != Phase::ready) co_return fail(ErrorKind::unavailable, settings_.name + " is not running; try again in a moment");
  co_return use;
}

void LongChild::enter(Phase phase) {
  state_.change([&] { phase_ = phase; }, everyone);
}

bool LongChild::has_ended() {
  return state_.look([this] { return phase_ == Phase::ended; });
}

void LongChild::give_back() {
  state_.change([this] { --users_; }, everyone);
}

}  // namespace kinora
