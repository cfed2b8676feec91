#include <gtest/gtest.h>
#include <zlib.h>

#include "http/access_log.hpp"
#include "http/answers.hpp"
#include "http/compression.hpp"
#include "http/conditions.hpp"
#include "http/cors.hpp"
#include "http/response_head.hpp"

namespace kinora::http {

namespace {

Head head_with(std::string_view fields, std::string_view method = "GET") {
  return *parse_head(std::string(method) + " / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n");
}

std::string value_of(const Reply& reply, std::string_view name) {
  const auto* header = find_header(reply.headers, name);
  return header != nullptr ? header->value : "";
}

TEST(Conditions, TurnAKnownAnswerInto304) {
  Reply reply{200, "application/json", {{"ETag", "\"7\""}}, std::string("{}")};

  apply_conditions(head_with("If-None-Match: \"6\", W/\"7\"\r\n"), reply);

  EXPECT_EQ(reply.status, 304);
  EXPECT_EQ(std::get<std::string>(reply.body), "");
  EXPECT_EQ(value_of(reply, "etag"), "\"7\"");
}

TEST(Conditions, LeaveOtherAnswersAlone) {
  Reply changed{200, {}, {{"ETag", "\"8\""}}, std::string("{}")};
  Reply written{200, {}, {{"ETag", "\"7\""}}, std::string("{}")};
  apply_conditions(head_with("If-None-Match: \"7\"\r\n"), changed);
  apply_conditions(head_with("If-None-Match: \"7\"\r\n", "PUT"), written);

  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(written.status, 200);
}

TEST(IfMatch, ComparesStrongly) {
  EXPECT_TRUE(require_version(7, if_match(head_with("If-Match: \"7\"\r\n"))));
  EXPECT_EQ(require_version(8, if_match(head_with("If-Match: \"7\"\r\n"))).error().kind, ErrorKind::stale);
  EXPECT_EQ(require_version(7, if_match(head_with("If-Match: W/\"7\"\r\n"))).error().kind, ErrorKind::stale);
}

TEST(IfMatch, AllowsAnyOfAList) {
  EXPECT_TRUE(require_version(7, if_match(head_with("If-Match: \"6\", \"7\"\r\n"))));
  EXPECT_FALSE(require_version(8, if_match(head_with("If-Match: \"6\", \"7\"\r\n"))));
}

TEST(IfMatch, AllowsEverythingByAStarOrWhenItIsAbsent) {
  EXPECT_TRUE(require_version(7, if_match(head_with("If-Match: *\r\n"))));
  EXPECT_TRUE(require_version(7, if_match(head_with(""))));
}

TEST(Cors, KnowsLoopbackOrigins) {
  for (const std::string_view origin :
       {"http://localhost:5173", "http://127.0.0.1", "https://[::1]:8443", "http://127.1.2.3:1"})
    EXPECT_TRUE(is_loopback_origin(origin)) << origin;
  for (const std::string_view origin :
       {"http://localhost.evil.test", "http://evil.test/localhost", "http://127.0.0.1.evil.test", "file://", "null",
        "http://x@localhost", "ftp://localhost", ""})
    EXPECT_FALSE(is_loopback_origin(origin)) << origin;
}

TEST(Cors, LetsOnlyListedOriginsReadWithCredentials) {
  const CorsRules rules{{"https://app.test"}, false};
  Headers listed;
  Headers unknown;
  add_cors_headers(rules, Sharing::listed, head_with("Origin: https://app.test\r\n"), listed);
  add_cors_headers(rules, Sharing::listed, head_with("Origin: https://app.test.evil\r\n"), unknown);

  EXPECT_EQ(find_header(listed, "Access-Control-Allow-Origin")->value, "https://app.test");
  EXPECT_EQ(find_header(listed, "Access-Control-Allow-Credentials")->value, "true");
  EXPECT_EQ(find_header(unknown, "Access-Control-Allow-Origin"), nullptr);
  EXPECT_EQ(find_header(unknown, "Vary")->value, "Origin");
}

TEST(Cors, GivesMediaToEveryoneWithoutCredentials) {
  Headers headers;
  add_cors_headers({}, Sharing::everyone, head_with("Origin: https://any.test\r\n"), headers);

  EXPECT_EQ(find_header(headers, "Access-Control-Allow-Origin")->value, "*");
  EXPECT_EQ(find_header(headers, "Access-Control-Allow-Credentials"), nullptr);
}

TEST(Cors, LetsPagesReadWhatTusClientsLookAt) {
  Headers headers;
  add_cors_headers({}, Sharing::everyone, head_with(""), headers);

  const auto& exposed = find_header(headers, "Access-Control-Expose-Headers")->value;
  for (const auto* name : {"Upload-Offset", "Upload-Length", "Upload-Defer-Length", "Upload-Metadata", "Upload-Expires",
                           "Tus-Checksum-Algorithm", "Tus-Extension", "Location", "X-Video-Id"})
    EXPECT_TRUE(has_member(exposed, name)) << name;
}

std::string unpacked(const std::string& packed) {
  std::string out(1 << 20, '\0');
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST(Compression, PacksLargeTextsForWhoTakesGzip) {
  const std::string text(5000, 'x');
  Reply reply{200, "application/json", {}, text};

  compress(head_with("Accept-Encoding: br, gzip\r\n"), reply);

  EXPECT_EQ(value_of(reply, "content-encoding"), "gzip");
  EXPECT_LT(std::get<std::string>(reply.body).size(), 200);
  EXPECT_EQ(unpacked(std::get<std::string>(reply.body)), text);
}

TEST(Compression, LeavesSmallPackedAndUnwantedAnswersAlone) {
  const auto packs = [](std::string fields, std::string type, std::size_t size) {
    Reply reply{200, std::move(type), {}, std::string(size, 'x')};
    compress(head_with(fields), reply);
    return find_header(reply.headers, "Content-Encoding") != nullptr;
  };
  EXPECT_TRUE(packs("Accept-Encoding: gzip\r\n", "text/css", 2000));
  EXPECT_FALSE(packs("", "text/css", 2000));
  EXPECT_FALSE(packs("Accept-Encoding: gzip;q=0\r\n", "text/css", 2000));
  EXPECT_FALSE(packs("Accept-Encoding: gzip\r\n", "text/css", 1000));
  EXPECT_FALSE(packs("Accept-Encoding: gzip\r\n", "image/png", 2000));
}

TEST(ResponseHead, CarriesWhatEveryAnswerMust) {
  const auto text = response_head({200, "application/json"}, head_with(""), {true, false, true, 2}, Time(0s));

  EXPECT_TRUE(text.starts_with("HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"));
  for (const std::string_view line :
       {"\r\nContent-Length: 2\r\n", "\r\nX-Content-Type-Options: nosniff\r\n", "\r\nReferrer-Policy: no-referrer\r\n",
        "\r\nContent-Security-Policy: default-src 'none';",
        "\r\nStrict-Transport-Security: ", "\r\nCache-Control: no-store\r\n"})
    EXPECT_TRUE(text.contains(line)) << line;
  EXPECT_TRUE(text.ends_with("\r\n\r\n"));
}

TEST(ResponseHead, LetsNoValueBeginAnotherField) {
  const auto text = response_head({302, {}, {{"Location", "/a\r\nSet-Cookie: x=1"}}}, head_with(""), {}, Time(0s));

  EXPECT_TRUE(text.contains("Location: /aSet-Cookie: x=1\r\n"));
}

TEST(ResponseHead, EchoesOnlyAWellFormedTrace) {
  const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  EXPECT_TRUE(
      response_head({200}, head_with("traceparent: " + trace + "\r\n"), {}, Time(0s)).contains("traceparent: " + trace));
  EXPECT_FALSE(response_head({200}, head_with("traceparent: <script>\r\n"), {}, Time(0s)).contains("traceparent"));
}

struct KeptLine final : Log {
  std::string text;
  void write(LogLevel, std::string_view, std::initializer_list<LogField> fields) override {
    for (const auto& field : fields)
      if (const auto* value = std::get_if<std::string_view>(&field.value))
        text += std::string(field.name) + '=' + std::string(*value) + '\n';
  }
};

TEST(AccessLog, NamesTheTraceOfARequest) {
  const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  KeptLine traced;
  KeptLine forged;

  log_answer(traced, {head_with("traceparent: " + trace + "\r\n"), nullptr, 200, 0, {}, {}});
  log_answer(forged, {head_with("traceparent: <script>\r\n"), nullptr, 200, 0, {}, {}});

  EXPECT_TRUE(traced.text.contains("traceparent=" + trace)) << traced.text;
  EXPECT_TRUE(forged.text.contains("traceparent=\n")) << forged.text;
}

TEST(AccessLog, ShowsTemplatesAndNoGrants) {
  const RouteSpec video{Method::get, "/api/v1/videos/{id}"};
  const RouteSpec media{Method::get, "/media/{grant}/{path...}"};
  const RouteSpec put{Method::put, "/media/put/{grant}"};

  EXPECT_EQ(logged_path(&video, "/api/v1/videos/vid_1"), "/api/v1/videos/{id}");
  EXPECT_EQ(logged_path(&media, "/media/secret/720p/1.m4s"), "/media/-/720p/1.m4s");
  EXPECT_EQ(logged_path(&put, "/media/put/secret"), "/media/put/-");
  EXPECT_EQ(logged_path(nullptr, "/secret"), "-");
}

TEST(Attachment, IsNamedSafely) { EXPECT_EQ(attachment_named("a\"\r\nb.mp4"), "attachment; filename*=UTF-8''a%22%0D%0Ab.mp4"); }

}  // namespace

}  // namespace kinora::http
