#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ports/media_tool.hpp"

namespace kinora::ffmpeg {

/// What the packets of one track tell, where headers only claim: fed with lines `pts,dts,duration,flags,side data` of ffprobe's
/// CSV, in decoding order.
class PacketScan {
 public:
  /// Steadiness and key frames are judged by the packets before `judged_until`; of a long file only head and tail are read.
  explicit PacketScan(Seconds judged_until) : judged_until_(judged_until) {}
  void feed(std::string_view line);

  bool has_packets() const { return last_end_.has_value(); }
  /// From 0 to the end of the last packet.
  Seconds measured_duration() const { return Seconds(last_end_.value_or(0)); }
  Seconds key_frame_gap_max() const;
  bool is_variable_frame_rate() const;
  /// A packet of a group that is shown before the group's key frame: it hangs on the group before.
  bool has_open_groups() const { return has_open_groups_; }
  /// New parameters in the middle, which is how demuxers tell that the size may change.
  bool changes_parameters() const { return changes_parameters_; }

 private:
  Seconds judged_until_;
  std::vector<double> times_{};
  std::vector<double> key_times_{};
  std::optional<double> last_end_{};
  bool has_open_groups_ = false;
  bool changes_parameters_ = false;
};

}  // namespace kinora::ffmpeg
