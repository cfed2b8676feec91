#include <gtest/gtest.h>

#include "http/tests/client.hpp"
#include "http/tests/live_server.hpp"
#include "http/tests/shop.hpp"

namespace kinora::http {

namespace {

using testing::Client;
using testing::LiveServer;
using testing::Shop;

class FilesTest : public ::testing::Test {
 protected:
  Shop shop;
  LiveServer server{testing::shop_surface(shop)};
  Client client{server.port()};
};

TEST_F(FilesTest, SendsAWholeFile) {
  const auto response = client.get("/api/file");

  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, testing::file_bytes);
  EXPECT_EQ(response.header("accept-ranges"), "bytes");
}

TEST_F(FilesTest, SendsThePartOfAFile) {
  const auto response = client.get("/api/file", {{"Range", "bytes=100-199"}});

  EXPECT_EQ(response.status, 206);
  EXPECT_EQ(response.header("content-range"), "bytes 100-199/10000");
  EXPECT_EQ(response.body, testing::file_bytes.substr(100, 100));
}

TEST_F(FilesTest, SendsAFileOfTheDiskWithoutReadingIt) {
  const auto response = client.get("/api/stored");

  EXPECT_EQ(response.body.size(), 300 * testing::file_bytes.size());
  EXPECT_TRUE(response.body.starts_with(testing::file_bytes) && response.body.ends_with(testing::file_bytes));
}

TEST_F(FilesTest, SendsThePartOfAFileOfTheDisk) {
  const auto response = client.get("/api/stored", {{"Range", "bytes=10100-10199"}});

  EXPECT_EQ(response.header("content-range"), "bytes 10100-10199/3000000");
  EXPECT_EQ(response.body, testing::file_bytes.substr(100, 100));
  EXPECT_EQ(client.get("/api/hello/again").status, 200);
}

TEST_F(FilesTest, ClosesWhenAFileOfTheDiskEndsBeforeItsLength) {
  const auto response = client.get("/api/shortened");

  EXPECT_EQ(response.body.size(), 300 * testing::file_bytes.size() - 1);
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(FilesTest, SendsTheWholeFileWhenThePartIsOfAnotherVersion) {
  EXPECT_EQ(client.get("/api/file", {{"Range", "bytes=0-9"}, {"If-Range", "\"f1\""}}).status, 206);
  EXPECT_EQ(client.get("/api/file", {{"Range", "bytes=0-9"}, {"If-Range", "\"f0\""}}).status, 200);
  EXPECT_EQ(client.get("/api/file", {{"Range", "bytes=0-9"}, {"If-Range", "W/\"f1\""}}).status, 200);
}

TEST_F(FilesTest, RefusesAPartBehindTheEnd) {
  const auto response = client.get("/api/file", {{"Range", "bytes=10000-"}});

  EXPECT_EQ(response.status, 416);
  EXPECT_EQ(response.header("content-range"), "bytes */10000");
}

TEST_F(FilesTest, GivesTheSizeOfAFileToHead) {
  const auto response = client.ask("HEAD", "/api/file", {{"Range", "bytes=0-9"}});

  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("content-length"), "10000");
}

}  // namespace

}  // namespace kinora::http
