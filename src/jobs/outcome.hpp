#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>

#include "base/result.hpp"
#include "ports/database.hpp"

namespace kinora::jobs {

/// What a finished job leaves behind: runs inside the transaction that marks it done, after its lease was checked, so results
/// and state appear together or not at all.
class Finish {
 public:
  virtual ~Finish() = default;
  virtual Task<Result<void>> write(Transaction tx) = 0;
};

struct Done {
  std::shared_ptr<Finish> finish{};  ///< shared with every try of its transaction; empty when there is nothing to write
  std::string result = "{}";         ///< JSON, shown with the job
};
struct Retry {
  Error error;
};
/// No attempt, as far as counting goes.
struct Snooze {
  std::chrono::milliseconds time;
  std::optional<Error> reason{};  ///< shown while it waits
};
struct Fail {
  Error error;
};
struct Cancelled {};

/// How one attempt ended.
using Outcome = std::variant<Done, Retry, Snooze, Fail, Cancelled>;

/// Whether a code says that a disk is full or cannot be written: none of the job's doing, and it passes when somebody mends it.
bool is_of_storage(std::string_view code);
/// So often is it looked at again.
inline constexpr std::chrono::seconds storage_pause{30};

/// The table from kinds of error to what becomes of the job. What is_of_storage() waits for as long as that takes.
Outcome outcome_of(Error error);

namespace detail {

template <class... Args>
class FinishOf final : public Finish {
 public:
  using Body = Task<Result<void>> (*)(Transaction, Args...);
  FinishOf(Body body, std::tuple<std::decay_t<Args>...> args) : body_(body), args_(std::move(args)) {}
  Task<Result<void>> write(Transaction tx) override {
    return std::apply([&](auto... each) { return body_(tx, std::move(each)...); }, args_);
  }

 private:
  Body body_;
  std::tuple<std::decay_t<Args>...> args_;
};

}  // namespace detail

inline Outcome done() { return Done{}; }

/// Done, with `body(tx, args...)` as part of the finishing transaction.
template <class... Args, class... Given>
Outcome done(Task<Result<void>> (*body)(Transaction, Args...), Given... given) {
  using Body = detail::FinishOf<Args...>;
  return Done{std::make_shared<Body>(body, std::tuple<std::decay_t<Args>...>(std::move(given)...))};
}

/// The same, shown with the job.
Outcome with_result(Outcome outcome, std::string json);

}  // namespace kinora::jobs
