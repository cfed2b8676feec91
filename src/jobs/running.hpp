#pragma once

#include "jobs/queue.hpp"

/// What queue.cpp and endings.cpp share of an attempt on this node.
namespace kinora::jobs {

/// `fiber` may be touched only on its own executor.
struct Queue::Running {
  std::shared_ptr<Context::Attempt> attempt;
  Fiber* fiber = nullptr;
  asio::any_io_executor executor{};
  Event over{};
  double shown = 0;  ///< progress, by show_progress()
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
};

/// A scratch folder, on a pool.
inline void remove_folder(std::filesystem::path path) {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

}  // namespace kinora::jobs
