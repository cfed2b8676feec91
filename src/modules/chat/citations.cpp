#include "modules/chat/citations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

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

/// Gives each [n] its new number; a marker without one goes. Other brackets stay.
std::string renumbered(std::string_view text, const Numbers& numbers) {
  std::string out;
  while (!text.empty()) {
    int number = 0;
    const auto [end, code] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
    const bool is_marker = text.front() == '[' && code == std::errc() && end != text.data() + text.size() && *end == ']';
    if (!is_marker) {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    if (const auto known = numbers.find(number); known != numbers.end()) out += fmt::format("[{}]", known->second);
    text.remove_prefix(static_cast<std::size_t>(end + 1 - text.data()));
  }
  return out;
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
