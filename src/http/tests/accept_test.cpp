#include "http/accept.hpp"

#include <gtest/gtest.h>

namespace kinora::http {
namespace {

const std::vector<std::string> json{"application/json"};
const std::vector<std::string> json_or_stream{"application/json", "text/event-stream"};

bool accepts(std::string_view accept, const std::vector<std::string>& types) {
  auto head = parse_head("GET / HTTP/1.1\r\nHost: a\r\nAccept: " + std::string(accept) + "\r\n\r\n");
  return require_acceptable(*head, types).has_value();
}

TEST(Accept, TakesWhatClientsSend) {
  for (const auto* accept : {"*/*", "application/json", "application/*", "Application/JSON; charset=utf-8", "",
                             "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8",
                             "application/json, text/plain, */*", "text/event-stream, application/json;q=0.5"})
    EXPECT_TRUE(accepts(accept, json)) << accept;
}

TEST(Accept, RefusesWhatAllowsNothingOfARoute) {
  for (const auto* accept : {"text/html", "application/xml, text/*", "application/json;q=0", "application/json;q=0, */*",
                             "application/*;q=0, */*", "nonsense"})
    EXPECT_FALSE(accepts(accept, json)) << accept;
}

TEST(Accept, IsContentWithOneOfTheTypes) {
  EXPECT_TRUE(accepts("text/event-stream", json_or_stream));
  EXPECT_FALSE(accepts("text/event-stream", json));
}

TEST(Accept, IsNotAskedOfFilesAndEmptyAnswers) { EXPECT_TRUE(accepts("text/html", {})); }

TEST(Accept, TellsWhatThereIs) {
  const auto head = parse_head("GET / HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n");

  const auto refused = require_acceptable(*head, json_or_stream);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "not_acceptable");
  EXPECT_TRUE(refused.error().message.contains("application/json, text/event-stream")) << refused.error().message;
}

TEST(TypesGiven, AreThoseOfAnswersAndOfTheRoute) {
  const boost::json::object view{{"200", {{"content", {{"application/json", boost::json::object()}}}}}};
  const boost::json::object file{{"200", {{"content", {{"application/octet-stream", boost::json::object()}}}}}};
  const boost::json::object nothing{{"204", {{"description", "Done"}}}};
  const std::vector<std::string_view> captions{"text/vtt"};

  EXPECT_EQ(types_given(view, {}), json);
  EXPECT_EQ(types_given(view, captions), (std::vector<std::string>{"text/vtt", "application/json"}));
  EXPECT_TRUE(types_given(file, captions).empty()) << "a file has its own type";
  EXPECT_TRUE(types_given(nothing, {}).empty());
}

}  // namespace
}  // namespace kinora::http
