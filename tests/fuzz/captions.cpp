// From what the speech engine prints, over the words, to the captions that players read.
#include <algorithm>
#include <charconv>
#include <vector>

#include "adapters/transcriber/local/heard.hpp"
#include "http/target.hpp"
#include "modules/ai/ai.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace kinora::fuzz {
namespace {

/// 00:01:02.500 as a whole number of milliseconds; -1 for anything else.
std::int64_t milliseconds_of(std::string_view time, char point) {
  constexpr std::string_view shape = "00:00:00.000";
  if (time.size() < shape.size()) return -1;
  const auto hours = time.size() - shape.size() + 2;
  std::string digits;
  for (std::size_t at = 0; at < time.size(); ++at) {
    const auto place = at < hours ? 0 : at - hours + 2;
    const char wanted = shape[place] == '.' ? point : shape[place];
    if (wanted != '0' && time[at] != wanted) return -1;
    if (wanted == '0') digits += time[at];
  }
  std::int64_t number = -1;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (code != std::errc() || end != digits.data() + digits.size()) return -1;
  const auto seconds = number / 1000 % 100 + number / 100'000 % 100 * 60 + number / 10'000'000 * 3600;
  return seconds * 1000 + number % 1000;
}

void check_times(std::string_view line, char point, std::int64_t& before) {
  const auto arrow = line.find(" --> ");
  require(arrow != std::string_view::npos, "a cue begins with its times");
  const auto start = milliseconds_of(line.substr(0, arrow), point);
  const auto end = milliseconds_of(line.substr(arrow + 5), point);
  require(start >= 0 && end >= start, "a cue has times, and ends after it began");
  require(start >= before, "cues come in order");
  before = start;
}

/// Blocks parted by empty lines, each a time line and one or two lines of text. Yields how many there are.
std::size_t check_cues(std::string_view text, char point) {
  std::size_t cues = 0;
  std::int64_t before = 0;
  while (!text.empty()) {
    if (point == ',') require(take_until(text, '\n') == std::to_string(cues + 1), "SubRip counts its cues");
    check_times(take_until(text, '\n'), point, before);
    std::size_t lines = 0;
    for (auto line = take_until(text, '\n'); !line.empty(); line = take_until(text, '\n'), ++lines) {
      require(line.find_first_of(std::string_view("<>\r\0", 4)) == std::string_view::npos,
              "no text becomes a tag, an arrow or a line");
      require(http::count_code_points(line).has_value(), "captions are UTF-8");
    }
    require(lines == 1 || lines == 2, "a cue has one or two lines");
    ++cues;
  }
  return cues;
}

std::vector<ai::Segment> segments_of(const Transcription& said) {
  std::vector<ai::Segment> segments;
  for (std::size_t at = 0; at < said.words.size(); ++at) {
    if (std::ranges::binary_search(said.segment_starts, at)) segments.emplace_back();
    segments.back().words.push_back(said.words[at]);
  }
  return segments;
}

void check_words(const Transcription& said) {
  Seconds before{0};
  for (const auto& word : said.words) {
    require(word.start >= before && word.end >= word.start, "the times of words rise");
    require(!word.text.empty() && http::count_code_points(word.text), "a word is UTF-8");
    require(word.confidence >= 0 && word.confidence <= 1, "a confidence lies between 0 and 1");
    before = word.start;
  }
  require(said.words.empty() || said.segment_starts.front() == 0, "the first word begins a segment");
  require(std::ranges::all_of(said.language, [](char letter) { return letter >= 'a' && letter <= 'z'; }),
          "a language is a code of letters");
}

}  // namespace

void check(std::string_view input) {
  Heard heard({});
  while (!input.empty()) heard.take(take_until(input, '\n'));
  const auto said = std::move(heard).transcription();
  if (!said) return;
  check_words(*said);
  const auto segments = segments_of(*said);
  auto vtt = ai::webvtt_of(segments);
  require(vtt.starts_with("WEBVTT\n"), "WebVTT begins with its name");
  const auto cues = vtt.size() > 8 ? check_cues(std::string_view(vtt).substr(8), '.') : 0;
  const auto srt = ai::srt_of(segments);
  require(check_cues(srt, ',') == cues, "both kinds of captions have the same cues");
}

}  // namespace kinora::fuzz
