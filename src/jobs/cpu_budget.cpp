#include "jobs/cpu_budget.hpp"

#include <algorithm>

#include "base/sync.hpp"

namespace kinora::jobs {

Task<Result<CpuBudget::Share>> CpuBudget::take(std::size_t cores) {
  if (cores == 0) co_return Share(*this, 0);
  cores = std::min(cores, cores_);
  const auto ticket = stand_in_line();
  const auto served = co_await waiting_.until(
      [this, ticket, cores] { return is_served(ticket, cores) ? std::optional(std::monostate{}) : std::nullopt; });
  // The line has moved, by a place taken or a place given up: whoever is first now looks again.
  waiting_.change([&] { std::erase(line_, ticket); }, everyone);
  if (!served) co_return std::unexpected(served.error());
  co_return Share(*this, cores);
}

std::uint64_t CpuBudget::stand_in_line() {
  std::uint64_t ticket = 0;
  waiting_.change(
      [&] {
        ticket = next_ticket_++;
        line_.push_back(ticket);
      },
      0);
  return ticket;
}

bool CpuBudget::is_served(std::uint64_t ticket, std::size_t cores) {
  if (line_.front() != ticket || free_ < cores) return false;
  free_ -= cores;
  line_.pop_front();
  return true;
}

void CpuBudget::give_back(std::size_t cores) {
  waiting_.change([&] { free_ += cores; }, everyone);
}

}  // namespace kinora::jobs
