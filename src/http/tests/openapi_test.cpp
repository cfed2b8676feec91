#include "http/openapi.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "http/route.hpp"

namespace kinora::http {

namespace {

struct Nobody {};

struct TrackView {
  VideoId id;
  std::string title;
  std::optional<Seconds> duration;
};

struct ListView {
  std::vector<TrackView> data;
  bool has_more;
};

struct RenameTrack {
  struct Path {
    VideoId id;
  } path;
  struct Body {
    Text<1, 500> title;
  } body;
  IfMatch match;
};
Task<Result<TrackView>> rename_track(Nobody&, Caller, RenameTrack) { co_return TrackView{}; }

struct ReplaceTrack {
  NeededMatch match;
};
Task<Result<TrackView>> replace_track(Nobody&, Caller, ReplaceTrack) { co_return TrackView{}; }

struct ListTracks {
  struct Query {
    Page page;
    Text<0, 9> q;
  } query;
};
Task<Result<ListView>> list_tracks(Nobody&, Caller, ListTracks) { co_return ListView{}; }

Task<Result<Created<TrackView>>> make_track(Nobody&, Caller) { co_return Created<TrackView>{}; }

struct RecordTrack {
  struct Body {
    Text<1, 500> title;
  } body;
};
Task<Result<Created<TrackView>>> record_track(Nobody&, Caller, RecordTrack) { co_return Created<TrackView>{}; }

struct ChangeTrack {
  struct Body {
    Optional<Text<1, 500>> title;
    Default<Int<1, 9>, 5> stars;
  } body;
};
Task<Result<TrackView>> change_track(Nobody&, Caller, ChangeTrack) { co_return TrackView{}; }

struct SendTrack {
  struct Fields {
    Optional<Text<0, 9>> title;
  };
  Multipart body;
};
Task<Result<TrackView>> send_track(Nobody&, Caller, SendTrack) { co_return TrackView{}; }

Task<Result<Plain>> words_of_track(Nobody&, Caller) { co_return Plain{}; }

boost::json::object document() {
  static Nobody nobody;
  std::vector<Route> routes;
  routes.push_back(route(nobody,
                         {Method::patch, "/api/v1/tracks/{id}", Access::either, LimitClass::default_, "Rename a track", {}},
                         rename_track));
  routes.push_back(
      route(nobody, {Method::get, "/api/v1/tracks", Access::anyone, LimitClass::none, "List tracks", {}}, list_tracks));
  routes.push_back(route(nobody, {Method::post, "/api/v1/tracks"}, make_track));
  routes.push_back(route(nobody, {Method::put, "/api/v1/tracks/{id}"}, change_track));
  RouteSpec words{Method::get, "/api/v1/tracks/{id}/words"};
  words.content_types = {"text/vtt"};
  routes.push_back(route(nobody, std::move(words), words_of_track));
  return openapi_document("kinora", "1.0", routes);
}

const boost::json::object& operation(const boost::json::object& whole, std::string_view path, std::string_view method) {
  return whole.at("paths").at(path).at(method).as_object();
}

TEST(OpenApi, PutsTheMethodsOfAPathTogether) {
  const auto whole = document();

  EXPECT_EQ(whole.at("openapi"), "3.1.0");
  EXPECT_EQ(whole.at("paths").at("/api/v1/tracks").as_object().size(), 2);
  EXPECT_EQ(operation(whole, "/api/v1/tracks/{id}", "patch").at("operationId"), "patch_api_v1_tracks_id");
}

TEST(OpenApi, DescribesParametersByTheirTypes) {
  const auto whole = document();

  EXPECT_EQ(json_text(operation(whole, "/api/v1/tracks/{id}", "patch").at("parameters")),
            R"([{"name":"id","in":"path","required":true,"schema":{"type":"string",)"
            R"("pattern":"^(vid_[0-7][0-9a-hjkmnp-tv-z]{25}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$"}},)"
            R"({"name":"If-Match","in":"header","required":false,"schema":{"type":"string"}}])");
  const auto& listed = operation(whole, "/api/v1/tracks", "get").at("parameters").as_array();
  ASSERT_EQ(listed.size(), 3);
  EXPECT_EQ(listed[0].at("name"), "limit");
  EXPECT_EQ(listed[1].at("name"), "cursor");
  EXPECT_EQ(listed[2].at("required"), true);
}

TEST(OpenApi, AsksForABodyOnlyWhereAFieldHasToBeThere) {
  const auto whole = document();

  EXPECT_EQ(operation(whole, "/api/v1/tracks/{id}", "patch").at("requestBody").at("required"), true);
  EXPECT_EQ(operation(whole, "/api/v1/tracks/{id}", "put").at("requestBody").at("required"), false);
}

TEST(OpenApi, NamesTheTypesOfTextsBesideJson) {
  const auto whole = document();

  const auto& content =
      operation(whole, "/api/v1/tracks/{id}/words", "get").at("responses").at("200").at("content").as_object();
  EXPECT_TRUE(content.contains("text/vtt"));
  EXPECT_FALSE(content.contains("text/plain"));
}

TEST(OpenApi, SaysWhereARequestMayComeAgain) {
  static Nobody nobody;
  RouteSpec spec{Method::post, "/api/v1/recordings"};
  spec.takes_key = true;  // as once() declares it
  const std::vector routes{route(nobody, std::move(spec), record_track)};
  const auto whole = openapi_document("kinora", "1.0", routes);
  const auto& recording = operation(whole, "/api/v1/recordings", "post");

  const auto& key = recording.at("parameters").at(0);
  EXPECT_EQ(key.at("name"), "Idempotency-Key");
  EXPECT_EQ(key.at("in"), "header");
  EXPECT_EQ(key.at("required"), false);
  EXPECT_TRUE(recording.at("responses").at("201").at("headers").as_object().contains("Idempotency-Replayed"));
  EXPECT_TRUE(recording.at("responses").as_object().contains("409"));
}

TEST(OpenApi, NamesTheSchemasOfBodiesAndViews) {
  const auto whole = document();
  const auto& schemas = whole.at("components").at("schemas").as_object();

  EXPECT_EQ(json_text(operation(whole, "/api/v1/tracks/{id}", "patch").at("requestBody").at("content")),
            R"({"application/json":{"schema":{"$ref":"#/components/schemas/RenameTrackBody"}}})");
  EXPECT_TRUE(schemas.contains("RenameTrackBody"));
  EXPECT_EQ(json_text(schemas.at("ListView").at("properties").at("data")),
            R"({"type":"array","items":{"$ref":"#/components/schemas/TrackView"}})");
  EXPECT_TRUE(schemas.contains("Problem"));
}

TEST(OpenApi, NamesTheFieldsOfAForm) {
  static Nobody nobody;
  const std::vector routes{route(nobody, {.method = Method::post, .path = "/a"}, send_track)};
  const auto whole = openapi_document("kinora", "1.0", routes);

  const auto& form = operation(whole, "/a", "post").at("requestBody").at("content").at("multipart/form-data").at("schema");
  EXPECT_EQ(json_text(form.at("properties").at("title")), R"({"type":"string","minLength":0,"maxLength":9})");
  EXPECT_EQ(form.at("properties").at("file").at("format"), "binary");
  EXPECT_EQ(json_text(form.at("required")), R"(["file"])");
}

TEST(OpenApi, SaysWhereABodyMayHoldNothingElse) {
  static Nobody nobody;
  const auto fields = [](Unknown unknown) {
    const std::vector routes{route(nobody, {.method = Method::post, .path = "/a", .unknown = unknown}, record_track)};
    return openapi_document("kinora", "1.0", routes).at("components").at("schemas").at("RecordTrackBody").as_object();
  };

  EXPECT_EQ(fields(Unknown::refused).at("additionalProperties"), false);
  EXPECT_FALSE(fields(Unknown::ignored).contains("additionalProperties"));
}

TEST(OpenApi, ListsTheAnswersARouteMayGive) {
  const auto whole = document();
  const auto& patch = operation(whole, "/api/v1/tracks/{id}", "patch").at("responses").as_object();
  const auto& get = operation(whole, "/api/v1/tracks", "get").at("responses").as_object();
  const auto& post = operation(whole, "/api/v1/tracks", "post").at("responses").as_object();

  for (const auto* status : {"200", "401", "404", "412", "422", "429"}) EXPECT_TRUE(patch.contains(status)) << status;
  EXPECT_FALSE(get.contains("401"));
  EXPECT_FALSE(get.contains("429"));
  EXPECT_TRUE(post.contains("201"));
  EXPECT_FALSE(post.contains("200"));
}

TEST(OpenApi, TellsOfIfMatchWhereItCounts) {
  static Nobody nobody;
  const std::vector routes{route(nobody, {.method = Method::put, .path = "/a"}, replace_track)};
  const auto needed = operation(openapi_document("kinora", "1.0", routes), "/a", "put");
  const auto taken = operation(document(), "/api/v1/tracks/{id}", "patch");

  EXPECT_EQ(json_text(needed.at("parameters")),
            R"([{"name":"If-Match","in":"header","required":true,"schema":{"type":"string"}}])");
  EXPECT_TRUE(needed.at("responses").as_object().contains("428"));
  EXPECT_EQ(json_text(taken.at("parameters").as_array().back()),
            R"({"name":"If-Match","in":"header","required":false,"schema":{"type":"string"}})");
  EXPECT_FALSE(taken.at("responses").as_object().contains("428"));
}

TEST(OpenApi, SaysWhichCredentialsCount) {
  const auto whole = document();

  EXPECT_EQ(json_text(operation(whole, "/api/v1/tracks", "post").at("security")), R"([{"bearer":[]},{"session":[]}])");
  EXPECT_EQ(json_text(operation(whole, "/api/v1/tracks", "get").at("security")), "[]");
}

TEST(OpenApi, SaysWhoMayCallAndWhichScopeAKeyNeeds) {
  const auto whole = document();

  EXPECT_EQ(operation(whole, "/api/v1/tracks", "post").at("x-kinora-access"), "either");
  EXPECT_EQ(operation(whole, "/api/v1/tracks", "post").at("x-kinora-scope"), "write");
  EXPECT_EQ(operation(whole, "/api/v1/tracks", "get").at("x-kinora-access"), "public");
  EXPECT_FALSE(operation(whole, "/api/v1/tracks", "get").contains("x-kinora-scope"));
}

TEST(OpenApi, SaysWhereATicketCounts) {
  static Nobody nobody;
  RouteSpec spec{.method = Method::post, .path = "/api/v1/tracks", .takes_ticket = true};
  std::vector<Route> routes;
  routes.push_back(route(nobody, std::move(spec), make_track));

  const auto whole = openapi_document("kinora", "1.0", routes);

  EXPECT_EQ(json_text(operation(whole, "/api/v1/tracks", "post").at("security")),
            R"([{"bearer":[]},{"session":[]},{"ticket":[]}])");
}

TEST(ScopeOfARoute, IsItsOwnOrFollowsFromWhatItDoes) {
  const auto scope = [](Method method, Access access, LimitClass limit, std::optional<Scope> own = {}) {
    return scope_of({.method = method, .path = "/", .access = access, .limit = limit, .scope = own});
  };

  EXPECT_EQ(scope(Method::get, Access::either, LimitClass::default_), Scope::read);
  EXPECT_EQ(scope(Method::delete_, Access::either, LimitClass::default_), Scope::write);
  EXPECT_EQ(scope(Method::post, Access::either, LimitClass::chat), Scope::chat);
  EXPECT_EQ(scope(Method::get, Access::admin, LimitClass::default_), Scope::admin);
  EXPECT_EQ(scope(Method::post, Access::either, LimitClass::default_, Scope::edit), Scope::edit);
}

}  // namespace

}  // namespace kinora::http
