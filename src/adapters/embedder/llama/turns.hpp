#pragma once

#include <cstddef>
#include <optional>

#include "base/task.hpp"
#include "base/wait_list.hpp"
#include "ports/embedder.hpp"

namespace kinora::embedding {

/// One at a time, and who asks for a query before all who bring passages: a person waits for it. Any thread.
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

  Task<Result<Turn>> take(EmbeddingRole role) {
    const Waiting waiting(*this, role);
    co_await ok(state_.until([this, role] { return try_take(role); }));
    co_return Turn(*this);
  }

 private:
  static constexpr auto everyone = static_cast<std::size_t>(-1);

  /// Counts a query while it waits.
  class Waiting {
   public:
    Waiting(Turns& turns, EmbeddingRole role) : turns_(turns), query_(role == EmbeddingRole::query) { count(1); }
    Waiting(const Waiting&) = delete;
    ~Waiting() { count(-1); }

   private:
    void count(int by) {
      if (query_) turns_.state_.change([&] { turns_.queries_ += by; }, everyone);
    }
    Turns& turns_;
    bool query_;
  };

  std::optional<bool> try_take(EmbeddingRole role) {
    if (taken_ || (role == EmbeddingRole::passage && queries_ > 0)) return std::nullopt;
    taken_ = true;
    return true;
  }

  WaitList state_;  ///< guards what follows
  bool taken_ = false;
  int queries_ = 0;
};

}  // namespace kinora::embedding
