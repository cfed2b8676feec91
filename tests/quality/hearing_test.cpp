#include <algorithm>
#include <iostream>
#include <iterator>

#include "adapters/media_tool/open.hpp"
#include "adapters/transcriber/open.hpp"
#include "base/json.hpp"
#include "tests/models/parts.hpp"
#include "tests/models/words.hpp"
#include "tests/quality/library.hpp"

namespace kinora {
namespace {

using testing::plain_words;
using testing::word_error_rate;

const std::filesystem::path folder = "tests/media/tour";

struct Reference {
  struct Passage {
    std::string text;
  };
  std::vector<Passage> segments{};
};

std::vector<std::string> said() {
  std::vector<std::string> words;
  for (const auto& passage : testing::json_of_file<Reference>(folder / "reference.json").segments)
    std::ranges::move(plain_words(passage.text), std::back_inserter(words));
  return words;
}

class Hearing : public testing::ModelsTest {
 protected:
  ~Hearing() override { files_.join(); }

  Result<Transcription> hear(const std::filesystem::path& source) {
    const auto tool = open_media_tool({}, launcher_, files_, log_);
    const auto scratch = folder_.folder("media");
    const auto info = testing::run(tool->probe(source, scratch)).value();
    auto wav = testing::run(tool->speech_audio(source, info, scratch, [](double) {})).value();
    TranscriberSettings settings{
        .model = model("ggml-base.bin"), .detector = model("ggml-silero-v6.2.0.bin"), .program = KINORA_PROGRAM};
    const auto transcriber = open_transcriber(std::move(settings), launcher_, log_);
    return testing::run(transcriber->transcribe(std::move(wav), "", folder_.folder("scratch"), [](double) {}));
  }

  Pool files_{"file", 1, 10};
};

TEST_F(Hearing, TheTalkIsWhatWasSaid) {
  const auto heard = hear(std::filesystem::absolute(folder / "tour.m4a"));

  ASSERT_TRUE(heard.has_value()) << heard.error().message;
  std::vector<std::string> words;
  for (const auto& word : heard->words) std::ranges::move(plain_words(word.text), std::back_inserter(words));
  const auto rate = word_error_rate(said(), words);
  std::cout << "word error rate " << rate << '\n';
  EXPECT_LE(rate, 0.12);
  EXPECT_EQ(heard->language, "en");
}

TEST_F(Hearing, MusicIsNotHeardAsWords) {
  const auto heard = hear(std::filesystem::absolute("tests/media/music.m4a"));

  ASSERT_TRUE(heard.has_value()) << heard.error().message;
  for (const auto& word : heard->words) ADD_FAILURE() << word.text << " at " << word.start.count();
  EXPECT_EQ(heard->language, "");
}

TEST_F(Hearing, FrenchIsHeardAsFrench) {
  const auto heard = hear(std::filesystem::absolute("tests/media/accueil_fr.m4a"));

  ASSERT_TRUE(heard.has_value()) << heard.error().message;
  EXPECT_EQ(heard->language, "fr");
  const auto is = [](std::string_view wanted) { return [wanted](const Word& word) { return word.text == wanted; }; };
  EXPECT_GE(std::ranges::count_if(heard->words, is("vous")), 2) << "not its translation";
  EXPECT_GT(heard->words.size(), 80U);
}

// What the other tests start from is what the engine hears today, not what it once heard.
TEST(HeardBefore, IsWhatWasSaid) {
  std::vector<std::string> words;
  for (const auto& segment : testing::json_of_file<testing::Heard>(folder / "heard.json").segments)
    for (const auto& word : segment.words) std::ranges::move(plain_words(word.text), std::back_inserter(words));

  EXPECT_LE(word_error_rate(said(), words), 0.12);
}

}  // namespace
}  // namespace kinora
