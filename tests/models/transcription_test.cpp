#include <algorithm>
#include <cstdint>
#include <fstream>
#include <random>

#include "adapters/media_tool/open.hpp"
#include "adapters/transcriber/open.hpp"
#include "base/tests/run.hpp"
#include "tests/models/parts.hpp"
#include "tests/models/words.hpp"

namespace kinora {
namespace {

using testing::plain_words;
using testing::word_error_rate;

constexpr std::string_view spoken =
    "Congratulations! You have successfully installed and executed the Asterisk open source PBX. You have also installed a set "
    "of "
    "sample sounds and configuration files that should help you get started. Like a normal PBX, you will navigate this "
    "demonstration by dialing digits. If you are using a console channel driver instead of a real phone, you can use the dial, "
    "answer, and hang up commands to simulate the actions of a standard telephone.";

class TranscriptionOf : public testing::ModelsTest {
 protected:
  ~TranscriptionOf() override { files_.join(); }

  Result<Transcription> transcribe(std::filesystem::path wav, std::string language = "") {
    TranscriberSettings settings{
        .model = model("ggml-tiny.en.bin"), .detector = model("ggml-silero-v6.2.0.bin"), .program = KINORA_PROGRAM};
    const auto transcriber = open_transcriber(std::move(settings), launcher_, log_);
    auto note = [this](double fraction) { progress_.push_back(fraction); };
    return testing::run(transcriber->transcribe(std::move(wav), std::move(language), folder_.folder("scratch"), note));
  }

  std::filesystem::path audio_of(const std::filesystem::path& video) {
    const auto tool = open_media_tool({}, launcher_, files_, log_);
    const auto scratch = folder_.folder("media");
    const auto info = testing::run(tool->probe(video, scratch)).value();
    return testing::run(tool->speech_audio(video, info, scratch, [](double) {})).value();
  }

  std::filesystem::path wav_of(const std::vector<std::int16_t>& samples) const {
    const auto path = folder_.path() / "made.wav";
    std::ofstream file(path, std::ios::binary);
    const auto put = [&file](std::uint32_t value, std::streamsize bytes) {
      file.write(reinterpret_cast<const char*>(&value), bytes);
    };
    const auto size_bytes = static_cast<std::uint32_t>(samples.size() * 2);
    file << "RIFF";
    put(36 + size_bytes, 4);
    file << "WAVEfmt ";
    for (const auto& [value, bytes] : {std::pair{16U, 4}, {1U, 2}, {1U, 2}, {16'000U, 4}, {32'000U, 4}, {2U, 2}, {16U, 2}})
      put(value, bytes);
    file << "data";
    put(size_bytes, 4);
    file.write(reinterpret_cast<const char*>(samples.data()), static_cast<std::streamsize>(size_bytes));
    return path;
  }

  Pool files_{"file", 1, 10};
  std::vector<double> progress_;
};

TEST_F(TranscriptionOf, SpeechIsWhatWasSaid) {
  const auto said = transcribe(audio_of(std::filesystem::absolute("tests/media/short.mp4")));

  ASSERT_TRUE(said.has_value()) << said.error().message;
  EXPECT_EQ(said->language, "en");
  std::vector<std::string> heard;
  double before = 0;
  for (const auto& word : said->words) {
    for (auto& plain : plain_words(word.text)) heard.push_back(std::move(plain));
    EXPECT_GE(word.start.count(), before) << word.text;
    EXPECT_GE(word.end, word.start) << word.text;
    before = word.end.count();
  }
  EXPECT_LE(before, 30.1);
  EXPECT_LE(word_error_rate(plain_words(spoken), heard), 0.12);
  EXPECT_GE(said->segment_starts.size(), 4U);
  EXPECT_TRUE(std::ranges::is_sorted(progress_));
  EXPECT_EQ(progress_.back(), 1);
}

TEST_F(TranscriptionOf, SilenceNoiseAndNothingIsEmpty) {
  std::mt19937 random(1);
  std::uniform_int_distribution<int> noise(-8000, 8000);
  std::vector<std::int16_t> hiss(30 * 16'000);
  for (auto& sample : hiss) sample = static_cast<std::int16_t>(noise(random));

  for (const auto& samples : {std::vector<std::int16_t>(30 * 16'000, 0), hiss, std::vector<std::int16_t>()}) {
    const auto said = transcribe(wav_of(samples));

    ASSERT_TRUE(said.has_value()) << said.error().message;
    EXPECT_TRUE(said->words.empty());
    EXPECT_EQ(said->language, "");
  }
}

TEST_F(TranscriptionOf, WhatIsNoAudioIsRefused) {
  const auto said = transcribe(folder_.file("text.wav", "not audio at all"));

  ASSERT_FALSE(said.has_value());
  EXPECT_EQ(said.error().kind, ErrorKind::invalid) << said.error().message;
}

}  // namespace
}  // namespace kinora
