#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

#include "base/task.hpp"
#include "base/wait_list.hpp"

namespace kinora::jobs {

/// The processor cores of this node, as tokens that attempts hold while they work. Strictly first come, first served: who asks
/// for many is not overtaken by those who ask for few, so nobody waits for ever. Any thread.
class CpuBudget {
 public:
  explicit CpuBudget(std::size_t cores) : cores_(cores), free_(cores) {}
  CpuBudget(const CpuBudget&) = delete;

  /// Gives its tokens back when it goes.
  class Share {
   public:
    Share(CpuBudget& from, std::size_t cores) : from_(&from), cores_(cores) {}
    Share(Share&& other) noexcept : from_(std::exchange(other.from_, nullptr)), cores_(other.cores_) {}
    Share& operator=(Share&&) = delete;
    ~Share() {
      if (from_ != nullptr) from_->give_back(cores_);
    }

   private:
    CpuBudget* from_;
    std::size_t cores_;
  };

  /// Waits for its turn; more than there are in all count as all, none are had at once. All at one time: who holds a share asks
  /// for no second one, so there is no deadlock.
  Task<Result<Share>> take(std::size_t cores);

 private:
  std::uint64_t stand_in_line();
  bool is_served(std::uint64_t ticket, std::size_t cores);
  void give_back(std::size_t cores);

  const std::size_t cores_;
  WaitList waiting_;  ///< guards what follows
  std::size_t free_;
  std::deque<std::uint64_t> line_;
  std::uint64_t next_ticket_ = 0;
};

}  // namespace kinora::jobs
