#include "adapters/database/sqlite/writer.hpp"

#include "adapters/database/sqlite/body_run.hpp"
#include "base/deadline.hpp"
#include "base/failpoints.hpp"

namespace kinora {

namespace {

constexpr std::size_t waiting_max = 1024;
constexpr std::size_t batch_max = 64;
constexpr auto batch_time_max = std::chrono::milliseconds(5);

}  // namespace

SqliteWriter::SqliteWriter(std::unique_ptr<SqliteConnection> connection, SqliteReaders& readers, Log& log)
    : connection_(std::move(connection)), readers_(readers), log_(log), queue_(waiting_max), thread_([this] { work(); }) {}

SqliteWriter::~SqliteWriter() {
  queue_.close();
  thread_.join();
}

Task<Result<void>> SqliteWriter::run(Caller caller, Database::Body& body) {
  Fiber& fiber = co_await this_fiber;
  // Tracked: the fiber's io_context must not return for want of work while the writer works for it.
  auto home = asio::prefer(fiber.executor, asio::execution::outstanding_work.tracked);
  WriteRequest request{std::move(caller), &body, std::move(home)};
  if (!queue_.push(request))
    co_return fail(ErrorKind::unavailable, "too many writes wait for the database, or it is closing; try again in a moment");

  auto waited = co_await request.done.wait();
  if (!waited && queue_.withdraw(request)) co_return std::unexpected(std::move(waited.error()));
  // The writer holds the request until it is done, however often this fiber is stopped meanwhile.
  while (!request.done.is_set()) {
    const Shield shield(fiber);
    (void)co_await request.done.wait();
  }
  co_return std::move(request.outcome);
}

void SqliteWriter::work() {
  while (auto* request = queue_.take()) run_batch(*request);
}

void SqliteWriter::run_batch(WriteRequest& first) {
  Batch batch;
  batch.reserve(batch_max);
  readers_.begin_writing();
  const auto committed = commit(run_bodies(first, batch));
  readers_.end_writing();
  finish(batch, committed);
}

/// An error is one that ends the whole transaction.
Result<void> SqliteWriter::run_bodies(WriteRequest& first, Batch& batch) {
  const auto closes = std::chrono::steady_clock::now() + batch_time_max;
  batch.push_back(&first);
  if (refusing_) return std::unexpected(*refusing_);
  if (auto begun = connection_->execute("BEGIN IMMEDIATE"); !begun) return begun;

  while (true) {
    auto& request = *batch.back();
    request.outcome = run_body(request);
    if (!connection_->in_transaction()) return request.outcome;
    if (batch.size() == batch_max || std::chrono::steady_clock::now() >= closes) return {};
    auto* next = queue_.try_take();
    if (next == nullptr) return {};
    batch.push_back(next);
  }
}

Result<void> SqliteWriter::run_body(WriteRequest& request) {
  if (std::chrono::steady_clock::now() >= request.caller.deadline)
    return fail(ErrorKind::timeout, "the deadline passed before the write began");
  if (auto marked = connection_->execute("SAVEPOINT body"); !marked) return marked;
  BodyRun run(*connection_, request.caller, request.home);
  auto outcome = run.run(*request.body);
  request.acts = run.take_acts();
  if (!connection_->in_transaction()) return outcome;
  if (!outcome && !connection_->execute("ROLLBACK TO body")) (void)connection_->execute("ROLLBACK");
  if (connection_->in_transaction()) (void)connection_->execute("RELEASE body");
  return outcome;
}

Result<void> SqliteWriter::commit(Result<void> ran) {
  if (ran) ran = may_fail("database.commit");
  auto committed = ran ? connection_->execute("COMMIT") : std::move(ran);
  if (committed) may_end("database.committed");
  if (committed || refusing_) return committed;

  log_.error("commit failed", {{"reason", std::string_view(committed.error().message)}});
  // The kernel forgets the pages of a failed fsync: a second one would succeed without them. Only a restart, which reads the
  // disk again, can tell what is there.
  if (connection_->lost_sync()) refusing_ = committed.error();
  if (connection_->in_transaction()) (void)connection_->execute("ROLLBACK");
  return committed;
}

void SqliteWriter::finish(const Batch& batch, const Result<void>& committed) {
  for (auto* request : batch) {
    if (!committed && request->outcome) request->outcome = std::unexpected(committed.error());
    if (!request->outcome) continue;
    for (const auto& act : request->acts) act();
  }
  for (auto* request : batch) request->done.set();
}

}  // namespace kinora
