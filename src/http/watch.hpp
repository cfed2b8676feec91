#pragma once

#include <atomic>
#include <chrono>
#include <list>
#include <memory>

#include "base/sync.hpp"
#include "base/task.hpp"

namespace kinora::http {

/// One connection as the watchdog sees it. The connection writes its phase and deadline with two plain stores, so that a
/// request costs no timer; the watchdog looks at all of them once per tick.
class Watch : public std::enable_shared_from_this<Watch> {
 public:
  enum class Phase : std::uint8_t {
    idle,       ///< between requests: may be closed when the server stops
    receiving,  ///< head or body on its way: a closed socket shows in the read
    working,    ///< nothing is read: only the watchdog sees that the client has gone
    streaming,  ///< the same, without an end of its own
  };
  using Clock = std::chrono::steady_clock;

  Watch(Fiber& fiber, int descriptor) : fiber_(&fiber), descriptor_(descriptor), executor_(fiber.executor) {}

  // By the connection, on its executor.
  void enter(Phase phase) { phase_.store(phase, std::memory_order_relaxed); }
  void expire_in(std::chrono::milliseconds time) { expire_at(Clock::now() + time); }
  void expire_at(Clock::time_point time) { deadline_.store(time.time_since_epoch().count(), std::memory_order_relaxed); }
  void never_expire() { expire_at(Clock::time_point::max()); }
  Clock::time_point deadline() const { return Clock::time_point(Clock::duration(deadline_.load(std::memory_order_relaxed))); }
  /// Its fiber and socket end: from here on nothing touches them.
  void end() { fiber_ = nullptr; }
  /// The server is stopping: no further request.
  bool is_draining() const { return draining_.load(std::memory_order_relaxed); }

  // By the watchdog, any thread.
  void look();
  void drain();

 private:
  bool client_has_gone() const;
  void stop(ErrorKind why);

  std::atomic<Clock::rep> deadline_ = Clock::time_point::max().time_since_epoch().count();
  std::atomic<Phase> phase_ = Phase::idle;
  std::atomic<bool> draining_ = false;
  Fiber* fiber_;  // on its executor only
  int descriptor_;
  asio::any_io_executor executor_;
};

/// Ends what lasts too long or has lost its client. Any thread.
class Watchdog {
 public:
  /// While it lives, the connection is watched.
  class Leash {
   public:
    Leash(Watchdog& owner, std::shared_ptr<Watch> watch);
    Leash(const Leash&) = delete;
    ~Leash();
    Watch& watch() { return *watch_; }

   private:
    Watchdog& owner_;
    std::shared_ptr<Watch> watch_;  // shared with looks that are under way on the connection's executor
    std::list<std::shared_ptr<Watch>>::iterator place_;
  };

  /// Looks at every connection each `tick` until its fiber is stopped.
  Task<void> run(std::chrono::milliseconds tick);
  /// Ends idle connections and streams; the others end with their request.
  void drain();
  std::size_t size() const;

 private:
  Guarded<std::list<std::shared_ptr<Watch>>> watches_;
};

}  // namespace kinora::http
