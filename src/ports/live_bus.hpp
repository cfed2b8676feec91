#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"

namespace kinora {

/// One thing as it is now. The text is shared, because it is made once and sent to many; it may be absent where the change
/// itself is the news.
struct LiveUpdate {
  std::string key;
  std::shared_ptr<const std::string> value{};
};

struct LiveNews {
  std::vector<LiveUpdate> updates{};
  bool missed = false;  ///< more keys changed than are kept: look at everything anew
};

/// What one watcher has not taken yet: the latest value of each key, the key that waits longest first. A watcher that does not
/// look costs at most 256 keys. One fiber at a time; ended before the bus.
class LiveFeed {
 public:
  virtual ~LiveFeed() = default;
  /// Waits until there is something; yields cancelled or timeout when the fiber is stopped.
  virtual Task<Result<LiveNews>> next() = 0;
};

/// Best-effort fan-out of what goes on now (progress) to whoever watches, on any node. Nothing is kept for those who come
/// later, and older values of a key are dropped for newer ones: what must not be lost is a row first. Any thread.
class LiveBus {
 public:
  virtual ~LiveBus() = default;
  /// Quick and without errors, so that it may be called where a transaction has just been committed. Values of one key that one
  /// thread publishes arrive in order.
  virtual void publish(std::string_view topic, LiveUpdate update) = 0;
  /// Hears all that is published on the topic from now on.
  virtual std::unique_ptr<LiveFeed> subscribe(std::string topic) = 0;
};

}  // namespace kinora
