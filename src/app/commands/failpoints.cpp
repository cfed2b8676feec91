#include "app/commands/failpoints.hpp"

#include <fmt/core.h>

#include "app/command_line.hpp"

namespace kinora::app {

int list_failpoints(const Config&) {
  for (const auto& [name, step, when] : failpoints)
    fmt::print("{}\t{}\t{}\n", name, step == Step::open ? "open" : "done", when);
  return exit_success;
}

}  // namespace kinora::app
