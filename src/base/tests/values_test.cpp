#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "base/ids.hpp"
#include "base/sha256.hpp"
#include "base/time.hpp"

namespace kinora {
namespace {

// RFC 9562, appendix A.6: the published example of a version 7 UUID.
constexpr std::string_view rfc_example = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";

TEST(Uuid, WritesAndReadsBothForms) {
  const auto uuid = parse_canonical_uuid(rfc_example);
  ASSERT_TRUE(uuid);

  EXPECT_EQ(uuid->canonical(), rfc_example);
  EXPECT_EQ(uuid->base32().size(), 26U);
  EXPECT_EQ(parse_base32_uuid(uuid->base32()), uuid);
}

TEST(Uuid, IsBornWithItsTimeInFront) {
  const auto born = parse_rfc3339("2022-02-22T14:22:22.000-05:00");
  ASSERT_TRUE(born);

  const auto uuid = make_uuid7(*born, {0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f});

  EXPECT_EQ(uuid.canonical(), rfc_example);
}

TEST(Uuid, SortsAsTextByBirth) {
  const auto early = make_uuid7(Time(1000ms), {255, 255, 255});
  const auto late = make_uuid7(Time(1001ms), {});

  EXPECT_LT(early.base32(), late.base32());
  EXPECT_LT(early.canonical(), late.canonical());
}

TEST(Id, ReadsItsOwnPrefixAndNoOther) {
  const VideoId id{*parse_canonical_uuid(rfc_example)};

  EXPECT_EQ(VideoId::parse(id.text()), id);
  EXPECT_EQ(VideoId::parse(rfc_example), id);
  EXPECT_FALSE(UserId::parse(id.text()));
  EXPECT_FALSE(VideoId::parse("vid_"));
  EXPECT_FALSE(VideoId::parse("vid_" + std::string(26, 'z')));
}

TEST(Time, RoundTripsThroughRfc3339) {
  EXPECT_EQ(rfc3339(*parse_rfc3339("2026-11-21T09:00:00.1239+07:00")), "2026-11-21T02:00:00.123Z");
}

TEST(Time, RefusesWhatIsNoTime) {
  for (const auto* text : {"", "2026-11-21", "2026-02-30T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T09:00:00",
                           "2026-11-21T09:00:00.Z", "2026-11-21T09:00:00Zx", "-026-11-21T09:00:00Z"})
    EXPECT_FALSE(parse_rfc3339(text)) << text;
}

TEST(ClockFace, ShowsHoursOnlyFromOneHour) {
  EXPECT_EQ(clock_face(Seconds(458.9)), "7:38");
  EXPECT_EQ(clock_face(Seconds(3600)), "1:00:00");
}

// RFC 4648, section 10, in the URL alphabet without padding.
TEST(Base64url, MatchesThePublishedVectors) {
  const std::pair<std::string_view, std::string_view> vectors[] = {
      {"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(base64url_of(bytes_of(plain)), encoded);
    EXPECT_EQ(text_of(*bytes_of_base64url(encoded)), plain);
  }
}

TEST(Base64url, RefusesPaddingForeignLettersAndLooseBits) {
  for (const auto* text : {"Zg==", "Z", "Zh", "Zm9v+", "Zm 9"}) EXPECT_FALSE(bytes_of_base64url(text)) << text;
}

TEST(Base64, IsReadOnlyInItsCanonicalFormWithPadding) {
  EXPECT_EQ(text_of(*bytes_of_base64("Zm9vYg==")), "foob");
  EXPECT_EQ(text_of(*bytes_of_base64("Zm9vYmE=")), "fooba");
  EXPECT_EQ(text_of(*bytes_of_base64("++//")), "\xfb\xef\xff");
  EXPECT_EQ(text_of(*bytes_of_base64("")), "");
  for (const auto* text : {"Zg", "Zh==", "Zg=", "====", "Z===", "-_-_", "Zm 9", "Zg==Zg=="})
    EXPECT_FALSE(bytes_of_base64(text)) << text;
}

// FIPS 180-4, the published examples.
TEST(Sha256, IsHexOfTheDigest) {
  EXPECT_EQ(sha256_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace kinora
