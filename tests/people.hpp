#pragma once

#include "jobs/store.hpp"
#include "modules/accounts/accounts.hpp"
#include "tests/world.hpp"

namespace kinora::testing {

/// A server's accounts on an empty database, with Ana and Ben signed up and an admin.
class People : public ::testing::Test {
 protected:
  static constexpr auto password = "correct horse";

  static accounts::Settings settings() {
    return {.jwt_secret = "access secret", .refresh_secret = "refresh secret", .session_secret = "session secret"};
  }

  accounts::SignIn sign_up(std::string name) {
    auto email = name + "@example.test";
    return run(people.sign_up(Caller{}, {std::move(email), password, std::move(name)}, {"192.0.2.1", "browser"})).value();
  }
  accounts::SignIn set_up_admin() {
    auto link = run(people.open_setup()).value().value();
    return run(people.set_up(Caller{}, {"root@example.test", password, "root", std::move(link)}, {})).value();
  }
  Result<accounts::SignIn> log_in(std::string name, std::string with = password,
                                  accounts::SessionType type = accounts::SessionType::token) {
    auto email = name + "@example.test";
    return run(people.log_in(Caller{}, std::move(email), std::move(with), {"192.0.2.2", "another browser"}, type));
  }
  accounts::SignIn log_in_by_cookie(std::string name) {
    return log_in(std::move(name), password, accounts::SessionType::cookie).value();
  }
  Result<Caller> who(std::string bearer) { return run(people.authenticate(Caller{}, std::move(bearer))); }
  Result<Caller> who_by_cookie(std::string cookie) { return run(people.recognise(Caller{}, std::move(cookie))); }
  Caller caller(const accounts::SignIn& sign_in) { return who(sign_in.access_token).value(); }
  bool is_known(const accounts::SignIn& sign_in) { return who(sign_in.access_token).has_value(); }
  void tidy_up() { ASSERT_TRUE(run(people.tidy_up())); }

  Result<accounts::NewApiKey> make_key(Caller maker, std::initializer_list<Scope> scopes, std::optional<Time> expires_at = {}) {
    accounts::ApiKeyWish wish{.name = "a program", .expires_at = expires_at};
    for (const auto scope : scopes) wish.scopes.add(scope);
    return run(people.make_api_key(std::move(maker), std::move(wish)));
  }
  std::string key(const accounts::SignIn& of, std::initializer_list<Scope> scopes) {
    return make_key(caller(of), scopes).value().secret;
  }

  World world{{jobs::migrations(), accounts::migrations()}};
  accounts::Accounts people{settings(), world.database(), world.clock, world.random};
};

}  // namespace kinora::testing
