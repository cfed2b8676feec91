#include "api/shared/session_cookie.hpp"

#include <gtest/gtest.h>

#include "api/shared/upload_slots.hpp"
#include "tests/outcome.hpp"

namespace kinora::api {
namespace {

using testing::code_of;
using testing::kind_of;

constexpr auto address = "192.0.2.1";
const http::Peer by_tls{address, false, true};
const http::Peer in_the_clear{address, false, false};
const http::Peer on_loopback{"127.0.0.1", true, false};

TEST(SessionCookie, BelongsToThisHostOverTls) {
  EXPECT_EQ(set_session_cookie({}, by_tls, "x").value,
            "__Host-session=x; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=lax");
  EXPECT_EQ(clear_session_cookie({}, by_tls).value, "__Host-session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=lax");
}

TEST(SessionCookie, HasAPlainNameInTheClear) {
  EXPECT_EQ(set_session_cookie({.same_site = SameSite::strict}, on_loopback, "x").value,
            "session=x; Path=/; Max-Age=2592000; HttpOnly; SameSite=strict");
}

TEST(SessionCookie, NeverTravelsInTheClearOverANetworkUnlessAsked) {
  EXPECT_TRUE(require_private_line({}, by_tls));
  EXPECT_TRUE(require_private_line({}, on_loopback));
  EXPECT_EQ(code_of(require_private_line({}, in_the_clear)), "https_required");
  EXPECT_TRUE(require_private_line({.allow_plain_http = true}, in_the_clear));
}

TEST(UploadSlots, AreFourForEachAccount) {
  UploadSlots slots;
  const UserId ana{{{1}}}, ben{{{2}}};
  std::vector<UploadSlots::Slot> taken;
  for (int upload = 0; upload < 4; ++upload) taken.push_back(slots.take(ana).value());

  EXPECT_EQ(kind_of(slots.take(ana)), ErrorKind::rate_limited);
  EXPECT_TRUE(slots.take(ben));

  taken.pop_back();
  EXPECT_TRUE(slots.take(ana));
}

}  // namespace
}  // namespace kinora::api
