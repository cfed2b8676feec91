#include "modules/media/visibility.hpp"

namespace kinora::media {

namespace {

bool is_owner(const Caller& caller, const Video& video) {
  return caller.is_admin() || (caller.is_person() && caller.user == video.owner);
}

}  // namespace

bool may_see(const Caller& caller, const Video& video) {
  if (video.deleted_at) return caller.kind == Caller::Kind::system;
  return may_change(caller, video) || video.visibility != Visibility::private_;
}

bool may_find(const Caller& caller, const Video& video) {
  return may_see(caller, video) && (may_change(caller, video) || video.visibility == Visibility::public_);
}

bool may_change(const Caller& caller, const Video& video) {
  if (caller.kind == Caller::Kind::system) return true;
  return !video.deleted_at && is_owner(caller, video);
}

bool may_restore(const Caller& caller, const Video& video) { return video.deleted_at && is_owner(caller, video); }

SearchScope scope_of(const Caller& caller) {
  SearchScope scope;
  scope.public_videos = true;
  if (caller.is_person()) scope.owner = caller.user;
  return scope;
}

}  // namespace kinora::media
