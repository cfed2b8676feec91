#include "adapters/media_tool/ffmpeg/tests/media_fixture.hpp"

#include <stdlib.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/tests/run.hpp"

namespace kinora::testing {

namespace {

struct QuietLog final : Log {
  void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

struct Encoding {
  std::filesystem::path file;
  MediaInfo info;
  std::vector<int> heights;
  std::filesystem::path scratch;
};

Task<Result<std::vector<Rendition>>> encode_until(double fraction, MediaTool& tool, Encoding what) {
  Fiber& fiber = co_await this_fiber;
  const auto stop_there = [&fiber, fraction](double made) {
    if (made >= fraction) asio::post(fiber.executor, [&fiber] { fiber.stop(ErrorKind::cancelled); });
  };
  co_return co_await tool.encoded_pictures(what.file, what.info, what.heights, what.scratch, stop_there);
}

}  // namespace

struct MediaFixture::Parts {
  QuietLog log;
  Launcher launcher{LauncherSettings{}};
  Pool files{"files", 1, 16};
  std::unique_ptr<MediaTool> tool = open_media_tool({}, launcher, files, log);
};

MediaFixture::MediaFixture() : parts_(std::make_unique<Parts>()) {
  auto name = (std::filesystem::temp_directory_path() / "kinora-media-XXXXXX").string();
  EXPECT_NE(::mkdtemp(name.data()), nullptr);
  folder_ = name;
  scratch_ = folder_ / "scratch";
  std::filesystem::create_directory(scratch_);
}

MediaFixture::~MediaFixture() {
  parts_->files.join();
  std::filesystem::remove_all(folder_);
}

std::filesystem::path MediaFixture::make(const std::string& name, const std::string& arguments) {
  const auto path = folder_ / name;
  const auto command = "ffmpeg -nostdin -v error -y " + arguments + " '" + path.string() + "'";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  return path;
}

std::filesystem::path MediaFixture::write(const std::string& name, const std::string& content) {
  std::ofstream(folder_ / name, std::ios::binary) << content;
  return folder_ / name;
}

void MediaFixture::empty_scratch() {
  std::filesystem::remove_all(scratch_);
  std::filesystem::create_directory(scratch_);
}

std::string MediaFixture::ask(const std::filesystem::path& file, const std::string& entries) {
  const auto command = "ffprobe -v error -of csv=p=0 " + entries + " '" + file.string() + "'";
  std::string answer;
  std::array<char, 4096> buffer{};
  FILE* pipe = ::popen(command.c_str(), "r");
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) answer += buffer.data();
  ::pclose(pipe);
  while (!answer.empty() && (answer.back() == '\n' || answer.back() == ',')) answer.pop_back();
  return answer;
}

Result<MediaInfo> MediaFixture::probe(const std::filesystem::path& file) { return run(parts_->tool->probe(file, scratch_)); }

MediaInfo MediaFixture::info_of(const std::filesystem::path& file) {
  auto info = probe(file);
  EXPECT_TRUE(info) << info.error().message;
  return info.value_or(MediaInfo{});
}

Result<Rendition> MediaFixture::copied(const std::filesystem::path& file) {
  return run(parts_->tool->copied_picture(file, info_of(file), scratch_, {}));
}

Result<std::vector<Rendition>> MediaFixture::pictures(const std::filesystem::path& file, std::vector<int> heights) {
  const auto note = [this](double fraction) { progress_.push_back(fraction); };
  return run(parts_->tool->encoded_pictures(file, info_of(file), std::move(heights), scratch_, note));
}

Result<std::vector<Rendition>> MediaFixture::pictures_until(double fraction, const std::filesystem::path& file,
                                                            std::vector<int> heights) {
  return run(encode_until(fraction, *parts_->tool, {file, info_of(file), std::move(heights), scratch_}));
}

Result<Rendition> MediaFixture::picture(const std::filesystem::path& file, int height) {
  auto made = pictures(file, {height});
  if (!made) return std::unexpected(std::move(made.error()));
  return std::move(made->front());
}

Result<Rendition> MediaFixture::sound(const std::filesystem::path& file) {
  return run(parts_->tool->audio_rendition(file, info_of(file), scratch_, {}));
}

Result<Storyboard> MediaFixture::storyboard(const std::filesystem::path& file) {
  return run(parts_->tool->storyboard(file, info_of(file), scratch_));
}

Result<std::filesystem::path> MediaFixture::plain_file(const Rendition& picture, const std::optional<Rendition>& sound) {
  const auto heard = sound ? std::optional(sound->file) : std::nullopt;
  return run(parts_->tool->plain_file(picture.file, heard, scratch_));
}

Result<std::filesystem::path> MediaFixture::poster(const std::filesystem::path& file) {
  return run(parts_->tool->poster(file, info_of(file), scratch_));
}

Result<std::filesystem::path> MediaFixture::speech(const std::filesystem::path& file) {
  return run(parts_->tool->speech_audio(file, info_of(file), scratch_, {}));
}

std::string MediaFixture::bytes_of_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int MediaFixture::frames_in(const Rendition& rendition, std::size_t segment) {
  const auto all = bytes_of_file(rendition.file);
  const auto& range = rendition.segments[segment];
  const auto alone = write("alone.mp4", all.substr(0, rendition.init_size) + all.substr(range.offset, range.size));
  return std::stoi("0" + ask(alone, "-count_frames -select_streams v -show_entries stream=nb_read_frames"));
}

Seconds MediaFixture::length_of(const Rendition& rendition) {
  Seconds time{0};
  for (const auto& segment : rendition.segments) time += segment.duration;
  return time;
}

}  // namespace kinora::testing
