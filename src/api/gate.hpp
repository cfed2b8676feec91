#pragma once

#include "http/gate.hpp"
#include "modules/accounts/accounts.hpp"

namespace kinora::api {

/// Who calls, and may he: turns credentials into a Caller and holds him to the route's access rule. Any thread.
class AccountsGate final : public http::Gate {
 public:
  explicit AccountsGate(accounts::Accounts& accounts) : accounts_(accounts) {}
  Task<Result<http::Admitted>> admit(const http::Head& head, const http::RouteSpec& route) override;

 private:
  accounts::Accounts& accounts_;
};

}  // namespace kinora::api
