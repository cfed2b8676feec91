#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace kinora {

/// SHA-256 (FIPS 180-4) of a whole file, as lower-case hex. Blocks: about a second for a gigabyte. Errors: unavailable (it
/// cannot be read).
Result<std::string> sha256_of_file(const std::filesystem::path& file);

}  // namespace kinora
