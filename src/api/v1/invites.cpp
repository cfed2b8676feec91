#include "api/v1/credentials.hpp"

namespace kinora::api::v1 {

Task<Result<http::Created<InviteView>>> invite(Services& app, Caller caller, MakeInvite ask) {
  std::optional<std::string> email;
  if (ask.body.email) email = ask.body.email->value;
  const auto made = co_await ok(app.accounts.invite(std::move(caller), std::move(email), ask.body.role));
  InviteView view{.id = made.id,
                  .email = made.email,
                  .role = made.role,
                  .expires_at = made.expires_at,
                  .url = "/setup?invite=" + made.token,
                  .created_at = made.created_at,
                  .updated_at = made.created_at};
  co_return http::Created<InviteView>{"/api/v1/invites/" + made.id.text(), std::move(view)};
}

}  // namespace kinora::api::v1
