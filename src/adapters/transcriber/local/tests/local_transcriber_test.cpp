#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/transcriber/local/heard.hpp"
#include "adapters/transcriber/open.hpp"
#include "base/tests/run.hpp"
#include "children/tests/scratch.hpp"

namespace kinora {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class NoLog final : public Log {
  void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

Result<Transcription> heard(std::initializer_list<const char*> lines) {
  Heard heard(nullptr);
  for (const auto* line : lines) heard.take(line);
  return std::move(heard).transcription();
}

TEST(TranscriberHeard, GathersWordsSegmentsAndLanguage) {
  const auto said =
      heard({R"({"event":"language","language":"vi"})",
             R"({"event":"words","words":[{"text":"Xin","start":1,"end":1.5,"confidence":0.9,"begins_segment":true},)"
             R"({"text":"cha\u0300o.","start":1.5,"end":2,"confidence":1.5,"begins_segment":false}]})",
             R"({"event":"words","words":[{"text":"Hai","start":3,"end":4,"confidence":0.5,"begins_segment":true}]})",
             R"({"event":"done"})"});

  ASSERT_TRUE(said.has_value()) << said.error().message;
  EXPECT_EQ(said->language, "vi");
  ASSERT_EQ(said->words.size(), 3U);
  EXPECT_EQ(said->words[1].text, "chào.");
  EXPECT_EQ(said->words[1].end, Seconds(2));
  EXPECT_EQ(said->words[1].confidence, 1);
  EXPECT_THAT(said->segment_starts, ElementsAre(0, 2));
}

TEST(TranscriberHeard, TellsProgressInsideItsBounds) {
  std::vector<double> told;
  Heard heard([&](double fraction) { told.push_back(fraction); });

  heard.take(R"({"event":"progress","fraction":0.25})");
  heard.take(R"({"event":"progress","fraction":7})");

  EXPECT_THAT(told, ElementsAre(0.25, 1));
}

TEST(TranscriberHeard, HasNoLanguageWhenNothingWasSaid) {
  const auto said = heard({R"({"event":"language","language":"en"})", R"({"event":"done"})"});

  ASSERT_TRUE(said.has_value());
  EXPECT_EQ(said->language, "");
  EXPECT_TRUE(said->segment_starts.empty());
}

TEST(TranscriberHeard, IsAnErrorWhenTheEngineStopsHalfWay) {
  EXPECT_FALSE(heard({R"({"event":"progress","fraction":0.5})"}).has_value());
}

TEST(TranscriberHeard, IsAnErrorWhenALineIsNoMessage) {
  EXPECT_FALSE(heard({"[1,2", R"({"event":"done"})"}).has_value());
  EXPECT_FALSE(heard({R"({"event":"words","words":[{"text":5}]})", R"({"event":"done"})"}).has_value());
}

TEST(TranscriberHeard, IsAnErrorWhenAWordIsNone) {
  for (const auto* word : {R"({"text":"","start":0,"end":1})", R"({"text":"a\n\n00:00 --> 00:01","start":0,"end":1})",
                           R"({"text":"two words","start":0,"end":1})", R"({"text":"a","start":-1,"end":1})",
                           R"({"text":"a","start":0,"end":1e300})", R"({"text":"a","start":0,"end":1e999})",
                           R"({"text":"a","start":0,"end":1,"confidence":1e999})"}) {
    const auto line = R"({"event":"words","words":[)" + std::string(word) + "]}";
    EXPECT_FALSE(heard({line.c_str(), R"({"event":"done"})"}).has_value()) << word;
  }
}

TEST(TranscriberHeard, IsAnErrorWhenALanguageIsNone) {
  for (const auto* language : {"", "e", "en-GB", "../en", "en\\\"", "EN", "english"}) {
    const auto line = R"({"event":"language","language":")" + std::string(language) + "\"}";
    EXPECT_FALSE(heard({line.c_str(), R"({"event":"done"})"}).has_value()) << language;
  }
}

TEST(TranscriberHeard, KeepsTheTimesOfWordsRising) {
  const auto said = heard(
      {R"({"event":"words","words":[{"text":"a","start":5,"end":4},{"text":"b","start":1,"end":2}]})", R"({"event":"done"})"});

  ASSERT_TRUE(said.has_value()) << said.error().message;
  EXPECT_EQ(said->words[0].end, Seconds(5));
  EXPECT_EQ(said->words[1].start, Seconds(5));
  EXPECT_EQ(said->words[1].end, Seconds(5));
}

class TranscriberTest : public ::testing::Test {
 protected:
  Result<Transcription> transcribe(std::filesystem::path program) {
    TranscriberSettings settings{.model = folder_.path() / "ggml-base.bin",
                                 .detector = folder_.path() / "detector.bin",
                                 .model_sha256 = "60ed5bc3dd14eea8",
                                 .program = std::move(program)};
    const auto transcriber = open_transcriber(std::move(settings), launcher_, log_);
    model_ = transcriber->model();
    return testing::run(transcriber->transcribe(folder_.file("a.wav", ""), "", folder_.folder("scratch"), nullptr));
  }

  testing::ScratchFolder folder_;
  Launcher launcher_{LauncherSettings{}};
  NoLog log_;
  std::string model_;
};

TEST_F(TranscriberTest, SaysHowToBringAMissingModel) {
  const auto said = transcribe("/bin/true");

  ASSERT_FALSE(said.has_value());
  EXPECT_EQ(said.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(said.error().code, "no_model");
  EXPECT_THAT(said.error().message, HasSubstr("make setup"));
}

TEST_F(TranscriberTest, NamesItsModelWithItsHash) {
  static_cast<void>(transcribe("/bin/true"));

  EXPECT_EQ(model_, "ggml-base@60ed5bc3dd14");
}

TEST_F(TranscriberTest, TakesAnEngineThatFailsOrSaysNothingForAnError) {
  folder_.file("ggml-base.bin", "weights");
  folder_.file("detector.bin", "weights");

  for (const auto* program : {"/bin/false", "/bin/true", "/bin/echo"}) {
    const auto said = transcribe(program);

    ASSERT_FALSE(said.has_value()) << program;
    EXPECT_EQ(said.error().kind, ErrorKind::internal) << said.error().message;
  }
}

}  // namespace
}  // namespace kinora
