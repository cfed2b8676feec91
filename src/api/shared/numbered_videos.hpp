#pragma once

#include "api/services.hpp"
#include "http/types.hpp"

namespace kinora::api {

/// What a route asks when its path names a video by the number.
inline Task<Result<VideoId>> numbered_id(Services& app, Caller caller, http::Numbered<VideoId> wanted) {
  return app.media.numbered(std::move(caller), wanted.number.value_or(0));
}

}  // namespace kinora::api
