#include "api/tus/headers.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"

namespace kinora::api::tus {
namespace {

template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "no error" : result.error().code;
}

TEST(UploadMetadata, NamesTheFileAndWhatIsSaidOfItsVideo) {
  const auto metadata =
      parse_metadata("filename YS5tcDQ=,filetype dmlkZW8vbXA0,title VGl0bGU=,visibility cHVibGlj,language ZW4=");

  ASSERT_TRUE(metadata) << metadata.error().message;
  EXPECT_EQ(metadata->filename, "a.mp4");
  EXPECT_EQ(metadata->content_type, "video/mp4");
  EXPECT_EQ(metadata->video.title->value, "Title");
  EXPECT_EQ(metadata->video.visibility->value, media::Visibility::public_);
  EXPECT_EQ(metadata->video.language->value, "en");
}

TEST(UploadMetadata, TakesTheNamesThatOtherClientsUse) {
  const auto metadata = parse_metadata("name YS5tcDQ= , type dmlkZW8vbXA0");

  ASSERT_TRUE(metadata) << metadata.error().message;
  EXPECT_EQ(metadata->filename, "a.mp4");
  EXPECT_EQ(metadata->content_type, "video/mp4");
}

TEST(UploadMetadata, MayBeAbsentAndPassesOverWhatItDoesNotKnow) {
  EXPECT_TRUE(parse_metadata(""));
  EXPECT_TRUE(parse_metadata("is_confidential,relativePath bnVsbA=="));
}

TEST(UploadMetadata, RefusesWhatIsNoMetadata) {
  for (const auto* text : {"filename a.mp4", "filename YS5tcDQ", ",", "a YQ==,a YQ==", "a YQ== YQ==", "filename /w=="})
    EXPECT_EQ(code_of(parse_metadata(text)), "malformed") << text;
}

TEST(UploadMetadata, RefusesFieldsThatBreakTheirRule) {
  const auto too_long = parse_metadata("title " + std::string(4 * 167, 'Y'));  // 501 letters

  ASSERT_FALSE(too_long);
  ASSERT_EQ(too_long.error().fields.size(), 1U);
  EXPECT_EQ(too_long.error().fields[0].pointer, "/header/Upload-Metadata/title");
  EXPECT_FALSE(parse_metadata("visibility c2VjcmV0"));
}

TEST(UploadLength, IsANumberOfBytesBelowTwoToThe63rd) {
  EXPECT_EQ(parse_bytes("Upload-Length", "0").value_or(1), 0U);
  EXPECT_EQ(parse_bytes("Upload-Length", "9223372036854775807").value_or(1), 9223372036854775807U);
  for (const auto* text : {"", "-1", "-0", "+1", "1.0", "1 ", "0x10", "9223372036854775808", "99999999999999999999"})
    EXPECT_EQ(code_of(parse_bytes("Upload-Length", text)), "malformed") << text;
}

TEST(UploadChecksum, IsAnAlgorithmAndItsDigest) {
  auto checksum = parse_checksum("sha1 Lve95gjOVATpfV8EL5X4nxwjKHE=");  // of "Hello World!"

  ASSERT_TRUE(checksum) << checksum.error().message;
  checksum->digest.feed(bytes_of("Hello "));
  checksum->digest.feed(bytes_of("World!"));
  EXPECT_EQ(checksum->digest.finish(), checksum->expected);
}

TEST(UploadChecksum, RefusesOtherAlgorithmsAndDigestsOfAnotherLength) {
  for (const auto* text : {"", "sha1", "sha1 ", "sha1 AAAA", "sha1 !", "md5 Lve95gjOVATpfV8EL5X4nw==",
                           "SHA1 Lve95gjOVATpfV8EL5X4nxwjKHE=", "sha256 Lve95gjOVATpfV8EL5X4nxwjKHE="})
    EXPECT_EQ(code_of(parse_checksum(text)), "malformed") << text;
}

}  // namespace
}  // namespace kinora::api::tus
