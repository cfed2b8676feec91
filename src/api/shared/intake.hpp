#pragma once

#include <string>
#include <string_view>

#include "modules/media/media.hpp"

namespace kinora::api {

/// Sets what a client says of a new video, by its name: title, description, visibility, language; other names are passed over.
/// `pointer` is where the names stand in the request: /body. Errors: invalid, with the field.
Result<void> set_field(media::NewVideo& video, std::string_view pointer, const std::string& name, std::string text);

/// One wrong field of a request that is not read by its types.
std::unexpected<Error> wrong_field(std::string_view pointer, const std::string& name, std::string code, std::string message);

}  // namespace kinora::api
