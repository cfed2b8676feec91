#include "api/csrf.hpp"

#include "tests/api/gate_fixture.hpp"

namespace kinora {
namespace {

using http::Method;
using testing::code_of;

/// What a browser may say of where a request comes from, and whether that alone lets a cookie act.
struct Case {
  const char* origin;      ///< null: not sent
  const char* fetch_site;  ///< null: not sent
  bool is_vouched_for;
};

constexpr auto cases = std::to_array<Case>({
    {nullptr, nullptr, false},
    {nullptr, "same-origin", true},
    {nullptr, "same-site", false},
    {nullptr, "cross-site", false},
    {nullptr, "none", false},
    {nullptr, "SAME-ORIGIN", false},
    {nullptr, "same-origin, cross-site", false},
    {nullptr, "", false},
    {"https://app.example", nullptr, true},
    {"https://app.example", "cross-site", true},
    {"https://app.example", "same-site", true},
    {"https://app.example", "same-origin", true},
    {"http://app.example", nullptr, false},
    {"http://app.example", "cross-site", false},
    {"https://app.example:8443", nullptr, false},
    {"https://app.example:443", nullptr, false},
    {"https://app.example.", nullptr, false},
    {"https://app.example.evil.test", "cross-site", false},
    {"https://evil.test/https://app.example", "cross-site", false},
    {"https://evilapp.example", "cross-site", false},
    {"https://sub.app.example", "same-site", false},
    {"HTTPS://APP.EXAMPLE", nullptr, false},
    {"https://app.example/", nullptr, false},
    {"https://app.example https://evil.test", nullptr, false},
    {"https://app.example, https://evil.test", nullptr, false},
    {"https://evil.test", nullptr, false},
    {"https://evil.test", "cross-site", false},
    {"https://evil.test", "same-site", false},
    {"https://evil.test", "none", false},
    {"null", nullptr, false},
    {"null", "cross-site", false},
    {"", nullptr, false},
    {"*", nullptr, false},
    {"file://", nullptr, false},
    {"http://localhost:3000", nullptr, false},
    {"http://127.0.0.1:3000", "cross-site", false},
    {"http://[::1]", nullptr, false},
    {"https://kinora.example", nullptr, false},
    {"https://kinora.example", "same-origin", true},
    {"chrome-extension://abcdef", "none", false},
    {"data:", nullptr, false},
    {"https://app.example\t", nullptr, true},
});
static_assert(cases.size() >= 40);

class Csrf : public testing::GateFixture {
 protected:
  Fields fields_of(const Case& page) {
    auto fields = cookie(ana_by_cookie);
    if (page.origin != nullptr) fields.push_back({"Origin", page.origin});
    if (page.fetch_site != nullptr) fields.push_back({"Sec-Fetch-Site", page.fetch_site});
    return fields;
  }
  Fields with_token(Fields fields, std::string token) {
    fields.push_back({"X-CSRF-Token", std::move(token)});
    return fields;
  }
  accounts::SignIn ana_by_cookie = log_in_by_cookie("ana");
};

TEST_F(Csrf, LetsACookieActOnlyForPagesThatTheBrowserVouchesFor) {
  for (const auto& page : cases) {
    const auto caller = post(fields_of(page));
    EXPECT_EQ(caller.has_value(), page.is_vouched_for) << page.origin << ' ' << page.fetch_site;
    EXPECT_EQ(code_of(caller), page.is_vouched_for ? "no error" : "csrf_failed");
  }
}

TEST_F(Csrf, LetsACookieReadFromEverywhere) {
  for (const auto& page : cases) EXPECT_TRUE(get(fields_of(page)));
}

TEST_F(Csrf, TakesTheSessionsTokenInPlaceOfTheBrowsersWord) {
  for (const auto& page : cases) EXPECT_TRUE(post(with_token(fields_of(page), ana_by_cookie.cookie->csrf_token)));
}

TEST_F(Csrf, TakesNoOtherToken) {
  const auto others = log_in_by_cookie("ana").cookie->csrf_token;
  const auto right = ana_by_cookie.cookie->csrf_token;
  for (const auto& token : {others, std::string(), right + "x", right.substr(1), ana_by_cookie.cookie->value})
    EXPECT_EQ(code_of(post(with_token(fields_of(cases[0]), token))), "csrf_failed") << token;
}

TEST_F(Csrf, HoldsForEveryMethodThatChangesSomething) {
  for (const auto& [name, method] : std::vector<std::pair<std::string_view, Method>>{
           {"POST", Method::post}, {"PUT", Method::put}, {"PATCH", Method::patch}, {"DELETE", Method::delete_}})
    EXPECT_EQ(code_of(let_in(head(name, cookie(ana_by_cookie)), route(method))), "csrf_failed") << name;
}

TEST_F(Csrf, IsNoMatterForTokensThatNoBrowserSendsByItself) {
  for (const auto& page : cases) {
    auto fields = fields_of(page);
    fields.front() = bearer(ana.access_token).front();
    EXPECT_TRUE(post(fields));
  }
}

TEST_F(Csrf, IsToldBeforeAnythingElseOfTheRoute) {
  EXPECT_EQ(code_of(post(fields_of(cases[0]), http::Access::admin)), "csrf_failed");
}

TEST(LoopbackPages, MayActWhereTheListSaysSo) {
  const http::CorsRules rules{.origins = {}, .loopback_origins = true};
  const auto from = [](std::string origin) {
    return http::parse_head("POST / HTTP/1.1\r\nHost: k\r\nOrigin: " + origin + "\r\n\r\n").value();
  };

  EXPECT_TRUE(api::is_from_allowed_page(rules, from("http://localhost:3000")));
  EXPECT_FALSE(api::is_from_allowed_page(rules, from("http://localhost.evil.test")));
}

}  // namespace
}  // namespace kinora
