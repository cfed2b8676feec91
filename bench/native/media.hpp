#pragma once

#include <map>

#include "adapters/media_tool/open.hpp"

namespace kinora::bench {

/// What the media stages have made of a file, by the same calls and in the same jails.
class MediaBench {
 public:
  /// `kinora` is the program that becomes the jail; `log` outlives this.
  MediaBench(std::filesystem::path scratch, std::filesystem::path kinora, Log& log);
  ~MediaBench() { files_.join(); }

  /// probe, poster, storyboard.
  Task<Result<std::string>> look(std::filesystem::path clip);
  /// first_rung of what can be copied: sound and picture as they are.
  Task<Result<std::string>> copy(std::filesystem::path clip);
  /// first_rung and rest_of_ladder; the rungs stay in the scratch folder.
  Task<Result<std::string>> ladder(std::filesystem::path clip);

 private:
  Task<Result<MediaInfo>> known(std::filesystem::path clip);
  Task<Result<void>> encode(std::filesystem::path clip, MediaInfo info, std::vector<int> heights);

  std::filesystem::path scratch_;
  Log& log_;
  Launcher launcher_;
  Pool files_{"files", 1, 16};
  std::unique_ptr<MediaTool> tool_;
  std::map<std::filesystem::path, MediaInfo> infos_;
};

}  // namespace kinora::bench
