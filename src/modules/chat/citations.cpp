#include "modules/chat/citations.hpp"

#include <algorithm>
#include <cmath>

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

std::string marker(int index) { return "[" + std::to_string(index) + "]"; }

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

}  // namespace

std::optional<Citation> cite(const ai::Transcript& transcript, Span span, int index) {
  const auto first = transcript.segments.begin() + static_cast<std::ptrdiff_t>(span.first);
  const auto last = first + static_cast<std::ptrdiff_t>(span.count);
  Citation citation{
      .index = index, .video_id = transcript.video, .start = first->start, .end = (last - 1)->end, .text = {}, .title = {}};
  for (auto segment = first; segment != last; ++segment) citation.text += (citation.text.empty() ? "" : " ") + segment->text;
  if (citation.end - citation.start > citation_longest) return std::nullopt;
  return citation;
}

bool is_verbatim(const ai::Transcript& transcript, const Citation& citation) {
  if (citation.text.empty() || citation.end - citation.start > citation_longest) return false;
  return joined(words_between(transcript, citation.start, citation.end)) == citation.text;
}

Answer checked(Answer answer, const std::vector<ai::Transcript>& transcripts) {
  std::vector<Citation> kept;
  for (auto& citation : answer.citations) {
    const auto transcript = std::ranges::find(transcripts, citation.video_id, &ai::Transcript::video);
    const bool good = transcript != transcripts.end() && is_verbatim(*transcript, citation);
    const auto number = static_cast<int>(kept.size()) + 1;
    // In the order of their numbers a marker never moves onto one that is still to be read.
    replace_all(answer.text, marker(citation.index), good ? marker(number) : "");
    if (!good) continue;
    citation.index = number;
    kept.push_back(std::move(citation));
  }
  answer.citations = std::move(kept);
  return answer;
}

}  // namespace kinora::chat
