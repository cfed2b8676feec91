#include "http/problem.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace kinora::http {

namespace {

Problem v1_problem(Error error, ErrorTexts texts = ErrorTexts::generic) {
  return problem_of(std::move(error), {"/api/v1/videos", "req-12345"}, texts);
}

std::string body_of(const Reply& reply) { return std::get<std::string>(reply.body); }

TEST(Problem, IsWrittenAsTheContractSays) {
  const auto reply = ProblemJson().render(
      v1_problem({ErrorKind::invalid, "1 field", "validation_failed", {{"/body/title", "too_long", "must be shorter"}}}));

  EXPECT_EQ(reply.status, 422);
  EXPECT_EQ(reply.content_type, "application/problem+json");
  EXPECT_EQ(body_of(reply),
            R"({"type":"urn:kinora:problem:validation_failed","title":"Some fields are wrong","status":422,"detail":"1 field",)"
            R"("instance":"/api/v1/videos","code":"validation_failed","request_id":"req-12345","traceparent":null,)"
            R"("errors":[{"pointer":"/body/title","code":"too_long","message":"must be shorter"}],)"
            R"("statusCode":422,"message":"1 field","error":"Some fields are wrong"})");
}

TEST(Problem, NamesTheTraceThatItsRequestIsPartOf) {
  const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const auto problem = problem_of({ErrorKind::conflict, "not now"}, {"/a", "req-12345", trace}, ErrorTexts::generic);

  EXPECT_TRUE(body_of(ProblemJson().render(problem)).contains("\"traceparent\":\"" + trace + '"'));
}

TEST(Problem, HasAStatusForEveryKind) {
  const std::vector<std::pair<ErrorKind, int>> expected{
      {ErrorKind::invalid, 422},      {ErrorKind::unsupported, 415},  {ErrorKind::too_large, 413},
      {ErrorKind::unauthorised, 401}, {ErrorKind::forbidden, 403},    {ErrorKind::not_found, 404},
      {ErrorKind::conflict, 409},     {ErrorKind::stale, 412},        {ErrorKind::expired, 410},
      {ErrorKind::quota, 403},        {ErrorKind::rate_limited, 429}, {ErrorKind::unavailable, 503},
      {ErrorKind::timeout, 504},      {ErrorKind::cancelled, 503},    {ErrorKind::internal, 500}};
  for (const auto& [kind, status] : expected) EXPECT_EQ(status_of({kind, ""}), status) << name_of(kind);
}

TEST(Problem, TakesTheStatusOfItsCode) {
  EXPECT_EQ(status_of({ErrorKind::conflict, "", "email_taken"}), 409);
  EXPECT_EQ(status_of({ErrorKind::unavailable, "", "model_failed"}), 502);
  EXPECT_EQ(status_of({ErrorKind::unavailable, "", "storage_full"}), 507);
  EXPECT_EQ(status_of({ErrorKind::conflict, "", "checksum_mismatch"}), 460);
}

TEST(Problem, KeepsACodeTheTableDoesNotKnow) {
  const Error error{ErrorKind::conflict, "", "own_code"};

  const auto code = code_of(error);

  EXPECT_EQ(code.code, "own_code");
  EXPECT_EQ(code.status, 409);
}

TEST(Problem, HidesOurInsidesInProduction) {
  const Error error{ErrorKind::internal, "/data/kinora.db is locked"};

  EXPECT_EQ(v1_problem(error).detail, "Something went wrong here. Ask with this id: req-12345");
  EXPECT_EQ(v1_problem(error, ErrorTexts::full).detail, "/data/kinora.db is locked");
}

TEST(UnionProblem, HasTheFieldsOfEverySurface) {
  const auto reply = UnionEnvelope().render(v1_problem({ErrorKind::not_found, "nothing here"}));

  EXPECT_EQ(body_of(reply),
            R"({"success":false,"error":"nothing here","message":"nothing here","detail":"nothing here","code":"NOT_FOUND",)"
            R"("statusCode":404,"requestId":"req-12345"})");
}

TEST(RequiredHeaders, FollowTheStatus) {
  Reply unauthorised{401};
  Reply busy{503, {}, {{"Retry-After", "7"}}};
  add_required_headers(unauthorised);
  add_required_headers(busy);

  EXPECT_NE(find_header(unauthorised.headers, "WWW-Authenticate"), nullptr);
  ASSERT_EQ(busy.headers.size(), 1);
  EXPECT_EQ(busy.headers.front().value, "7");
}

}  // namespace

}  // namespace kinora::http
