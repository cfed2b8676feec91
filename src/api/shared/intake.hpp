#pragma once

#include <string>
#include <string_view>

#include "http/types.hpp"
#include "modules/media/media.hpp"

namespace kinora::api {

/// What a client may say of a new video, in a form or in the metadata of an upload.
struct VideoFields {
  http::Optional<http::Text<0, 500>> title;
  http::Optional<http::Text<0, 5000>> description;
  http::Optional<http::OneOf<media::Visibility>> visibility;
  http::Optional<http::Text<0, 35>> language;  ///< as long as RFC 5646 has it, 4.4.1
};

/// Sets one of them by its name; other names are passed over. `pointer` is where the names stand in the request: /body. Errors:
/// invalid, with the field.
Result<void> set_field(VideoFields& fields, std::string_view pointer, std::string_view name, std::string_view text);
media::NewVideo new_video(VideoFields fields);

/// One wrong field of a request that is not read by its types.
std::unexpected<Error> wrong_field(std::string_view pointer, const std::string& name, std::string code, std::string message);

}  // namespace kinora::api
