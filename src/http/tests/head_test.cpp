#include "http/head.hpp"

#include <gtest/gtest.h>

namespace kinora::http {

namespace {

std::string with_fields(std::string_view fields) { return "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n"; }

// The code the head is refused with; empty when it is taken.
std::string refusal_of(std::string text) {
  const auto head = parse_head(std::move(text));
  return head ? "" : head.error().code;
}

TEST(Head, GivesMethodPathAndQueryAsSent) {
  const auto head = parse_head("PATCH /api/videos/a%20b?q=1&r=%2F HTTP/1.1\r\nHost: a\r\n\r\n");

  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->method(), Method::patch);
  EXPECT_EQ(head->path(), "/api/videos/a%20b");
  EXPECT_EQ(head->query(), "q=1&r=%2F");
}

TEST(Head, FindsFieldsWithoutRegardToCase) {
  const auto head = parse_head(with_fields("X-Thing:  one \r\nx-thing: two\r\n"));

  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->header("X-THING"), "one");
  EXPECT_EQ(head->list("x-thing"), "one, two");
  EXPECT_FALSE(head->header("x-other").has_value());
}

TEST(Head, StaysWholeWhenCopied) {
  std::optional<Result<Head>> original = parse_head(with_fields("X-Thing: one\r\n"));
  const Head copy = **original;

  original.reset();

  EXPECT_EQ(copy.header("x-thing"), "one");
}

TEST(Head, FindsACookieAmongOthers) {
  const auto head = parse_head(with_fields("Cookie: a=1; session=abc=; b=2\r\n"));

  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->cookie("session"), "abc=");
  EXPECT_EQ(head->cookie("b"), "2");
  EXPECT_FALSE(head->cookie("sess").has_value());
}

TEST(Head, GivesTheBearerToken) {
  EXPECT_EQ(parse_head(with_fields("Authorization: bearer  abc.d\r\n"))->bearer(), "abc.d");
  EXPECT_FALSE(parse_head(with_fields("Authorization: Basic abc\r\n"))->bearer().has_value());
}

TEST(Head, TakesTheAbsoluteForm) {
  const auto head = parse_head("GET http://example.test/x?y HTTP/1.1\r\nHost: example.test\r\n\r\n");

  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->path(), "/x");
  EXPECT_EQ(head->query(), "y");
}

TEST(Head, ReadsAnUnknownMethodAsOther) {
  EXPECT_EQ(parse_head("BREW / HTTP/1.1\r\nHost: a\r\n\r\n")->method(), Method::other);
}

TEST(Head, RefusesABodyWhoseLengthIsGivenTwice) {
  EXPECT_EQ(refusal_of(with_fields("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")), "malformed");
  EXPECT_EQ(refusal_of(with_fields("Content-Length: 3\r\nContent-Length: 4\r\n")), "malformed");
  EXPECT_EQ(refusal_of(with_fields("Content-Length: 3\r\nContent-Length: 3\r\n")), "malformed");
  EXPECT_EQ(refusal_of(with_fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n")), "malformed");
}

TEST(Head, RefusesLengthsThatAreNoPlainNumbers) {
  for (const std::string length : {"+3", "-3", "0x3", "3 ", "3,3", "", "99999999999999999999", "3a"})
    EXPECT_EQ(refusal_of(with_fields("Content-Length:" + length + "x\r\n")), "malformed") << length;
}

TEST(Head, RefusesOtherTransferCodings) {
  for (const std::string coding : {"identity", "gzip, chunked", "chunked, chunked", "xchunked", "chunked;a=b", "\vchunked"})
    EXPECT_EQ(refusal_of(with_fields("Transfer-Encoding: " + coding + "\r\n")), "malformed") << coding;
}

TEST(Head, RefusesHeadersThatParsersReadDifferently) {
  EXPECT_EQ(refusal_of(with_fields("X-A: 1\r\n folded\r\n")), "malformed");
  EXPECT_EQ(refusal_of(with_fields("X-A : 1\r\n")), "malformed");
  EXPECT_EQ(refusal_of(with_fields("no colon\r\n")), "malformed");
  EXPECT_EQ(refusal_of(with_fields(": empty name\r\n")), "malformed");
  EXPECT_EQ(refusal_of(with_fields(std::string("X-A: a\0b\r\n", 10))), "malformed");
  EXPECT_EQ(refusal_of(with_fields("X-A: a\rb\r\n")), "malformed");
}

TEST(Head, NeedsExactlyOneHost) {
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\n\r\n"), "malformed");
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), "malformed");
  EXPECT_EQ(refusal_of("GET / HTTP/1.0\r\n\r\n"), "");
}

TEST(Head, RefusesBrokenRequestLines) {
  for (const std::string line : {"GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", "G@T / HTTP/1.1", "GET x HTTP/1.1",
                                 "GET /\tx HTTP/1.1", "GET /\xc3\xa9 HTTP/1.1", "GET / http/1.1", "garbage"})
    EXPECT_EQ(refusal_of(line + "\r\nHost: a\r\n\r\n"), "malformed") << line;
}

TEST(Head, TellsOtherVersionsApart) {
  EXPECT_EQ(refusal_of("PRI * HTTP/2.0\r\n\r\n"), "version_not_supported");
  EXPECT_EQ(refusal_of("GET / HTTP/0.9\r\nHost: a\r\n\r\n"), "version_not_supported");
}

TEST(Head, KeepsItsLimits) {
  EXPECT_EQ(refusal_of("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n"), "uri_too_long");
  EXPECT_EQ(refusal_of(with_fields("X: " + std::string(17'000, 'a') + "\r\n")), "headers_too_large");
  std::string many;
  for (int count = 0; count < 200; ++count) many += "X: 1\r\n";
  EXPECT_EQ(refusal_of(with_fields(many)), "headers_too_large");
}

TEST(FindHead, SeesTheEmptyLineWhereverTheBytesWereCut) {
  const std::string text = "GET / HTTP/1.1\r\nHost: a\r\n\r\nbody";
  for (std::size_t seen = 0; seen < text.size() - 4; ++seen) {
    const auto found = find_head(text, seen);
    EXPECT_EQ(found.end, HeadEnd::found) << seen;
    EXPECT_EQ(found.size_bytes, text.size() - 4) << seen;
  }
}

TEST(FindHead, ReadsOnWhileThereIsNoEmptyLine) {
  EXPECT_EQ(find_head("GET / HTTP/1.1\r\nHost: a\r\n\r", 0).end, HeadEnd::absent);
}

TEST(FindHead, RefusesABareLineFeedAtOnce) {
  EXPECT_EQ(find_head("GET / HTTP/1.1\nHost: a\n", 0).end, HeadEnd::broken);
  EXPECT_EQ(find_head("GET / HTTP/1.1\r\nHost: a\n\r\n", 0).end, HeadEnd::broken);
}

}  // namespace

}  // namespace kinora::http
