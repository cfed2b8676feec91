#pragma once

#include "base/time.hpp"

namespace kinora {

/// The only way to ask for the time of day. Any thread. Leases and cron compare with the database's `db_now()` instead.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

}  // namespace kinora
