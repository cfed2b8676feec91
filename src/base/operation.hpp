#pragma once

#include <boost/asio/deferred.hpp>
#include <tuple>

#include "base/task.hpp"

namespace kinora::detail {

/// Awaits an Asio operation: its handler runs on the fiber's executor and obeys the fiber's cancellation. A plain await yields
/// tuple(error_code, values...); `ok` yields the value.
template <class Op, class... Args>
struct Operation {
  struct Handler {
    Operation* self;
    using executor_type = asio::any_io_executor;
    using cancellation_slot_type = asio::cancellation_slot;
    executor_type get_executor() const noexcept { return self->fiber->executor; }
    cancellation_slot_type get_cancellation_slot() const noexcept { return self->fiber->signal.slot(); }
    void operator()(error_code code, Args... args) const { self->complete({code, std::move(args)...}); }
  };

  Op op;
  Fiber* fiber = nullptr;
  Waiter* waiter = nullptr;
  std::optional<std::tuple<error_code, Args...>> outcome{};
  bool starting = false;

  std::coroutine_handle<> start(Fiber& on, Waiter& who) {
    on.require_outside_transaction("an I/O operation");
    fiber = &on;
    waiter = &who;
    if (fiber->stopped) {
      outcome.emplace(error_code(asio::error::operation_aborted), Args{}...);
      return who.next();
    }
    starting = true;
    std::move(op)(Handler{this});
    starting = false;
    return outcome ? who.next() : std::noop_coroutine();
  }
  // What Asio left in the slot points at the timer or socket of this operation, which may be gone at the next stop.
  void complete(std::tuple<error_code, Args...> what) {
    fiber->signal.slot().clear();
    outcome.emplace(std::move(what));
    if (!starting) waiter->next().resume();
  }
  std::tuple<error_code, Args...> take() { return *std::move(outcome); }
  std::optional<Error> take_error() noexcept {
    const auto& code = std::get<0>(*outcome);
    return code ? std::optional<Error>(error_of(code, *fiber)) : std::nullopt;
  }
  auto take_value() {
    if constexpr (sizeof...(Args) == 1) return std::get<1>(*std::move(outcome));
  }
};

template <class... Args, class Init, class... InitArgs>
struct SourceOf<asio::deferred_async_operation<void(error_code, Args...), Init, InitArgs...>> {
  using type = Operation<asio::deferred_async_operation<void(error_code, Args...), Init, InitArgs...>, Args...>;
};

}  // namespace kinora::detail
