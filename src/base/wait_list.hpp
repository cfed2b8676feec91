#pragma once

#include <boost/asio/post.hpp>
#include <list>
#include <mutex>

#include "base/task.hpp"

namespace kinora {

/// The one way fibers wait for each other: Event, Queue and Semaphore are a few lines over it. Any thread may call anything.
/// Waiters are woken in the order they came; a wake is never lost to a fiber that was stopped meanwhile.
class WaitList {
 public:
  /// `attempt()` runs under the lock and gives an optional; while it is empty the fiber waits and tries again at each wake.
  template <class Attempt>
  struct Until;
  template <class Attempt>
  Until<Attempt> until(Attempt attempt) {
    return {this, std::move(attempt)};
  }

  /// Runs `change()` under the lock, then lets up to `wakes` waiters try again.
  template <class F>
  void change(F change, std::size_t wakes) {
    const std::scoped_lock hold(mutex_);
    change();
    for (; wakes > 0 && !parked_.empty(); --wakes) unpark();
  }
  template <class F>
  decltype(auto) look(F look) {
    const std::scoped_lock hold(mutex_);
    return look();
  }

 private:
  struct Parked {
    virtual void wake() = 0;  ///< under the lock; must only post

   protected:
    ~Parked() = default;
  };
  void unpark() {
    auto* first = parked_.front();
    parked_.pop_front();
    first->wake();
  }

  std::mutex mutex_;
  std::list<Parked*> parked_;
};

template <class Attempt>
struct WaitList::Until : Parked {
  using Value = typename std::invoke_result_t<Attempt>::value_type;

  WaitList* list;
  Attempt attempt;
  Fiber* fiber = nullptr;
  detail::Waiter* waiter = nullptr;
  std::optional<Value> value{};
  bool aborted = false;

  Until(WaitList* on, Attempt trying) : list(on), attempt(std::move(trying)) {}
  Until(Until&&) = default;

  std::coroutine_handle<> start(Fiber& on, detail::Waiter& who) {
    on.require_outside_transaction("another fiber");
    fiber = &on;
    waiter = &who;
    return settled_or_parked() ? who.next() : std::noop_coroutine();
  }
  Result<Value> take() {
    if (value) return *std::move(value);
    return std::unexpected(error_of(asio::error::operation_aborted, *fiber));
  }
  std::optional<Error> take_error() noexcept {
    return value ? std::nullopt : std::optional<Error>(error_of(asio::error::operation_aborted, *fiber));
  }
  Value take_value() { return *std::move(value); }

 private:
  bool settled_or_parked() {
    const std::scoped_lock hold(list->mutex_);
    value = attempt();
    if (value) return true;
    if (fiber->stopped) {
      aborted = true;
      return true;
    }
    list->parked_.push_back(this);
    fiber->signal.slot().assign([this](asio::cancellation_type) { abandon(); });
    return false;
  }
  // The posted retry carries work-tracking: an io_context with nothing else to do must not return while it is under way.
  void wake() override {
    auto home = asio::prefer(fiber->executor, asio::execution::outstanding_work.tracked);
    asio::post(home, [this] {
      fiber->signal.slot().clear();
      if (settled_or_parked()) waiter->next().resume();
    });
  }
  void abandon() {
    const std::scoped_lock hold(list->mutex_);
    // Absent from the list: a wake is on its way and will settle this wait.
    if (std::erase(list->parked_, static_cast<Parked*>(this)) > 0) wake();
  }
};

template <class Attempt>
struct detail::SourceOf<WaitList::Until<Attempt>> {
  using type = WaitList::Until<Attempt>;
};

}  // namespace kinora
