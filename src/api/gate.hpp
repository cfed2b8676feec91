#pragma once

#include "api/rate_limits.hpp"
#include "http/cors.hpp"
#include "http/gate.hpp"
#include "modules/accounts/accounts.hpp"

namespace kinora::api {

/// Who calls, may he, within limits: turns credentials into a Caller, holds him to the route's access rule and scope, and
/// counts him. Any thread.
class AccountsGate final : public http::Gate {
 public:
  /// `allowed_pages` may use a session's cookie from their own origin.
  AccountsGate(accounts::Accounts& accounts, Meter& meter, http::CorsRules allowed_pages)
      : accounts_(accounts), meter_(meter), allowed_pages_(std::move(allowed_pages)) {}
  Task<Result<http::Admitted>> admit(const http::Head& head, const http::RouteSpec& route) override;
  Task<Result<bool>> still_admits(Caller caller) override { return accounts_.is_still_in(std::move(caller)); }

 private:
  Task<Result<Caller>> identify(const http::Head& head, const http::RouteSpec& route, Caller anonymous);
  Task<Result<Caller>> identify_by_cookie(const http::Head& head, Caller anonymous);

  accounts::Accounts& accounts_;
  Meter& meter_;
  http::CorsRules allowed_pages_;
};

}  // namespace kinora::api
