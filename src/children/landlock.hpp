#pragma once

#include <span>
#include <string_view>

#include "base/result.hpp"

namespace kinora {

/// Which files this process, and all it becomes, may open. Descriptors, because the paths may lie in folders that only the
/// server may enter.
struct FileRules {
  std::span<const std::string_view> system;  ///< paths to read; absent ones are passed over
  std::span<const int> readable;             ///< files and folders to read
  int writable = -1;                         ///< the folder to read, write, create and remove in
  int program = -1;                          ///< with its loader the only thing that can be executed
};

/// Whether this kernel has it.
bool has_landlock();

/// Landlock (Linux 5.13 and later); for good. An old kernel, or one without it in its `lsm=` list, yields unavailable.
Result<void> restrict_files(const FileRules& rules);

}  // namespace kinora
