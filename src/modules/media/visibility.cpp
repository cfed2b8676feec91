#include "modules/media/visibility.hpp"

namespace kinora::media {

bool may_see(const Caller& caller, const Video& video) {
  return may_change(caller, video) || video.visibility != Visibility::private_;
}

bool may_change(const Caller& caller, const Video& video) {
  if (caller.kind == Caller::Kind::system || caller.is_admin()) return true;
  return caller.is_person() && caller.user == video.owner;
}

SearchScope scope_of(const Caller& caller) {
  SearchScope scope;
  scope.public_videos = true;
  if (caller.is_person()) scope.owner = caller.user;
  return scope;
}

}  // namespace kinora::media
