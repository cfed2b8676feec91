#include "api/v1/resources.hpp"

namespace kinora::api::v1 {

namespace {

accounts::Origin origin_of(const http::Head& head) {
  return {head.peer.address, std::string(head.header("User-Agent").value_or("").substr(0, 255))};
}

http::Created<SignInView> created(accounts::SignIn sign_in) { return {"/api/v1/users/me", view_of(std::move(sign_in))}; }

}  // namespace

Task<Result<http::Created<SignInView>>> set_up(Services& app, Caller caller, SetUp ask) {
  accounts::NewUser user{ask.body.email, ask.body.password, ask.body.name, ask.body.token};
  co_return created(co_await ok(app.accounts.set_up(std::move(caller), std::move(user), origin_of(ask.head))));
}

Task<Result<http::Created<SignInView>>> sign_up(Services& app, Caller caller, SignUp ask) {
  const auto& name = ask.body.name ? ask.body.name : ask.body.fullName;
  if (!name)
    co_return std::unexpected(Error{ErrorKind::invalid, "a name is missing", {}, {{"/body/name", "required", "is missing"}}});
  accounts::NewUser user{ask.body.email, ask.body.password, *name};
  if (ask.body.invite) user.invite = ask.body.invite->value;
  co_return created(co_await ok(app.accounts.sign_up(std::move(caller), std::move(user), origin_of(ask.head))));
}

Task<Result<http::WithHeaders<SignInView>>> log_in(Services& app, Caller caller, LogIn ask) {
  const bool wants_cookie = ask.body.cookie && *ask.body.cookie;
  if (wants_cookie) co_await ok(require_private_line(app.cookies, ask.head.peer));
  auto type = wants_cookie ? accounts::SessionType::cookie : accounts::SessionType::token;
  auto origin = origin_of(ask.head);
  auto sign_in =
      co_await ok(app.accounts.log_in(std::move(caller), ask.body.email, ask.body.password, std::move(origin), type));
  http::Headers headers;
  if (sign_in.cookie) headers.push_back(set_session_cookie(app.cookies, ask.head.peer, sign_in.cookie->value));
  co_return http::WithHeaders<SignInView>{view_of(std::move(sign_in)), std::move(headers)};
}

Task<Result<SignInView>> refresh(Services& app, Caller caller, Refresh ask) {
  auto sign_in = co_await ok(app.accounts.refresh(std::move(caller), ask.body.refresh_token));
  co_return view_of(std::move(sign_in));
}

Task<Result<UserView>> show_me(Services& app, Caller caller) {
  co_return view_of(co_await ok(app.accounts.me(std::move(caller))));
}

}  // namespace kinora::api::v1
