#include "engines/speech/wav_file.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "engines/speech/order.hpp"
#include "engines/speech/speech_engine.hpp"

namespace kinora::speech {
namespace {

std::string number(std::uint32_t value, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

struct Shape {
  std::uint32_t tag = 1;
  std::uint32_t channels = 1;
  std::uint32_t rate = 16'000;
  std::uint32_t bits = 16;
};

std::string format_of(Shape shape) {
  return "fmt " + number(16, 4) + number(shape.tag, 2) + number(shape.channels, 2) + number(shape.rate, 4) +
         number(shape.rate * shape.channels * shape.bits / 8, 4) + number(shape.channels * shape.bits / 8, 2) +
         number(shape.bits, 2);
}
std::string data_of(std::string samples, std::uint32_t told_bytes) { return "data" + number(told_bytes, 4) + samples; }

class WavFileTest : public ::testing::Test {
 protected:
  WavFileTest() {
    std::string name = (std::filesystem::temp_directory_path() / "kinora-wav-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~WavFileTest() override { std::filesystem::remove_all(folder_); }

  Result<WavFile> open_raw(const std::string& bytes) {
    std::ofstream(folder_ / "a.wav", std::ios::binary) << bytes;
    return WavFile::open(folder_ / "a.wav");
  }
  Result<WavFile> open(const std::string& chunks) { return open_raw("RIFF" + number(0, 4) + "WAVE" + chunks); }

  std::filesystem::path folder_;
};

TEST_F(WavFileTest, ReadsSamplesFromAnywhere) {
  const auto file = open(format_of({}) + data_of(number(0x4000, 2) + number(0x8000, 2) + number(0, 2), 6));

  ASSERT_TRUE(file.has_value()) << file.error().message;
  EXPECT_EQ(file->samples(), 3);
  EXPECT_EQ(file->read(0, 2), (std::vector<float>{0.5F, -1.0F}));
  EXPECT_EQ(file->read(2, 10), (std::vector<float>{0}));
  EXPECT_TRUE(file->read(3, 10).empty());
}

TEST_F(WavFileTest, PassesOverOtherChunksWithTheirPadding) {
  const auto file = open("LIST" + number(3, 4) + "abc" + std::string(1, '\0') + format_of({}) + data_of(number(0x4000, 2), 2));

  ASSERT_TRUE(file.has_value()) << file.error().message;
  EXPECT_EQ(file->read(0, 1), (std::vector<float>{0.5F}));
}

TEST_F(WavFileTest, BelievesTheFileMoreThanItsHeader) {
  EXPECT_EQ(open(format_of({}) + data_of(number(0, 2), 0xffffffff))->samples(), 1);
  EXPECT_EQ(open(format_of({}) + data_of("", 0))->samples(), 0);
}

TEST_F(WavFileTest, RefusesOtherShapes) {
  for (const auto shape :
       {Shape{.rate = 1}, Shape{.rate = 768'000}, Shape{.channels = 2}, Shape{.bits = 32}, Shape{.tag = 3}}) {
    const auto file = open(format_of(shape) + data_of("", 0));

    ASSERT_FALSE(file.has_value());
    EXPECT_EQ(file.error().kind, ErrorKind::invalid);
  }
}

TEST_F(WavFileTest, RefusesWhatIsCutOrNoWav) {
  for (const auto* bytes : {"", "RIFF", "not a wave file at all, but long enough"}) EXPECT_FALSE(open_raw(bytes).has_value());
  EXPECT_FALSE(open("").has_value());
  EXPECT_FALSE(open("fmt " + number(4, 4) + "abcd").has_value());
  EXPECT_FALSE(open(data_of(number(0, 2), 2)).has_value());
  EXPECT_FALSE(open(format_of({})).has_value());
  EXPECT_FALSE(WavFile::open(folder_ / "absent.wav").has_value());
}

Result<Order> parse(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  return parse_order(arguments);
}

TEST(Order, IsReadFromArguments) {
  const auto order = parse({"--audio", "a.wav", "--model", "m.bin", "--detector", "d.bin", "--language", "vi", "--slots", "2"});

  ASSERT_TRUE(order.has_value()) << order.error().message;
  EXPECT_EQ(order->audio, "a.wav");
  EXPECT_EQ(order->language, "vi");
  EXPECT_EQ(order->slots, 2U);
}

TEST(Order, RefusesWhatItDoesNotUnderstand) {
  EXPECT_FALSE(parse({}).has_value());
  EXPECT_FALSE(parse({"--audio"}).has_value());
  EXPECT_FALSE(parse({"--audio", "a", "--model", "m", "--detector", "d", "--colour", "red"}).has_value());
  for (const auto* slots : {"0", "-1", "2x", "999", ""})
    EXPECT_FALSE(parse({"--audio", "a", "--model", "m", "--detector", "d", "--slots", slots}).has_value());
}

TEST_F(WavFileTest, EndsTheEngineWithACodeOfItsOwn) {
  std::ofstream(folder_ / "a.wav") << "no wave";
  auto audio = (folder_ / "a.wav").string();
  std::vector<std::string> words{"speech", "--audio", audio, "--model", "absent", "--detector", "absent"};
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());

  EXPECT_EQ(speech_main(static_cast<int>(arguments.size()), arguments.data()), wrong_audio);
  EXPECT_EQ(speech_main(1, arguments.data()), wrong_order);
}

TEST_F(WavFileTest, EndsTheEngineWhenTheModelIsAbsent) {
  ASSERT_TRUE(open(format_of({}) + data_of(number(0, 2), 2)).has_value());
  std::vector<std::string> words{"speech",     "--audio", (folder_ / "a.wav").string(), "--model", "absent",
                                 "--detector", "absent"};
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());

  EXPECT_EQ(speech_main(static_cast<int>(arguments.size()), arguments.data()), no_model);
}

}  // namespace
}  // namespace kinora::speech
