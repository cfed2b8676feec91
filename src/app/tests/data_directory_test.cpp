#include "app/data_directory.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/random/system_random.hpp"
#include "app/tests/folder.hpp"

namespace kinora::app {
namespace {

class DataDirectoryTest : public ::testing::Test {
 protected:
  static unsigned rights_of(const std::filesystem::path& path) {
    struct stat entry{};
    EXPECT_EQ(::stat(path.c_str(), &entry), 0) << path;
    return entry.st_mode & 0777U;
  }

  testing::Folder folder_;
  std::filesystem::path root_ = folder_.path() / "a" / "kinora";
  std::unique_ptr<Random> random_ = *open_system_random();
};

TEST_F(DataDirectoryTest, IsMadeForOurEyesOnly) {
  const auto directory = DataDirectory::open(root_);

  ASSERT_TRUE(directory) << directory.error().message;
  for (const auto& room : {root_, directory->blobs(), directory->search(), directory->run(), directory->logs()})
    EXPECT_EQ(rights_of(room), 0700u) << room;
}

TEST_F(DataDirectoryTest, RefusesASecondServerAndNamesTheFirst) {
  const auto first = DataDirectory::open(root_);

  const auto second = DataDirectory::open(root_);

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::conflict);
  EXPECT_NE(second.error().message.find("process id " + std::to_string(::getpid())), std::string::npos)
      << second.error().message;
}

TEST_F(DataDirectoryTest, IsFreeOnceItsServerHasGone) {
  {
    const auto first = DataDirectory::open(root_);
  }

  EXPECT_TRUE(DataDirectory::open(root_));
}

TEST_F(DataDirectoryTest, StaysLockedWhenItsHolderIsMoved) {
  auto first = *DataDirectory::open(root_);
  const auto moved = std::move(first);

  EXPECT_FALSE(DataDirectory::open(root_));
}

TEST_F(DataDirectoryTest, CannotBeAFile) {
  const auto file = folder_.write("file", "");

  const auto directory = DataDirectory::open(file);

  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().kind, ErrorKind::unavailable);
  EXPECT_NE(directory.error().message.find(file), std::string::npos) << directory.error().message;
}

TEST_F(DataDirectoryTest, EmptiesTheRoomOfTheLastRun) {
  {
    std::ofstream(DataDirectory::open(root_)->run() / "socket") << "left";
  }

  const auto directory = DataDirectory::open(root_);

  EXPECT_TRUE(std::filesystem::is_empty(directory->run()));
}

TEST_F(DataDirectoryTest, MakesASecretOnce) {
  const auto made = DataDirectory::open(root_)->secret("jwt", *random_);
  const auto kept = DataDirectory::open(root_)->secret("jwt", *random_);

  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->size(), 43u);
  EXPECT_EQ(*kept, *made);
}

TEST_F(DataDirectoryTest, MakesASecretForOurEyesOnly) {
  ASSERT_TRUE(DataDirectory::open(root_)->secret("jwt", *random_));

  EXPECT_EQ(rights_of(root_ / "secrets"), 0700u);
  EXPECT_EQ(rights_of(root_ / "secrets" / "jwt"), 0600u);
}

TEST_F(DataDirectoryTest, GivesEachNameItsOwnSecret) {
  const auto directory = DataDirectory::open(root_);

  EXPECT_NE(*directory->secret("jwt", *random_), *directory->secret("refresh", *random_));
}

TEST_F(DataDirectoryTest, ClosesASecretThatOthersCouldRead) {
  const auto directory = DataDirectory::open(root_);
  ASSERT_TRUE(directory->secret("jwt", *random_));
  std::filesystem::permissions(root_ / "secrets" / "jwt", std::filesystem::perms(0644));

  ASSERT_TRUE(directory->secret("jwt", *random_));

  EXPECT_EQ(rights_of(root_ / "secrets" / "jwt"), 0600u);
}

TEST_F(DataDirectoryTest, RefusesADamagedSecret) {
  const auto directory = DataDirectory::open(root_);
  std::ofstream(root_ / "secrets" / "jwt") << "half";

  const auto secret = directory->secret("jwt", *random_);

  ASSERT_FALSE(secret);
  EXPECT_EQ(secret.error().kind, ErrorKind::invalid);
  EXPECT_EQ(secret.error().message.find("half"), std::string::npos) << "shows what is left of a secret";
}

TEST_F(DataDirectoryTest, RefusesAFolderInPlaceOfASecret) {
  const auto directory = DataDirectory::open(root_);
  std::filesystem::create_directory(root_ / "secrets" / "jwt");

  EXPECT_FALSE(directory->secret("jwt", *random_));
}

TEST_F(DataDirectoryTest, LeavesNoHalfWrittenSecretBehind) {
  const auto directory = DataDirectory::open(root_);
  std::ofstream(root_ / "secrets" / "jwt.part") << "of a server that lost its power";

  const auto secret = directory->secret("jwt", *random_);

  ASSERT_TRUE(secret) << secret.error().message;
  EXPECT_FALSE(std::filesystem::exists(root_ / "secrets" / "jwt.part"));
}

TEST_F(DataDirectoryTest, TellsOtherCommandsWhereTheServerListens) {
  const auto directory = DataDirectory::open(root_);
  EXPECT_FALSE(announced_url(root_));

  ASSERT_TRUE(directory->announce("http://127.0.0.1:9000"));

  EXPECT_EQ(announced_url(root_), "http://127.0.0.1:9000");
}

}  // namespace
}  // namespace kinora::app
