#include "adapters/media_tool/ffmpeg/packets.hpp"

#include <algorithm>
#include <cmath>

#include "base/numbers.hpp"

namespace kinora::ffmpeg {

namespace {

constexpr std::size_t times_max = 250'000;

/// The next field of a line, with its comma removed.
std::string_view take_field(std::string_view& line) {
  const auto end = std::min(line.find(','), line.size());
  const auto field = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return field;
}

std::optional<double> finite_number_of(std::string_view text) {
  const auto number = number_of<double>(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

/// Steps between the times, ascending; packets come in decoding order.
std::vector<double> steps_between(std::vector<double> times) {
  std::ranges::sort(times);
  std::vector<double> steps;
  for (std::size_t at = 1; at < times.size(); ++at) steps.push_back(times[at] - times[at - 1]);
  std::ranges::sort(steps);
  return steps;
}

}  // namespace

void PacketScan::feed(std::string_view line) {
  const auto shown = finite_number_of(take_field(line));
  const auto decoded = finite_number_of(take_field(line));
  const auto time = shown ? shown : decoded;  // AVI knows only when a frame is decoded
  const auto duration = finite_number_of(take_field(line)).value_or(0);
  if (!time) return;
  changes_parameters_ = changes_parameters_ || (has_packets() && line.contains("New Extradata"));
  last_end_ = std::max(last_end_.value_or(0), *time + std::max(0.0, duration));
  if (Seconds(*time) >= judged_until_ || times_.size() >= times_max) return;
  times_.push_back(*time);
  if (!shown) return;
  if (line.starts_with('K'))
    key_times_.push_back(*time);
  else if (!key_times_.empty() && *time < key_times_.back())
    has_open_groups_ = true;
}

Seconds PacketScan::key_frame_gap_max() const {
  if (key_times_.empty()) return Seconds(0);
  const auto steps = steps_between(key_times_);
  const auto tail = *std::ranges::max_element(times_) - *std::ranges::max_element(key_times_);
  return Seconds(std::max(steps.empty() ? 0 : steps.back(), tail));
}

bool PacketScan::is_variable_frame_rate() const {
  const auto steps = steps_between(times_);
  if (steps.size() < 3) return false;
  // Rounding to a coarse time base moves single frames by a millisecond; a recorder that drops frames changes many steps.
  const auto usual = steps[steps.size() / 2];
  const auto odd =
      std::ranges::count_if(steps, [&](double step) { return step > usual * 1.5 + 0.002 || step < usual * 0.5 - 0.002; });
  return static_cast<double>(odd) > 0.02 * static_cast<double>(steps.size());
}

}  // namespace kinora::ffmpeg
