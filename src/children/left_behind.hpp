#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace kinora {

struct LeftBehind {
  int process_id = 0;
  std::string program;
  std::filesystem::path folder;  ///< in which it works
};

/// Processes that work inside one of `folders`, which are absolute. Children work in the scratch folder they were given, so
/// without a server there are none: the parent-death signal took them. What belongs to other users may stay unseen.
std::vector<LeftBehind> processes_inside(const std::vector<std::filesystem::path>& folders);

}  // namespace kinora
