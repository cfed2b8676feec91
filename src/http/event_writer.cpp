#include "http/event_writer.hpp"

#include "base/deadline.hpp"
#include "base/sync.hpp"
#include "base/task_group.hpp"

namespace kinora::http {

namespace {

constexpr std::size_t buffer_bytes_max = 64 * 1024;

/// Frames between the function, which waits for room, and the writer, which takes all there is at once.
class EventBuffer final : public EventSink {
 public:
  Task<Result<void>> send(ServerEvent event) override {
    auto frame = frame_of(event);
    const bool taken = co_await ok(waiting_.until([this] { return room(); }));
    if (!taken) co_return fail(ErrorKind::cancelled, "the client has gone");
    waiting_.change([&] { frames_ += frame; }, everyone);
    co_return {};
  }

  /// Nothing once the buffer is closed and empty.
  Task<Result<std::optional<std::string>>> take() {
    auto frames = co_await ok(waiting_.until([this] { return whatever_there_is(); }));
    waiting_.change([] {}, everyone);
    co_return frames;
  }

  void close() {
    waiting_.change([this] { closed_ = true; }, everyone);
  }

 private:
  // One frame may overshoot: it is small, or the only one.
  std::optional<bool> room() const {
    if (closed_) return false;
    return frames_.size() < buffer_bytes_max ? std::optional(true) : std::nullopt;
  }
  std::optional<std::optional<std::string>> whatever_there_is() {
    if (frames_.empty() && !closed_) return std::nullopt;
    if (frames_.empty()) return std::optional(std::optional<std::string>());
    return std::optional(std::optional(std::exchange(frames_, {})));
  }

  WaitList waiting_;
  std::string frames_;
  bool closed_ = false;
};

Task<void> run_stream(EventStream& stream, EventBuffer& buffer, Result<void>& outcome) {
  outcome = co_await stream.run(buffer);
  buffer.close();
}

Task<Result<void>> write_frames(Wire& wire, EventBuffer& buffer, const Limits& limits) {
  while (true) {
    wire.watch().never_expire();
    auto taken = co_await within(limits.event_pause, buffer.take());
    const bool silent = !taken && taken.error().kind == ErrorKind::timeout;
    if (!taken && !silent) co_return std::unexpected(std::move(taken.error()));
    if (taken && !*taken) co_return {};
    const auto text = silent ? std::string(":\n\n") : **std::move(taken);
    co_await ok(wire.write(text, {}, limits.write_time));
  }
}

}  // namespace

Task<Result<void>> write_events(Wire& wire, EventStream& stream, const Limits& limits) {
  wire.watch().enter(Watch::Phase::streaming);
  const auto retry = "retry: " + std::to_string(stream.retry.count()) + "\n\n";
  co_await ok(wire.write(retry, {}, limits.write_time));

  // On the connection's own strand: the two fibers take turns and share the buffer without a race.
  Fiber& fiber = co_await this_fiber;
  EventBuffer buffer;
  Result<void> outcome;
  TaskGroup group(fiber.executor);
  group.spawn(run_stream(stream, buffer, outcome), fiber.executor);
  auto written = co_await write_frames(wire, buffer, limits);
  buffer.close();
  if (!written) group.stop();
  co_await group.join();
  co_return written ? outcome : written;
}

}  // namespace kinora::http
