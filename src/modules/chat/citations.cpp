#include "modules/chat/citations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/numbers.hpp"

namespace kinora::chat {

namespace {

// Times cross the wire in milliseconds.
constexpr double rounding = 0.002;

std::string joined(const std::vector<const Word*>& words) {
  std::string text;
  for (const auto* word : words) text += (text.empty() ? "" : " ") + word->text;
  return text;
}

std::vector<const Word*> words_between(const ai::Transcript& transcript, Seconds start, Seconds end) {
  std::vector<const Word*> words;
  for (const auto& segment : transcript.segments)
    for (const auto& word : segment.words)
      if (word.start.count() >= start.count() - rounding && word.end.count() <= end.count() + rounding) words.push_back(&word);
  return words;
}

/// Old number of a citation to its new one.
using Numbers = std::map<int, int>;

/// The [n] that a text begins with; its number is 0 when there is none so large.
struct Marker {
  int number = 0;
  std::size_t length = 0;
};
std::optional<Marker> marker_at(std::string_view text) {
  if (!text.starts_with('[')) return std::nullopt;
  const auto end = text.find_first_not_of("0123456789", 1);
  if (end == std::string_view::npos || end == 1 || text[end] != ']') return std::nullopt;
  return Marker{.number = number_of<int>(text.substr(1, end - 1)).value_or(0), .length = end + 1};
}

/// The text with something else in place of each marker. Other brackets stay.
template <class InPlaceOf>
std::string with_markers(std::string_view text, InPlaceOf in_place_of) {
  std::string out;
  while (!text.empty()) {
    const auto marker = marker_at(text);
    if (marker)
      out += in_place_of(text.substr(0, marker->length), marker->number);
    else
      out += text.front();
    text.remove_prefix(marker ? marker->length : 1);
  }
  return out;
}

/// Gives each [n] its new number; a marker without one goes.
std::string renumbered(std::string_view text, const Numbers& numbers) {
  return with_markers(text, [&](std::string_view, int number) {
    const auto known = numbers.find(number);
    return known == numbers.end() ? std::string() : fmt::format("[{}]", known->second);
  });
}

}  // namespace

std::optional<Citation> cite(const ai::Transcript& transcript, Span span, int index) {
  const auto said = words_between(transcript, span.start, span.end);
  if (span.count == 0 || said.size() < span.first + span.count) return std::nullopt;
  const std::vector quoted(said.begin() + static_cast<std::ptrdiff_t>(span.first),
                           said.begin() + static_cast<std::ptrdiff_t>(span.first + span.count));
  Citation citation{.index = index,
                    .video_id = transcript.video,
                    .start = quoted.front()->start,
                    .end = quoted.back()->end,
                    .text = joined(quoted),
                    .title = {}};
  if (citation.end - citation.start > citation_longest) return std::nullopt;
  return citation;
}

std::string unmarked(std::string_view text) {
  return with_markers(text,
                      [](std::string_view marker, int) { return fmt::format("({})", marker.substr(1, marker.size() - 2)); });
}

std::string unquoted(std::string text) {
  for (const std::string_view mark : {"“", "”"})
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) text.replace(at, mark.size(), "\"");
  return text;
}

std::string quoted(const Citation& citation) { return fmt::format("“{}” [{}]", unmarked(citation.text), citation.index); }

bool is_verbatim(const ai::Transcript& transcript, const Citation& citation) {
  if (citation.text.empty() || citation.end - citation.start > citation_longest) return false;
  return joined(words_between(transcript, citation.start, citation.end)) == citation.text;
}

Answer checked(Answer answer, const std::vector<ai::Transcript>& transcripts) {
  std::vector<Citation> kept;
  Numbers numbers;
  for (auto& citation : answer.citations) {
    const auto transcript = std::ranges::find(transcripts, citation.video_id, &ai::Transcript::video);
    if (transcript == transcripts.end() || !is_verbatim(*transcript, citation)) continue;
    const auto number = static_cast<int>(kept.size()) + 1;
    numbers.emplace(std::exchange(citation.index, number), number);
    kept.push_back(std::move(citation));
  }
  answer.text = renumbered(answer.text, numbers);
  answer.citations = std::move(kept);
  return answer;
}

}  // namespace kinora::chat
