#include "api/gate.hpp"

#include "api/csrf.hpp"
#include "api/shared/session_cookie.hpp"
#include "http/target.hpp"

namespace kinora::api {

namespace {

using http::Access;

Caller caller_of(const http::Head& head) {
  Caller caller;
  caller.request_id = head.request_id;
  return caller;
}

std::optional<std::string> ticket_of(const http::Head& head) {
  const auto pairs = http::decode_query(head.query());
  if (!pairs) return std::nullopt;
  for (const auto& [name, value] : *pairs)
    if (name == "ticket") return value;
  return std::nullopt;
}

bool needs_credentials(Access access) { return access != Access::anyone && access != Access::optional; }

/// What keeps a caller, whoever he is, from this route.
Result<void> check(const Caller& caller, const http::RouteSpec& route) {
  if (route.access == Access::anyone) return {};
  if (!caller.is_person()) {
    if (!needs_credentials(route.access)) return {};
    return fail(ErrorKind::unauthorised, "sign in first, then send the access token as Authorization: Bearer");
  }
  const auto scope = http::scope_of(route);
  if (!caller.scopes.has(scope))
    return fail(ErrorKind::forbidden, "this API key lacks the scope " + std::string(name_of(scope)));
  if (route.access == Access::admin && !caller.is_admin()) return fail(ErrorKind::forbidden, "only an admin may do this");
  return {};
}

Error too_many(std::chrono::seconds retry_after) {
  Error error{ErrorKind::rate_limited, "too many requests; try again in " + std::to_string(retry_after.count()) + " s"};
  error.retry_after = retry_after;
  return error;
}

}  // namespace

Task<Result<http::Admitted>> AccountsGate::admit(const http::Head& head, const http::RouteSpec& route) {
  http::Admitted admitted{.caller = caller_of(head)};
  auto identified = co_await identify(head, route, admitted.caller);
  if (identified) admitted.caller = *std::move(identified);
  // Whoever fails to prove who he is counts as well: guessing tokens is what limits are for.
  auto counted = co_await ok(meter_.count(head, route, admitted.caller));
  admitted.headers = std::move(counted.headers);
  if (!counted.allowed) {
    admitted.refused = too_many(counted.retry_after);
  } else if (!identified) {
    admitted.refused = std::move(identified.error());
  } else if (auto checked = check(admitted.caller, route); !checked) {
    admitted.refused = std::move(checked.error());
  }
  co_return admitted;
}

// What was sent on purpose wins over what the browser sends by itself.
Task<Result<Caller>> AccountsGate::identify(const http::Head& head, const http::RouteSpec& route, Caller anonymous) {
  if (route.access == Access::anyone) co_return anonymous;
  if (const auto bearer = head.bearer(); bearer && route.access != Access::session) {
    std::string token(*bearer);
    co_return co_await accounts_.authenticate(std::move(anonymous), std::move(token));
  }
  if (route.takes_ticket)
    if (auto ticket = ticket_of(head)) co_return co_await accounts_.redeem(std::move(anonymous), *std::move(ticket));
  if (route.access == Access::bearer) co_return anonymous;
  co_return co_await identify_by_cookie(head, std::move(anonymous));
}

Task<Result<Caller>> AccountsGate::identify_by_cookie(const http::Head& head, Caller anonymous) {
  const auto sent = session_cookie(head);
  if (!sent) co_return anonymous;
  std::string cookie(*sent);
  auto caller = co_await ok(accounts_.recognise(std::move(anonymous), cookie));
  if (!caller.is_person() || http::is_safe(head.method()) || is_from_allowed_page(allowed_pages_, head)) co_return caller;
  if (head.header("X-CSRF-Token") == accounts_.csrf_token(cookie)) co_return caller;
  co_return fail(ErrorKind::forbidden, "this page may not act for the signed-in user; send X-CSRF-Token", "csrf_failed");
}

}  // namespace kinora::api
