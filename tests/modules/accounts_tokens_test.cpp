#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "modules/accounts/tokens.hpp"
#include "tests/outcome.hpp"

namespace kinora::accounts {
namespace {

using testing::code_of;
using testing::kind_of;

const Time now{std::chrono::sys_days(std::chrono::year(2026) / 11 / 21)};
constexpr std::int64_t now_s = 1795219200;
constexpr std::string_view secret = "the secret of this server, long enough";
constexpr std::string_view right_header = R"({"alg":"HS256","typ":"JWT"})";

AccessClaims claims() {
  return {.userId = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
          .email = "ana@example.test",
          .subscriptionType = "free",
          .iat = now_s,
          .exp = now_s + 3600,
          .jti = "1",
          .sid = "017f22e2-79b0-7cc3-98c4-dc0c0c073990"};
}

std::string part(std::string_view text) { return base64url_of(bytes_of(text)); }

/// A token as somebody else would make it, signed with `key`.
std::string forge(std::string_view header, std::string_view payload, std::string_view key = secret) {
  auto token = part(header) + '.' + part(payload);
  return token + '.' + base64url_of(bytes_of(hmac_sha256(key, token)));
}
std::string payload_with(std::string_view from, std::string_view to) {
  auto whole = claims();
  whole.iss = whole.aud = "kinora";
  whole.typ = "access";
  auto payload = to_json(whole);
  const auto at = payload.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return payload.replace(at, from.size(), to);
}

void expect_refused(const std::string& token) {
  const auto read = verify(token, secret, now);
  ASSERT_FALSE(read) << token;
  EXPECT_EQ(kind_of(read), ErrorKind::unauthorised);
}

// RFC 4231, test case 2.
TEST(Hmac, MatchesThePublishedVector) {
  EXPECT_EQ(hex_of(bytes_of(hmac_sha256("Jefe", "what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(AccessToken, SaysWhoAsks) {
  const auto read = verify(sign(claims(), secret), secret, now);

  ASSERT_TRUE(read);
  EXPECT_EQ(read->userId, claims().userId);
  EXPECT_EQ(read->sid, claims().sid);
}

TEST(AccessToken, EndsAtItsTimeAndSaysSo) {
  const auto token = sign(claims(), secret);

  EXPECT_TRUE(verify(token, secret, now + 3599s));
  EXPECT_EQ(code_of(verify(token, secret, now + 3600s)), "token_expired");
}

TEST(AccessToken, IsRefusedUnderAnyOtherHeader) {
  const auto payload = payload_with("{", "{");
  for (const auto* header : {R"({"alg":"none","typ":"JWT"})",
                             R"({"alg":"None"})",
                             R"({"alg":"nOnE","typ":"JWT"})",
                             R"({"typ":"JWT"})",
                             "{}",
                             "",
                             R"({"alg":"HS384","typ":"JWT"})",
                             R"({"alg":"HS512","typ":"JWT"})",
                             R"({"alg":"RS256","typ":"JWT"})",
                             R"({"alg":"ES256","typ":"JWT"})",
                             R"({"alg":"EdDSA","typ":"JWT"})",
                             R"({"alg":"hs256","typ":"JWT"})",
                             R"({"alg":["HS256"],"typ":"JWT"})",
                             R"({"alg":"HS256","alg":"none","typ":"JWT"})",
                             R"({"alg":"HS256","typ":"JWT","kid":"../../dev/null"})",
                             R"({"alg":"HS256","typ":"JWT","kid":"' OR 1=1"})",
                             R"({"alg":"HS256","typ":"JWT","jku":"https://attacker.test/keys"})",
                             R"({"alg":"HS256","typ":"JWT","x5u":"https://attacker.test/c"})",
                             R"({"alg":"HS256","typ":"JWT","jwk":{"kty":"oct","k":""}})",
                             R"({"alg":"HS256","typ":"JWT","crit":["exp"]})",
                             R"({"alg":"HS256","typ":"JWT","b64":false,"crit":["b64"]})",
                             R"({"alg":"HS256","typ":"JWT","zip":"DEF"})",
                             R"({"alg":"HS256","typ":"at+jwt"})",
                             R"({"typ":"JWT","alg":"HS256"})",
                             R"( {"alg":"HS256","typ":"JWT"})"}) {
    expect_refused(forge(header, payload));
    expect_refused(part(header) + '.' + part(payload) + '.');
  }
}

TEST(AccessToken, IsRefusedSignedWithAnyOtherKey) {
  const auto payload = payload_with("{", "{");
  for (const auto* key : {"", "secret", "the secret of this server, long enough ", "The secret of this server, long enough"})
    expect_refused(forge(right_header, payload, key));
}

TEST(AccessToken, IsRefusedWithAnyLetterChanged) {
  const auto good = sign(claims(), secret);
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto forged = good;
    forged[at] = forged[at] == 'A' ? 'B' : 'A';
    expect_refused(forged);
  }
}

TEST(AccessToken, IsRefusedCutAnywhere) {
  const auto good = sign(claims(), secret);
  for (std::size_t length = 0; length < good.size(); ++length) expect_refused(good.substr(0, length));
}

TEST(AccessToken, IsRefusedInAnyOtherShape) {
  const auto good = sign(claims(), secret);
  const auto body = good.substr(0, good.rfind('.'));
  const auto mac = good.substr(good.rfind('.') + 1);
  for (const auto& token :
       {"." + good, good + ".", good + "." + mac, body + ".", body + ".." + mac, body + "." + mac + "=",
        body + "." + mac + "==", body + "." + mac + "\n", " " + good, good + " ", body + "." + mac + mac, std::string("..."),
        std::string(".."), std::string(), std::string(10000, 'a'), std::string(10000, '.'), good + std::string(5000, 'A'),
        std::string("\0.\0.\0", 5), R"({"payload":"x","signature":"y"})" + std::string()})
    expect_refused(token);
}

TEST(AccessToken, IsAcceptedFromItsPartsWhenAllOfThemAreRight) {
  EXPECT_TRUE(verify(forge(right_header, payload_with("{", "{")), secret, now));
}

TEST(AccessToken, IsRefusedForAnyOtherUse) {
  expect_refused(forge(right_header, payload_with(R"("typ":"access")", R"("x":1)")));
  expect_refused(forge(right_header, payload_with(R"("typ":"access")", R"("typ":"refresh")")));
  expect_refused(forge(right_header, payload_with(R"("typ":"access")", R"("typ":null)")));
  expect_refused(forge(right_header, payload_with(R"("iss":"kinora")", R"("iss":"other")")));
  expect_refused(forge(right_header, payload_with(R"("aud":"kinora")", R"("aud":"other")")));
  expect_refused(forge(right_header, payload_with(R"("aud":"kinora")", R"("aud":["kinora","other"])")));
}

TEST(AccessToken, IsRefusedWithClaimsThatAreMissingDoubledOrOfAnotherType) {
  const auto exp = "\"exp\":" + std::to_string(now_s + 3600);
  expect_refused(forge(right_header, payload_with(exp, exp + ",\"exp\":9999999999")));
  expect_refused(forge(right_header, payload_with(exp, "\"exp\":\"9999999999\"")));
  expect_refused(forge(right_header, payload_with(exp, "\"exp\":1e400")));
  expect_refused(forge(right_header, payload_with(exp, "\"exp\":null")));
  expect_refused(forge(right_header, payload_with(exp, "\"x\":1")));
  expect_refused(forge(right_header, payload_with(R"("userId":")", R"("user":")")));
  for (const auto* payload : {"", "{}", "[]", "null", "1", "\"text\"", "{", "{\"exp\":9999999999}"})
    expect_refused(forge(right_header, payload));
}

TEST(AccessToken, IsRefusedWithAnyClaimThatWeDoNotWrite) {
  for (const auto* claim :
       {"\"nbf\":9999999999", "\"nbf\":0", "\"nbf\":\"x\"", "\"role\":\"admin\"", "\"scope\":\"admin\"", "\"crit\":[\"exp\"]",
        "\"userid\":\"017f22e2-79b0-7cc3-98c4-dc0c0c073990\"", "\"\":0", "\"Exp\":1"}) {
    expect_refused(forge(right_header, payload_with("{", "{" + std::string(claim) + ',')));
    expect_refused(forge(right_header, payload_with("}", ',' + std::string(claim) + '}')));
  }
}

TEST(AccessToken, IsRefusedLongBeforeItWasIssued) {
  const auto token = sign(claims(), secret);

  EXPECT_TRUE(verify(token, secret, now - 60s));
  EXPECT_EQ(kind_of(verify(token, secret, now - 61s)), ErrorKind::unauthorised);
}

TEST(AccessToken, IsRefusedInOtherSpellingsOfTheSameJson) {
  const auto payload = payload_with("{", "{");
  for (const auto& other : {payload_with("{", "{ "), payload_with("}", " }"), payload + " ", payload + "\n", "\t" + payload,
                            "\xEF\xBB\xBF" + payload, payload + '\0', payload_with("free", "fr\\u0065e"),
                            payload_with(",", ",\n"), payload + payload})
    expect_refused(forge(right_header, other));
}

TEST(AccessToken, IsRefusedInOtherSpellingsOfItsBytes) {
  const auto signed_again = [](std::string header, std::string payload) {
    auto token = std::move(header) + '.' + std::move(payload);
    return token + '.' + base64url_of(bytes_of(hmac_sha256(secret, token)));
  };
  const auto header = part(right_header);
  const auto payload = part(payload_with("{", "{"));
  for (const auto* end : {"=", "==", "\n", " ", "A", "+", "/", "%3D"}) {
    expect_refused(signed_again(header + end, payload));
    expect_refused(signed_again(header, payload + end));
    expect_refused(signed_again(end + header, payload));
    expect_refused(signed_again(header, end + payload));
  }
}

TEST(SecretHash, IsSha256InHex) {
  EXPECT_EQ(secret_hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace kinora::accounts
