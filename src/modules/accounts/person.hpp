#pragma once

#include "base/caller.hpp"
#include "base/time.hpp"

namespace kinora::accounts {

/// Who asks, out of a row that names an account: expired premium is free.
template <class Known>
Caller person(Caller caller, const Known& known, Time now) {
  const bool premium = known.plan == Plan::premium && (!known.plan_expires_at || *known.plan_expires_at > now);
  caller.kind = Caller::Kind::person;
  caller.user = known.user;
  caller.role = known.role;
  caller.plan = premium ? Plan::premium : Plan::free;
  return caller;
}

}  // namespace kinora::accounts
