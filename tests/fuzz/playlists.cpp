// What players are told line by line: playlists and server-sent events.
#include "modules/media/playlists.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "http/events.hpp"
#include "modules/media/storyboard.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace kinora::fuzz {
namespace {

bool starts_with_tag(std::string_view line) { return line.starts_with("#EXT"); }

media::RenditionIndex index_of(Dice& dice) {
  media::RenditionIndex index{.codecs = "avc1.64001f", .width = 1 + static_cast<int>(dice.draw(8192)), .height = 360};
  index.frames_per_second = static_cast<double>(dice.draw(240'000)) / 1000;
  index.peak_bits_per_second = static_cast<std::int64_t>(dice.draw(1 << 30));
  for (auto count = dice.draw(20); count > 0; --count)
    index.segments.push_back({index.init_size, 1 + dice.draw(1 << 20), Seconds(static_cast<double>(dice.draw(20'000)) / 1000)});
  return index;
}

/// RFC 8216, 4.3: each EXTINF is followed by its address, and none is longer than the target, when rounded.
void check_media(const media::RenditionIndex& index) {
  const auto text = media::media_playlist(index);
  std::string_view rest = text;
  require(take_until(rest, '\n') == "#EXTM3U", "a playlist begins with its name");
  long target = 0;
  std::size_t segments = 0;
  bool ended = false;
  while (!rest.empty()) {
    const auto line = take_until(rest, '\n');
    require(!ended && starts_with_tag(line), "every line is a tag or what a tag is about");
    ended = line == "#EXT-X-ENDLIST";
    if (line.starts_with("#EXT-X-TARGETDURATION:")) target = std::stol(std::string(line.substr(22)));
    if (!line.starts_with("#EXTINF:")) continue;
    require(std::lround(std::stod(std::string(line.substr(8)))) <= target, "no segment is longer than the target");
    require(take_until(rest, '\n') == std::to_string(segments++) + ".m4s", "segments are named by their numbers");
  }
  require(ended && segments == index.segments.size(), "a playlist has all segments and an end");
}

/// A language is a code; see Heard.
std::vector<std::string> languages_of(Dice& dice) {
  std::vector<std::string> languages;
  for (auto count = dice.draw(4); count > 0; --count) languages.push_back(dice.draw(2) == 0 ? "en" : "yue");
  return languages;
}

void check_master(Dice& dice) {
  const media::Rung sound{.quality = "audio-en", .index = index_of(dice)};
  std::vector<media::Rung> rungs;
  for (auto count = dice.draw(4); count > 0; --count) rungs.push_back({std::to_string(360 * count) + "p", index_of(dice)});
  const auto captions = languages_of(dice);
  const auto text = media::master_playlist(rungs, {sound}, captions);
  std::string_view rest = text;
  std::size_t media = 0;
  std::size_t variants = 0;
  while (!rest.empty()) {
    const auto line = take_until(rest, '\n');
    require(starts_with_tag(line), "every line is a tag or what a tag is about");
    require(std::ranges::count(line, '"') % 2 == 0, "every quote ends on its line");
    media += line.starts_with("#EXT-X-MEDIA:") ? 1 : 0;
    if (!line.starts_with("#EXT-X-STREAM-INF:")) continue;
    require(take_until(rest, '\n').ends_with("/index.m3u8"), "a variant has its address");
    ++variants;
  }
  require(media == 1 + captions.size() && variants == std::max<std::size_t>(rungs.size(), 1), "nothing is forged");
}

/// WHATWG HTML, 9.2.6.
http::ServerEvent read_frame(std::string_view frame) {
  http::ServerEvent event;
  std::size_t data_lines = 0;
  for (auto line = take_until(frame, '\n'); !line.empty(); line = take_until(frame, '\n')) {
    require(line.find('\r') == std::string_view::npos, "no line hides another");
    const auto name = line.substr(0, line.find(": "));
    const auto value = line.substr(name.size() + 2);
    if (name == "data" && data_lines++ > 0) event.data += '\n';
    if (name == "data") event.data += value;
    if (name == "event") event.event = value;
    if (name == "id") event.id = value;
  }
  require(frame.empty(), "a frame is one event");
  return event;
}

std::string without(std::string text, std::string_view letters) {
  std::erase_if(text, [&](char letter) { return letters.contains(letter); });
  return text;
}

/// A carriage return alone ends a line too.
std::string with_plain_line_ends(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at).starts_with("\r\n")) continue;
    if (text[at] != '\0') plain += text[at] == '\r' ? '\n' : text[at];
  }
  return plain;
}

void check_event(std::string_view input) {
  const std::string name(take_until(input, '|'));
  const http::ServerEvent sent{.event = name, .data = std::string(input), .id = name};
  const auto read = read_frame(http::frame_of(sent));
  require(read.event == without(name, std::string_view("\r\n\0", 3)), "an event keeps its name");
  require(read.data == with_plain_line_ends(sent.data), "an event keeps its data, line by line");
}

}  // namespace

void check(std::string_view input) {
  Dice dice(input);
  check_media(index_of(dice));
  check_master(dice);
  check_event(input);
}

}  // namespace kinora::fuzz
