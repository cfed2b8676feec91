// Everything that a client holds and hands back: access tokens, media grants, cursors, ids, times, and their spellings of
// bytes.
#include "modules/accounts/tokens.hpp"

#include "base/encoding.hpp"
#include "http/cursors.hpp"
#include "http/target.hpp"
#include "modules/accounts/credentials.hpp"
#include "modules/media/grants.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace kinora::fuzz {
namespace {

constexpr std::string_view secret = "the secret of this server, long enough";
const Time now{std::chrono::sys_days(std::chrono::year(2026) / 11 / 21)};

/// One letter of `good` becomes another one.
std::string damaged(std::string good, Dice& dice) {
  auto& letter = good[dice.draw(good.size())];
  letter = static_cast<char>(static_cast<unsigned char>(letter) ^ (1 + dice.draw(255)));
  return good;
}

void check_access(std::string_view input, Dice& dice) {
  require(!accounts::verify(input, secret, now), "nobody makes a token without the secret");
  const auto issued = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  accounts::AccessClaims claims{.userId = "a user",
                                .email = std::string(input.substr(0, 100)),
                                .subscriptionType = "free",
                                .iat = issued,
                                .exp = issued + 3600,
                                .jti = "a token",
                                .sid = "a session"};
  if (!http::count_code_points(claims.email)) return;
  const auto token = accounts::sign(claims, secret);
  const auto read = accounts::verify(token, secret, now);
  require(read && read->email == claims.email && read->exp == claims.exp, "a token says what it was given");
  require(!accounts::verify(damaged(token, dice), secret, now), "a token with one letter changed is refused");
}

void check_grant(std::string_view input, Dice& dice) {
  const media::Grants grants{std::string(secret)};
  require(!grants.read(input, now), "nobody makes a grant without the secret");
  media::Grant grant{.video = {}, .epoch = static_cast<std::uint32_t>(dice.draw(1U << 31)), .expires_at = now + 1h};
  for (auto& byte : grant.video.uuid.bytes) byte = static_cast<std::uint8_t>(dice.draw(256));
  const auto text = grants.issue(grant);
  const auto read = grants.read(text, now);
  require(read && read->video == grant.video && read->epoch == grant.epoch, "a grant says what it was given");
  require(!grants.read(damaged(text, dice), now), "a grant with one letter changed is refused");
}

void check_cursor(std::string_view input, Dice& dice) {
  const http::Cursors cursors{std::string(secret)};
  const Caller caller;
  http::Page page{.cursor = std::string(input), .list = "GET /videos"};
  require(!cursors.open(caller, page), "nobody makes a cursor without the secret");
  page.cursor = cursors.seal(caller, page, input);
  const auto place = cursors.open(caller, page);
  require(place && *place == input, "a cursor names its place");
  page.cursor = damaged(*page.cursor, dice);
  require(!cursors.open(caller, page), "a cursor with one letter changed is refused");
}

void check_spellings(std::string_view input) {
  if (const auto bytes = bytes_of_base64url(input))
    require(base64url_of(*bytes) == input, "bytes have one spelling in base64url");
  if (const auto bytes = bytes_of_hex(input)) require(hex_of(*bytes) == input, "bytes have one spelling in hex");
  if (const auto id = VideoId::parse(input))
    require(id->text() == input || id->canonical() == input, "an id has its two spellings and no other");
  if (const auto time = parse_rfc3339(input)) {
    const auto again = parse_rfc3339(rfc3339(*time));
    require(again && *again == std::chrono::floor<std::chrono::milliseconds>(*time), "a time reads as it was written");
  }
  const auto scopes = accounts::scopes_of(input);
  require(accounts::words_of(accounts::scopes_of(accounts::words_of(scopes))) == accounts::words_of(scopes),
          "scopes read as they were written");
}

}  // namespace

void check(std::string_view input) {
  Dice dice(input);
  check_access(input, dice);
  check_grant(input, dice);
  check_cursor(input, dice);
  check_spellings(input);
}

}  // namespace kinora::fuzz
