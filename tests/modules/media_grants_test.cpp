#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "modules/media/grants.hpp"
#include "tests/outcome.hpp"

namespace kinora::media {
namespace {

using testing::kind_of;

const Time now{std::chrono::sys_days(std::chrono::year(2026) / 11 / 21)};
const Grants grants("a secret of this server that is long enough");

Grant grant() { return {VideoId{{{1, 2, 3}}}, 7, now + 6h}; }

TEST(Grant, ReadsBackWhatWasIssued) {
  const auto read = grants.read(grants.issue(grant()), now);

  ASSERT_TRUE(read);
  EXPECT_EQ(read->video, grant().video);
  EXPECT_EQ(read->epoch, 7U);
  EXPECT_EQ(read->expires_at, grant().expires_at);
}

TEST(Grant, IsOnePathSegment) {
  for (const char letter : grants.issue(grant())) EXPECT_TRUE(std::isalnum(letter) != 0 || letter == '-' || letter == '_');
}

TEST(Grant, EndsAtItsTime) {
  const auto text = grants.issue(grant());

  EXPECT_TRUE(grants.read(text, now + 6h - 1s));
  EXPECT_EQ(kind_of(grants.read(text, now + 6h)), ErrorKind::forbidden);
}

TEST(Grant, IsRefusedWithAnyLetterChanged) {
  const auto good = grants.issue(grant());
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto forged = good;
    forged[at] = forged[at] == 'A' ? 'B' : 'A';

    EXPECT_FALSE(grants.read(forged, now)) << at;
  }
}

TEST(Grant, IsRefusedCutOrLengthened) {
  const auto good = grants.issue(grant());

  for (std::size_t length = 0; length < good.size(); ++length) EXPECT_FALSE(grants.read(good.substr(0, length), now));
  EXPECT_FALSE(grants.read(good + "A", now));
  EXPECT_FALSE(grants.read(good + "=", now));
}

TEST(Grant, TellsHowFarItReaches) {
  auto whole = grant();
  whole.reach = Reach::source;

  EXPECT_EQ(grants.read(grants.issue(grant()), now)->reach, Reach::shown);
  EXPECT_EQ(grants.read(grants.issue(whole), now)->reach, Reach::source);
}

TEST(Grant, OfThePreviousSecretHoldsWhileItIsNamed) {
  const Grants before("the secret that was changed, long enough");
  const Grants changed("the secret that took its place, as long", "the secret that was changed, long enough");
  const Grants forgetful("the secret that took its place, as long");
  const auto old = before.issue(grant());

  EXPECT_TRUE(changed.read(old, now));
  EXPECT_EQ(kind_of(forgetful.read(old, now)), ErrorKind::forbidden);
}

TEST(Grant, IsSignedByTheNewSecretWhileTheOldOneHolds) {
  const Grants before("the secret that was changed, long enough");
  const Grants changed("the secret that took its place, as long", "the secret that was changed, long enough");
  const Grants forgetful("the secret that took its place, as long");
  const auto fresh = changed.issue(grant());

  EXPECT_TRUE(forgetful.read(fresh, now));
  EXPECT_FALSE(before.read(fresh, now));
}

TEST(Grant, OfAKeyThatNobodyKnowsIsRefused) {
  const auto good = bytes_of_base64url(grants.issue(grant())).value();
  for (int id = 0; id < 256; ++id) {
    auto other = good;
    other.front() = static_cast<std::byte>(id);
    if (other == good) continue;

    EXPECT_EQ(kind_of(grants.read(base64url_of(other), now)), ErrorKind::forbidden) << id;
  }
}

TEST(Grant, OfAnotherServerIsRefused) {
  EXPECT_FALSE(grants.read(Grants("the secret of another server, as long").issue(grant()), now));
}

}  // namespace
}  // namespace kinora::media
