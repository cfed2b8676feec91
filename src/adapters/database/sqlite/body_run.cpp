#include "adapters/database/sqlite/body_run.hpp"

#include <exception>

namespace kinora {

namespace {

struct End final : detail::Waiter {
  bool reached = false;
  std::coroutine_handle<> next() noexcept override {
    reached = true;
    return std::noop_coroutine();
  }
};

Result<void> run_here(Task<Result<void>> task, asio::any_io_executor home) {
  Fiber fiber(std::move(home));
  fiber.in_transaction = true;
  End end;
  task.start(fiber, end).resume();
  if (!end.reached) Fiber::broken_transaction_rule("something that is no statement");
  try {
    return task.take();
  } catch (const std::exception& thrown) {
    return fail(ErrorKind::internal, std::string("a transaction body threw: ") + thrown.what());
  }
}

}  // namespace

Result<void> BodyRun::run(Database::Body& body) {
  auto outcome = run_here(body.attempt(Transaction(*this)), home_);
  if (outcome && failed_) return std::unexpected(*std::move(failed_));
  return outcome;
}

Task<Result<std::int64_t>> BodyRun::run(Sql sql, Params params, RowSink sink) {
  if (failed_) co_return std::unexpected(*failed_);
  auto changed = connection_.run(sql.text, params, sink);
  if (!changed) failed_ = changed.error();
  co_return changed;
}

}  // namespace kinora
