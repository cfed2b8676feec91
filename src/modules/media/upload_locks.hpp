#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>

#include "base/ids.hpp"
#include "base/sync.hpp"
#include "base/task.hpp"

namespace kinora::media {

struct UploadLockTimes {
  std::chrono::milliseconds silence{1000};   ///< a holder who received nothing for so long has lost his client
  std::chrono::milliseconds patience{2000};  ///< how long one waits for the holder to end
};

/// At most one request works on an upload. A client that lost its line comes back while the server still listens to the dead
/// one: who asks ends a holder that has fallen silent, and waits until it has kept what it has. Any thread.
class UploadLocks {
 public:
  explicit UploadLocks(UploadLockTimes times) : times_(times) {}

  /// Lives and dies on the fiber that acquired it.
  class Hold {
   public:
    Hold(Hold&&) noexcept = default;
    Hold& operator=(Hold&&) = delete;
    ~Hold();
    /// A byte has come: the client is there.
    void touch();

   private:
    friend class UploadLocks;
    struct Holder;
    Hold(UploadLocks& owner, UploadId id, std::shared_ptr<Holder> holder);
    UploadLocks* owner_;
    UploadId id_;
    std::shared_ptr<Holder> holder_;  // shared with those who wait for its end
  };

  /// Errors: conflict (locked) when the holder is still receiving.
  Task<Result<Hold>> acquire(UploadId id);

 private:
  UploadLockTimes times_;
  Guarded<std::map<Uuid, std::shared_ptr<Hold::Holder>>> holders_;
};

}  // namespace kinora::media
