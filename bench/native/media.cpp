#include "media.hpp"

namespace kinora::bench {

namespace {

/// Each attempt of a job begins in an empty folder.
void empty(const std::filesystem::path& scratch) {
  std::filesystem::remove_all(scratch);
  std::filesystem::create_directories(scratch);
}

}  // namespace

// One thread: what the server gives FFmpeg on two cores.
MediaBench::MediaBench(std::filesystem::path scratch, std::filesystem::path kinora, Log& log)
    : scratch_(std::move(scratch)),
      log_(log),
      launcher_({.jail = std::move(kinora)}),
      tool_(open_media_tool({.threads = 1}, launcher_, files_, log_)) {}

Task<Result<std::string>> MediaBench::look(std::filesystem::path clip) {
  empty(scratch_);
  const auto info = co_await ok(tool_->probe(clip, scratch_));
  co_await ok(tool_->poster(clip, info, scratch_));
  co_await ok(tool_->storyboard(clip, info, scratch_));
  co_return "done";
}

Task<Result<std::string>> MediaBench::copy(std::filesystem::path clip) {
  const auto info = co_await ok(known(clip));
  empty(scratch_);
  co_await ok(tool_->audio_rendition(clip, info, scratch_, {}));
  co_await ok(tool_->copied_picture(clip, info, scratch_, {}));
  co_return "done";
}

Task<Result<std::string>> MediaBench::ladder(std::filesystem::path clip) {
  const auto info = co_await ok(known(clip));
  auto heights = ladder_heights(info);
  empty(scratch_);
  co_await ok(tool_->audio_rendition(clip, info, scratch_, {}));
  if (fits_copy(info)) {
    co_await ok(tool_->copied_picture(clip, info, scratch_, {}));
    heights.pop_back();
  } else {
    const std::vector lowest = {heights.front()};
    co_await ok(encode(clip, info, lowest));
    heights.erase(heights.begin());
  }
  co_await ok(encode(clip, info, std::move(heights)));
  co_return "done";
}

Task<Result<void>> MediaBench::encode(std::filesystem::path clip, MediaInfo info, std::vector<int> heights) {
  co_await ok(tool_->encoded_pictures(std::move(clip), std::move(info), std::move(heights), scratch_, {}));
  co_return {};
}

Task<Result<MediaInfo>> MediaBench::known(std::filesystem::path clip) {
  if (const auto found = infos_.find(clip); found != infos_.end()) co_return found->second;
  empty(scratch_);
  auto info = co_await ok(tool_->probe(clip, scratch_));
  infos_[clip] = info;
  co_return info;
}

}  // namespace kinora::bench
