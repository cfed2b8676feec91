#include <gtest/gtest.h>

#include "api/console/console.hpp"
#include "api/console/files.hpp"
#include "http/tests/client.hpp"
#include "http/tests/live_server.hpp"

namespace kinora::api::console {

namespace {

using http::testing::Client;
using http::testing::LiveServer;

std::vector<http::Surface> surface_of(const Console& console) {
  http::Surface surface{routes(console), std::make_shared<http::ProblemJson>()};
  return {std::move(surface)};
}

class ConsoleTest : public ::testing::Test {
 protected:
  Console console{"1.2.3"};
  LiveServer server{surface_of(console)};
  Client client{server.port()};
};

TEST_F(ConsoleTest, RootIsThePageForWhoNamesHtml) {
  const auto response = client.get("/", {{"Accept", "text/html;q=0.9, */*;q=0.1"}});

  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("content-type"), "text/html; charset=utf-8");
  EXPECT_TRUE(response.body.starts_with("<!doctype html>"));
}

TEST_F(ConsoleTest, RootTellsProgramsWhereTheApiIs) {
  const auto response = client.get("/", {{"Accept", "*/*"}});

  EXPECT_EQ(response.header("content-type"), "application/json");
  EXPECT_EQ(response.body, R"({"name":"kinora","version":"1.2.3","docs":"/docs","health":"/api/v1/health"})");
}

TEST_F(ConsoleTest, CachesKeepTheTwoRootsApart) {
  EXPECT_TRUE(http::has_member(client.get("/").header("vary"), "Accept"));
  EXPECT_TRUE(http::has_member(client.get("/", {{"Accept", "text/html"}}).header("vary"), "Accept"));
}

TEST_F(ConsoleTest, EveryPageIsServedAtItsAddress) {
  for (const auto* path :
       {"/setup?token=abc", "/sign-in", "/library", "/upload", "/watch/vid_1?t=458", "/search?q=zero", "/ask", "/ask/cht_1"})
    EXPECT_EQ(client.get(path).body, console.page()) << path;
}

TEST_F(ConsoleTest, PagesAllowNoForeignAndNoInlineScript) {
  const auto policy = client.get("/library").header("content-security-policy");

  EXPECT_TRUE(policy.contains("default-src 'none'; script-src 'self'; style-src 'self';")) << policy;
  EXPECT_FALSE(policy.contains("unsafe"));
}

TEST_F(ConsoleTest, APageThatIsKnownIsNotSentAgain) {
  const auto etag = client.get("/library").header("etag");

  EXPECT_EQ(client.get("/library", {{"If-None-Match", etag}}).status, 304);
}

TEST_F(ConsoleTest, FilesOfThisVersionMayBeKeptForEver) {
  const auto response = client.get("/console/" + console.tag() + "/pages/watch.js");

  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("content-type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(response.header("cache-control"), "public, max-age=31536000, immutable");
}

TEST_F(ConsoleTest, FilesOfAnotherVersionAreNotFound) {
  EXPECT_EQ(client.get("/console/0123456789abcdef/main.js").status, 404);
  EXPECT_EQ(client.get("/console/" + console.tag() + "/../main.js").status, 404);
}

TEST_F(ConsoleTest, EveryFileThatThePageNamesIsServed) {
  const std::string folder = "/console/" + console.tag() + "/";
  std::size_t named = 0;
  for (auto at = console.page().find(folder); at != std::string::npos; at = console.page().find(folder, at + 1), ++named) {
    const auto address = console.page().substr(at, console.page().find('"', at) - at);
    EXPECT_EQ(client.get(address).status, 200) << address;
  }

  EXPECT_GE(named, 3u);
}

TEST_F(ConsoleTest, EveryModuleThatAFileImportsIsServed) {
  for (const auto& file : files()) {
    const std::string_view text = file.bytes;
    if (file.name == "hls.mjs") continue;
    for (auto at = text.find("from '."); at != text.npos; at = text.find("from '.", at + 1)) {
      auto name = text.substr(at + 6, text.find('\'', at + 6) - at - 6);
      name.remove_prefix(name.find_first_not_of("./"));
      EXPECT_TRUE(find_file(name) != nullptr || find_file("pages/" + std::string(name)) != nullptr)
          << file.name << ": " << name;
    }
  }
}

}  // namespace

}  // namespace kinora::api::console
