#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.hpp"

namespace kinora::app {

/// Writes a file that only we can read: when this returns, it is whole and survives a power cut; before, there is no such file.
/// Errors: unavailable.
Result<void> write_private_file(const std::filesystem::path& file, std::string_view content);

}  // namespace kinora::app
