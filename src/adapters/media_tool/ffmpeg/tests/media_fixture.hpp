#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "adapters/media_tool/open.hpp"

namespace kinora::testing {

/// Media made for one test run by FFmpeg itself, outside the jail, and the tool under test.
class MediaFixture : public ::testing::Test {
 protected:
  MediaFixture();
  ~MediaFixture() override;

  /// Makes a file by FFmpeg's own arguments ("-f lavfi -i ..."), once per name.
  std::filesystem::path make(const std::string& name, const std::string& arguments);
  std::filesystem::path write(const std::string& name, const std::string& content);
  /// A job of its own for what comes next.
  void empty_scratch();
  /// What ffprobe, outside the jail, says about `entries` of the first matching stream.
  static std::string ask(const std::filesystem::path& file, const std::string& entries);

  Result<MediaInfo> probe(const std::filesystem::path& file);
  MediaInfo info_of(const std::filesystem::path& file);
  Result<Rendition> copied(const std::filesystem::path& file);
  Result<std::vector<Rendition>> pictures(const std::filesystem::path& file, std::vector<int> heights);
  /// The same, stopped once so much of it is made.
  Result<std::vector<Rendition>> pictures_until(double fraction, const std::filesystem::path& file, std::vector<int> heights);
  Result<Rendition> picture(const std::filesystem::path& file, int height);
  Result<Rendition> sound(const std::filesystem::path& file);
  Result<Storyboard> storyboard(const std::filesystem::path& file);
  Result<std::filesystem::path> plain_file(const Rendition& picture, const std::optional<Rendition>& sound);
  Result<std::filesystem::path> poster(const std::filesystem::path& file);
  Result<std::filesystem::path> speech(const std::filesystem::path& file);

  static std::string bytes_of_file(const std::filesystem::path& path);
  /// How many frames of a segment decode behind the init segment alone.
  int frames_in(const Rendition& rendition, std::size_t segment);
  static Seconds length_of(const Rendition& rendition);

  std::filesystem::path folder_;
  std::filesystem::path scratch_;
  std::vector<double> progress_;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace kinora::testing
