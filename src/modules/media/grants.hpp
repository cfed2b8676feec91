#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace kinora::media {

/// The right to read one video's media for a while, as a path segment: relative names in playlists inherit it, and no URL
/// carries a token. Holds the video, its playback epoch, the end and a MAC.
struct Grant {
  VideoId video{};
  std::uint32_t epoch = 0;
  Time expires_at{};
};

class Grants {
 public:
  explicit Grants(std::string secret) : secret_(std::move(secret)) {}
  std::string issue(const Grant& grant) const;
  /// Errors: forbidden.
  Result<Grant> read(std::string_view text, Time now) const;

 private:
  std::string mac(std::string_view body) const;
  std::string secret_;
};

}  // namespace kinora::media
