#pragma once

#include <string>
#include <string_view>

namespace kinora {

/// SHA-256 (FIPS 180-4) of a text, as hex in lower case.
std::string sha256_of(std::string_view text);

}  // namespace kinora
