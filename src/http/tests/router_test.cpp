#include "http/router.hpp"

#include <gtest/gtest.h>

namespace kinora::http {

namespace {

Route bare(Method method, std::string path) { return {{method, std::move(path)}, {}, {}}; }

Router router_of(std::vector<Route> routes) {
  std::vector<Surface> surfaces;
  surfaces.push_back({std::move(routes), std::make_shared<ProblemJson>()});
  return Router(std::move(surfaces));
}

Router library() {
  std::vector<Route> routes;
  routes.push_back(bare(Method::get, "/videos"));
  routes.push_back(bare(Method::post, "/videos"));
  routes.push_back(bare(Method::get, "/videos/{id}"));
  routes.push_back(bare(Method::delete_, "/videos/{id}"));
  routes.push_back(bare(Method::get, "/videos/list"));
  routes.push_back(bare(Method::get, "/videos/{id}/events"));
  routes.push_back(bare(Method::get, "/media/{grant}/{path...}"));
  routes.push_back(bare(Method::put, "/media/put/{grant}"));
  routes.push_back(bare(Method::get, "/"));
  return router_of(std::move(routes));
}

std::string found(const Router& router, Method method, std::string_view path) {
  const auto match = router.find(method, path);
  return match.route != nullptr ? match.route->spec.path : "";
}

TEST(Router, FindsWordsBeforeValues) {
  const auto router = library();

  EXPECT_EQ(found(router, Method::get, "/videos/list"), "/videos/list");
  EXPECT_EQ(found(router, Method::get, "/videos/lis"), "/videos/{id}");
  EXPECT_EQ(found(router, Method::get, "/videos/list/events"), "/videos/{id}/events");
}

TEST(Router, GivesDecodedValues) {
  const auto router = library();

  const auto match = router.find(Method::get, "/videos/a%20b/events");

  EXPECT_EQ(match.path.find("id"), "a b");
}

TEST(Router, GivesTheRestToATail) {
  const auto router = library();

  const auto match = router.find(Method::get, "/media/g1/720p/init.mp4");

  EXPECT_EQ(match.path.find("grant"), "g1");
  EXPECT_EQ(match.path.find("path"), "720p/init.mp4");
  EXPECT_EQ(found(router, Method::get, "/media/g1"), "");
}

TEST(Router, IgnoresATrailingSlash) {
  EXPECT_EQ(found(library(), Method::get, "/videos/"), "/videos");
  EXPECT_EQ(found(library(), Method::get, "/"), "/");
}

TEST(Router, FindsTheGetOfAHead) { EXPECT_EQ(found(library(), Method::head, "/videos/x"), "/videos/{id}"); }

TEST(Router, NamesTheMethodsOfAKnownPath) {
  const auto match = library().find(Method::put, "/videos/x");

  EXPECT_EQ(match.route, nullptr);
  const std::vector expected{Method::get, Method::head, Method::delete_, Method::options};
  EXPECT_EQ(match.allowed, expected);
}

TEST(Router, MatchesNothingThatCouldLeaveItsPlace) {
  const auto router = library();
  for (const std::string_view path :
       {"/videos/..%2fx", "/videos/%252e%2f", "/videos/..", "/videos/%2e%2e", "/videos//events", "//videos", "/videos/%00",
        "/videos/%c0%af", "/media/g/../x", "/media/g/a%2fb", "/media/g//x", "videos", ""})
    EXPECT_EQ(found(router, Method::get, path), "") << path;
}

TEST(Router, KnowsWhoseAPathIsThatHoldsNoValue) {
  const auto router = library();

  EXPECT_NE(router.find(Method::get, "/videos/%00").envelope, nullptr);
  EXPECT_EQ(router.find(Method::get, "/nothing/here").envelope, nullptr);
}

TEST(Router, KeepsBackslashesAndSemicolonsAsTheyAre) {
  EXPECT_EQ(library().find(Method::get, "/videos/..%5cx;y").path.find("id"), "..\\x;y");
}

TEST(Router, KnowsWhoseAMethodIsWhereTwoSurfacesShareAPath) {
  std::vector<Surface> surfaces;
  for (const auto method : {Method::get, Method::post}) {
    std::vector<Route> routes;
    routes.push_back(bare(method, "/chat"));
    surfaces.push_back({std::move(routes), std::make_shared<ProblemJson>()});
  }
  const std::vector<const ErrorEnvelope*> envelopes{surfaces[0].envelope.get(), surfaces[1].envelope.get()};
  const Router router(std::move(surfaces));

  EXPECT_EQ(router.find(Method::get, "/chat").envelope, envelopes[0]);
  EXPECT_EQ(router.find(Method::post, "/chat").envelope, envelopes[1]);
}

TEST(RouterDeath, RefusesTwoRoutesOfOnePlace) {
  EXPECT_DEATH(
      {
        std::vector<Route> routes;
        routes.push_back(bare(Method::get, "/a/{x}"));
        routes.push_back(bare(Method::get, "/a/{y}"));
        router_of(std::move(routes));
      },
      "two routes stand here");
}

}  // namespace

}  // namespace kinora::http
