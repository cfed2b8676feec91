#include "http/event_writer.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>

#include "base/deadline.hpp"
#include "base/sync.hpp"
#include "base/task_group.hpp"
#include "base/uncaught.hpp"

namespace kinora::http {

namespace {

// A reader that stalls holds it twice: what is being written, and what waits.
constexpr std::size_t buffer_bytes_max = 24 * 1024;
constexpr int kernel_bytes_max = 16 * 1024;

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

/// Left alone, the kernel buffers megabytes for a reader that stalls, and what he reads at last is long past.
void bound_kernel_buffer(Transport& transport) {
  ::setsockopt(transport.socket().native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kernel_bytes_max, sizeof(kernel_bytes_max));
}

Task<void> run_stream(EventStream& stream, EventBuffer& buffer, Result<void>& outcome) {
  try {
    outcome = co_await stream.run(buffer);
  } catch (const std::exception& thrown) {  // third parties throw; one stream is all it may cost
    outcome = std::unexpected(uncaught(thrown));
  }
  buffer.close();
}

/// Asks now and then whether the caller is still let in.
class Doorkeeper {
 public:
  Doorkeeper(StillAdmitted still_admitted, std::chrono::milliseconds pause)
      : still_admitted_(std::move(still_admitted)), pause_(pause) {}

  Task<Result<void>> look() {
    const auto now = std::chrono::steady_clock::now();
    if (now - looked_ < pause_) co_return {};
    looked_ = now;
    if (!co_await ok(still_admitted_())) co_return fail(ErrorKind::unauthorised, "the session of this stream has ended");
    co_return {};
  }

 private:
  StillAdmitted still_admitted_;
  std::chrono::milliseconds pause_;
  std::chrono::steady_clock::time_point looked_ = std::chrono::steady_clock::now();
};

/// Yields nothing at the end of the stream, and an empty text when it was silent.
Task<Result<std::optional<std::string>>> next_frames(EventBuffer& buffer, std::chrono::milliseconds patience) {
  auto taken = co_await within(patience, buffer.take());
  if (!taken && taken.error().kind == ErrorKind::timeout) co_return std::optional(std::string());
  co_return taken;
}

Task<Result<void>> write_frames(Wire& wire, EventBuffer& buffer, const Limits& limits, StillAdmitted still_admitted) {
  Doorkeeper doorkeeper(std::move(still_admitted), limits.event_check);
  const auto patience = std::min(limits.event_pause, limits.event_check);
  auto silence = 0ms;
  while (true) {
    wire.watch().never_expire();
    auto frames = co_await ok(next_frames(buffer, patience));
    if (!frames) co_return {};
    co_await ok(doorkeeper.look());
    silence = frames->empty() ? silence + patience : 0ms;
    if (frames->empty() && silence < limits.event_pause) continue;
    if (frames->empty()) *frames = ":\n\n";
    co_await ok(wire.write(*frames, {}, limits.write_time));
    silence = 0ms;
  }
}

}  // namespace

Task<Result<void>> write_events(Wire& wire, EventStream& stream, const Limits& limits, StillAdmitted still_admitted) {
  wire.watch().enter(Watch::Phase::streaming);
  bound_kernel_buffer(wire.transport());
  const auto retry = "retry: " + std::to_string(stream.retry.count()) + "\n\n";
  co_await ok(wire.write(retry, {}, limits.write_time));

  // On the connection's own strand: the two fibers take turns and share the buffer without a race.
  Fiber& fiber = co_await this_fiber;
  EventBuffer buffer;
  Result<void> outcome;
  TaskGroup group(fiber.executor);
  group.spawn(run_stream(stream, buffer, outcome), fiber.executor);
  auto written = co_await write_frames(wire, buffer, limits, std::move(still_admitted));
  buffer.close();
  if (!written) group.stop();
  co_await group.join();
  co_return written ? outcome : written;
}

}  // namespace kinora::http
