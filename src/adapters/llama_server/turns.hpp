#pragma once

#include <cstddef>
#include <optional>

#include "base/task.hpp"
#include "base/wait_list.hpp"
#include "ports/language_model.hpp"

namespace kinora {

/// One at a time, and who has a person waiting before all others. Any thread.
class Turns {
 public:
  class Turn {
   public:
    explicit Turn(Turns& turns) : turns_(&turns) {}
    Turn(Turn&& other) noexcept : turns_(std::exchange(other.turns_, nullptr)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (turns_ != nullptr) turns_->state_.change([this] { turns_->taken_ = false; }, everyone);
    }

   private:
    Turns* turns_;
  };

  Task<Result<Turn>> take(Urgency urgency) {
    const Waiting waiting(*this, urgency);
    co_await ok(state_.until([this, urgency] { return try_take(urgency); }));
    co_return Turn(*this);
  }

 private:
  static constexpr auto everyone = static_cast<std::size_t>(-1);

  /// Counts a person while he waits.
  class Waiting {
   public:
    Waiting(Turns& turns, Urgency urgency) : turns_(turns), is_person_(urgency == Urgency::person) { count(1); }
    Waiting(const Waiting&) = delete;
    ~Waiting() { count(-1); }

   private:
    void count(int by) {
      if (is_person_) turns_.state_.change([&] { turns_.persons_ += by; }, everyone);
    }
    Turns& turns_;
    bool is_person_;
  };

  std::optional<bool> try_take(Urgency urgency) {
    if (taken_ || (urgency == Urgency::batch && persons_ > 0)) return std::nullopt;
    taken_ = true;
    return true;
  }

  WaitList state_;  ///< guards what follows
  bool taken_ = false;
  int persons_ = 0;
};

}  // namespace kinora
