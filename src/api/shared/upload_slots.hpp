#pragma once

#include <map>
#include <optional>

#include "base/ids.hpp"
#include "base/sync.hpp"

namespace kinora::api {

/// How many uploads of one account send bytes at the same time: counted by connections, not by requests. Any thread.
class UploadSlots {
 public:
  static constexpr std::size_t of_one_user = 4;

  /// One upload's place; free again when it goes.
  class Slot {
   public:
    Slot(UploadSlots& from, UserId user) : from_(&from), user_(user) {}
    Slot(Slot&& other) noexcept : from_(std::exchange(other.from_, nullptr)), user_(other.user_) {}
    Slot& operator=(Slot&&) = delete;
    ~Slot() {
      if (from_ != nullptr) from_->give_back(user_);
    }

   private:
    UploadSlots* from_;
    UserId user_;
  };

  /// Errors: rate_limited while the account has as many as it may.
  Result<Slot> take(UserId user) {
    const bool taken = taken_.with([user](Taken& taken) {
      auto& count = taken[user];
      if (count == of_one_user) return false;
      ++count;
      return true;
    });
    if (taken) return Slot(*this, user);
    return fail(ErrorKind::rate_limited, "an account sends at most 4 uploads at once; wait until one has ended");
  }

 private:
  using Taken = std::map<UserId, std::size_t>;

  void give_back(UserId user) {
    taken_.with([user](Taken& taken) {
      const auto found = taken.find(user);
      if (--found->second == 0) taken.erase(found);
    });
  }

  Guarded<Taken> taken_;
};

}  // namespace kinora::api
