#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "adapters/file_digest/open.hpp"

namespace kinora {
namespace {

class FileDigest : public ::testing::Test {
 protected:
  FileDigest() {
    auto name = (std::filesystem::temp_directory_path() / "kinora-digest-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~FileDigest() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path write(const std::string& content) const {
    std::ofstream(folder_ / "file", std::ios::binary) << content;
    return folder_ / "file";
  }

  std::filesystem::path folder_;
};

// The digests of "", "abc" and a million times "a" are NIST's examples for FIPS 180-4.
TEST_F(FileDigest, IsThatOfTheStandardsExamples) {
  EXPECT_EQ(sha256_of_file(write("")).value_or(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_of_file(write("abc")).value_or(""), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_of_file(write(std::string(1'000'000, 'a'))).value_or(""),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_F(FileDigest, DoesNotStopAfterTheFirstBlock) {
  const std::string one(std::size_t{3} << 20, 'x');
  auto other = one;
  other.back() = 'y';

  const auto first = sha256_of_file(write(one));
  const auto second = sha256_of_file(write(other));

  ASSERT_TRUE(first && second);
  EXPECT_NE(*first, *second);
}

TEST_F(FileDigest, NeedsAFileThatCanBeRead) {
  EXPECT_FALSE(sha256_of_file(folder_ / "missing"));
  EXPECT_FALSE(sha256_of_file(folder_));
}

}  // namespace
}  // namespace kinora
