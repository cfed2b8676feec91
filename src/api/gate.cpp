#include "api/gate.hpp"

namespace kinora::api {

namespace {

using http::Access;

constexpr std::size_t idempotency_key_bytes_max = 255;

Caller caller_of(const http::Head& head, const http::RouteSpec& route) {
  Caller caller;
  caller.request_id = head.request_id;
  caller.deadline = std::chrono::steady_clock::now() + route.time_max;
  if (const auto key = head.header("Idempotency-Key"); key && key->size() <= idempotency_key_bytes_max)
    caller.idempotency_key = std::string(*key);
  return caller;
}

bool needs_credentials(Access access) { return access != Access::anyone && access != Access::optional; }

}  // namespace

Task<Result<http::Admitted>> AccountsGate::admit(const http::Head& head, const http::RouteSpec& route) {
  http::Admitted admitted{.caller = caller_of(head, route)};
  const auto bearer = head.bearer();
  if (route.access == Access::anyone) co_return admitted;
  if (bearer) {
    std::string token(*bearer);
    admitted.caller = co_await ok(accounts_.authenticate(std::move(admitted.caller), std::move(token)));
  }
  if (needs_credentials(route.access) && !admitted.caller.is_person())
    co_return fail(ErrorKind::unauthorised, "sign in first, then send the access token as Authorization: Bearer");
  if (route.access == Access::admin && !admitted.caller.is_admin())
    co_return fail(ErrorKind::forbidden, "only an admin may do this");
  co_return admitted;
}

}  // namespace kinora::api
