#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace kinora::http {

/// Bounds how many requests are worked on at once, so that under any load those let in are answered soon. Any thread.
class Turnstile {
 public:
  explicit Turnstile(std::size_t places) : places_(places) {}

  /// Holds a place as long as it lives; false when there was none.
  class Pass {
   public:
    Pass() = default;
    explicit Pass(Turnstile& from) : from_(&from) {}
    Pass(Pass&& other) noexcept : from_(std::exchange(other.from_, nullptr)) {}
    Pass& operator=(Pass&&) = delete;
    ~Pass() {
      if (from_ != nullptr) from_->taken_.fetch_sub(1, std::memory_order_relaxed);
    }
    explicit operator bool() const { return from_ != nullptr; }

   private:
    Turnstile* from_ = nullptr;
  };

  Pass enter() {
    if (taken_.fetch_add(1, std::memory_order_relaxed) < places_) return Pass(*this);
    taken_.fetch_sub(1, std::memory_order_relaxed);
    return {};
  }

 private:
  std::size_t places_;
  std::atomic<std::size_t> taken_ = 0;
};

}  // namespace kinora::http
