#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace kinora::media {

/// How much of a video a grant opens: what players show, or also the file that was uploaded, which may tell more than its
/// owner shows (places, names, sound that was cut).
enum class Reach : std::uint8_t { shown, source };

/// The right to read one video's media for a while, as a path segment: relative names in playlists inherit it, and no URL
/// carries a token. Holds the video, its playback epoch, the end, the reach and a MAC.
struct Grant {
  VideoId video{};
  std::uint32_t epoch = 0;
  Time expires_at{};
  Reach reach = Reach::shown;
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
