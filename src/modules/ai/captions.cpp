#include <fmt/format.h>

#include <algorithm>

#include "base/webvtt.hpp"
#include "modules/ai/ai.hpp"

namespace kinora::ai {

namespace {

constexpr std::size_t line_max = 42;
constexpr std::size_t cue_max = 2 * line_max;
constexpr Seconds shortest{1};
constexpr Seconds longest{7};

struct Cue {
  Seconds start{0};
  Seconds end{0};
  std::string text;
};

/// SubRip parts the milliseconds by a comma, WebVTT by a point.
std::string subrip_time(Seconds time) {
  auto text = webvtt_time(time);
  std::ranges::replace(text, '.', ',');
  return text;
}

// What a recogniser heard is text: nothing of it may become a tag.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char letter : text) {
    if (letter == '&')
      out += "&amp;";
    else if (letter == '<')
      out += "&lt;";
    else if (letter == '>')
      out += "&gt;";
    else
      out += letter;
  }
  return out;
}

/// Broken once, at the space nearest to its middle.
std::string in_lines(std::string text) {
  if (text.size() <= line_max) return text;
  const auto before = text.rfind(' ', text.size() / 2);
  const auto after = text.find(' ', text.size() / 2);
  const bool takes_before =
      before != std::string::npos && (after == std::string::npos || text.size() / 2 - before <= after - text.size() / 2);
  const auto at = takes_before ? before : after;
  if (at != std::string::npos) text[at] = '\n';
  return text;
}

void add_cues(std::vector<Cue>& cues, const Segment& segment) {
  Cue cue;
  for (const auto& word : segment.words) {
    const bool full = !cue.text.empty() && (cue.text.size() + 1 + word.text.size() > cue_max || word.end - cue.start > longest);
    if (full) cues.push_back(std::exchange(cue, {}));
    if (cue.text.empty()) cue.start = word.start;
    cue.text += (cue.text.empty() ? "" : " ") + word.text;
    cue.end = word.end;
  }
  if (!cue.text.empty()) cues.push_back(std::move(cue));
}

std::vector<Cue> cues_of(const std::vector<Segment>& segments) {
  std::vector<Cue> cues;
  for (const auto& segment : segments) add_cues(cues, segment);
  for (std::size_t at = 0; at < cues.size(); ++at) {
    auto& cue = cues[at];
    // A short cue stays a little longer, but never into the next one.
    const auto free_until = at + 1 < cues.size() ? cues[at + 1].start : cue.end + shortest;
    cue.end = std::max(cue.end, std::min(cue.start + shortest, free_until));
  }
  return cues;
}

}  // namespace

std::string webvtt_of(const std::vector<Segment>& segments) {
  std::string out = "WEBVTT\n";
  for (const auto& cue : cues_of(segments))
    out += fmt::format("\n{} --> {}\n{}\n", webvtt_time(cue.start), webvtt_time(cue.end), in_lines(escaped(cue.text)));
  return out;
}

std::string srt_of(const std::vector<Segment>& segments) {
  std::string out;
  int number = 0;
  for (const auto& cue : cues_of(segments)) {
    ++number;
    out +=
        fmt::format("{}\n{} --> {}\n{}\n\n", number, subrip_time(cue.start), subrip_time(cue.end), in_lines(escaped(cue.text)));
  }
  return out;
}

}  // namespace kinora::ai
