#pragma once

#include "base/caller.hpp"
#include "modules/media/video.hpp"
#include "ports/search_index.hpp"

namespace kinora::media {

/// The one rule of who sees a video. Unlisted ones are seen by whoever knows their id, but never listed or found; deleted ones
/// by the server itself alone, whose jobs go on until they are really gone.
bool may_see(const Caller& caller, const Video& video);
/// Without knowing its id.
bool may_find(const Caller& caller, const Video& video);
bool may_change(const Caller& caller, const Video& video);
bool may_restore(const Caller& caller, const Video& video);

/// The same rule as a filter for searches: what the caller may find.
SearchScope scope_of(const Caller& caller);

}  // namespace kinora::media
