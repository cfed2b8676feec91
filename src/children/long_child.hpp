#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include "base/log.hpp"
#include "base/task.hpp"
#include "base/wait_list.hpp"
#include "children/launcher.hpp"

namespace kinora {

struct LongChildSettings {
  std::string name;                 ///< for logs and errors: llama-server
  std::function<ChildSpec()> spec;  ///< asked at each start; a socket belongs into its scratch folder (path <= 107 bytes)
  std::function<Task<Result<void>>()> ready;  ///< succeeds once the child answers; asked again and again while it starts
  std::chrono::steady_clock::duration start_limit = std::chrono::seconds(60);
  std::chrono::steady_clock::duration idle_limit = std::chrono::minutes(5);
  std::chrono::steady_clock::duration ready_pause = std::chrono::milliseconds(50);
  /// After a start that failed or a crash; doubles up to `rest_max`, and falls back once the child was ready.
  std::chrono::steady_clock::duration rest_min = std::chrono::seconds(1);
  std::chrono::steady_clock::duration rest_max = std::chrono::seconds(60);
};

/// A child that serves requests: started when somebody uses it, stopped when nobody has for a while, started again with growing
/// pauses when it dies. Any thread.
class LongChild {
 public:
  LongChild(Launcher& launcher, Log& log, LongChildSettings settings)
      : launcher_(launcher), log_(log), settings_(std::move(settings)), rest_(settings_.rest_min) {}
  LongChild(const LongChild&) = delete;

  /// Keeps the child from being idle while it lives.
  class Use {
   public:
    explicit Use(LongChild& child) : child_(&child) {}
    Use(Use&& other) noexcept : child_(std::exchange(other.child_, nullptr)) {}
    Use& operator=(Use&&) = delete;
    ~Use() {
      if (child_ != nullptr) child_->give_back();
    }

   private:
    LongChild* child_;
  };

  /// Runs the child whenever it is wanted, until its fiber is stopped: spawn it in the group of the service that owns this.
  Task<void> serve();

  /// Waits until the child answers. Errors: unavailable (it does not start, or rests after a crash), cancelled, timeout.
  Task<Result<Use>> use();

  bool is_ready() {
    return state_.look([this] { return phase_ == Phase::ready; });
  }

 private:
  enum class Phase : std::uint8_t { idle, starting, ready, ended, resting, closed };

  Task<Result<void>> serve_until_stopped();
  Task<Result<void>> run_once();
  Task<void> run_child();
  Task<Result<void>> until_ready();
  Task<Result<void>> until_unused();
  Task<Result<void>> wait_for_use_or_end();
  Task<Result<void>> rest(Error why);
  void enter(Phase phase);
  bool has_ended();
  bool retire();
  void give_back();

  Launcher& launcher_;
  Log& log_;
  LongChildSettings settings_;
  std::chrono::steady_clock::duration rest_;

  WaitList state_;  ///< guards what follows
  Phase phase_ = Phase::idle;
  std::size_t users_ = 0;
  std::string last_failure_;
};

}  // namespace kinora
