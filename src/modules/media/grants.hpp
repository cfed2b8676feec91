#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace kinora::media {

/// How much of a video a grant opens: what players show, or also the file that was uploaded, which may tell more than its
/// owner shows (places, names, sound that was cut).
enum class Reach : std::uint8_t { shown, source };

/// The right to read one video's media for a while, as a path segment: relative names in playlists inherit it, and no URL
/// carries a token. Holds the key's id, the video, its playback epoch, the end, the reach and a MAC.
struct Grant {
  VideoId video{};
  std::uint32_t epoch = 0;
  Time expires_at{};
  Reach reach = Reach::shown;
};

class Grants {
 public:
  /// What the previous secret signed still holds; empty: there is none.
  explicit Grants(std::string secret, std::string previous = {});
  std::string issue(const Grant& grant) const;
  /// Errors: forbidden.
  Result<Grant> read(std::string_view text, Time now) const;

 private:
  struct Key {
    std::uint8_t id = 0;  ///< follows from the secret, so nobody has to number them
    std::string secret;
  };
  std::vector<Key> keys_;  ///< the first one signs
};

}  // namespace kinora::media
