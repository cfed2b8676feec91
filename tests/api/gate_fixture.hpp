#pragma once

#include "adapters/rate_limiter/open.hpp"
#include "api/gate.hpp"
#include "http/head.hpp"
#include "tests/people.hpp"

namespace kinora::testing {

/// The gate in front of real accounts; pages of https://app.example are allowed.
class GateFixture : public People {
 protected:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  static http::Head head(std::string_view method, const Fields& fields, std::string_view target = "/thing") {
    std::string text = std::string(method) + ' ' + std::string(target) + " HTTP/1.1\r\nHost: kinora.example\r\n";
    for (const auto& [name, value] : fields) text += name + ": " + value + "\r\n";
    auto parsed = http::parse_head(text + "\r\n").value();
    parsed.peer = {"192.0.2.1", false, true};
    return parsed;
  }
  static Fields bearer(const std::string& token) { return {{"Authorization", "Bearer " + token}}; }
  static Fields cookie(const accounts::SignIn& sign_in) { return {{"Cookie", "__Host-session=" + sign_in.cookie->value}}; }
  static http::RouteSpec route(http::Method method, http::Access access = http::Access::either) {
    return {.method = method, .path = "/thing", .access = access};
  }

  http::Admitted admit(const http::Head& sent, const http::RouteSpec& route) { return run(gate.admit(sent, route)).value(); }
  /// Who is let in; else why not.
  Result<Caller> let_in(const http::Head& sent, const http::RouteSpec& route) {
    auto admitted = admit(sent, route);
    if (admitted.refused) return std::unexpected(*std::move(admitted.refused));
    return std::move(admitted.caller);
  }
  Result<Caller> get(const Fields& fields, http::Access access = http::Access::either) {
    return let_in(head("GET", fields), route(http::Method::get, access));
  }
  Result<Caller> post(const Fields& fields, http::Access access = http::Access::either) {
    return let_in(head("POST", fields), route(http::Method::post, access));
  }

  std::unique_ptr<RateLimiter> limiter = open_memory_rate_limiter(world.clock);
  api::Meter meter{api::default_rate_rules(), *limiter};
  api::AccountsGate gate{people, meter, {.origins = {"https://app.example"}}};
  accounts::SignIn ana = sign_up("ana");
};

}  // namespace kinora::testing
