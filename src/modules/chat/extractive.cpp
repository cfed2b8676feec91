#include "modules/chat/extractive.hpp"

#include <algorithm>
#include <set>

#include "modules/chat/citations.hpp"
#include "modules/chat/words.hpp"

namespace kinora::chat {

namespace {

constexpr std::string_view refusal = "Nothing in these videos answers this.";
constexpr std::size_t quotes_max = 2;
// Cosines of the embedding model lie close together (right ones about 0.86, best wrong ones about 0.82), so a hit without a
// shared word counts only when it stands out from the other hits.
constexpr double telling_margin = 0.02;
// Below this the embedding model finds nothing alike at all; measured on questions about other things, 0.75 to 0.79.
constexpr double semantic_floor = 0.80;

std::size_t shared(const std::set<std::string>& one, const std::set<std::string>& other) {
  return static_cast<std::size_t>(std::ranges::count_if(one, [&](const auto& word) { return other.contains(word); }));
}

/// The segments of a transcript that lie in a moment.
Span span_of(const ai::Transcript& transcript, const search::Moment& moment) {
  Span span;
  for (std::size_t at = 0; at < transcript.segments.size(); ++at) {
    const auto middle = (transcript.segments[at].start + transcript.segments[at].end) / 2;
    if (middle < moment.start || middle > moment.end) continue;
    if (span.count == 0) span.first = at;
    span.count = at - span.first + 1;
  }
  return span;
}

/// The shortest run within the span that shares as many of the question's words as the whole of it does.
Span narrowed(const ai::Transcript& transcript, Span span, const std::set<std::string>& question) {
  const auto shares = [&](Span part) {
    std::string text;
    for (std::size_t at = part.first; at < part.first + part.count; ++at) text += transcript.segments[at].text + " ";
    return shared(question, content_words(text));
  };
  const auto wanted = shares(span);
  if (wanted == 0) return span;
  while (span.count > 1 && shares({span.first + 1, span.count - 1}) == wanted) span = {span.first + 1, span.count - 1};
  while (span.count > 1 && shares({span.first, span.count - 1}) == wanted) span = {span.first, span.count - 1};
  return span;
}

double mean_semantic(const std::vector<search::Moment>& moments) {
  double sum = 0;
  for (const auto& moment : moments) sum += moment.semantic.value_or(0);
  return moments.empty() ? 0 : sum / static_cast<double>(moments.size());
}

}  // namespace

Answer quote_answer(std::string question, const std::vector<search::Moment>& moments,
                    const std::vector<ai::Transcript>& transcripts) {
  const auto asked = content_words(question);
  const auto usual = mean_semantic(moments);
  Answer answer;
  for (const auto& moment : moments) {
    if (answer.citations.size() == quotes_max) break;
    const bool says_it = shared(asked, content_words(moment.text)) * 2 >= std::max<std::size_t>(asked.size(), 1);
    const auto closeness = moment.semantic.value_or(0);
    const bool means_it = closeness >= semantic_floor && closeness - usual >= telling_margin;
    const auto transcript = std::ranges::find(transcripts, moment.video, &ai::Transcript::video);
    if ((!says_it && !means_it) || transcript == transcripts.end()) continue;
    const auto span = span_of(*transcript, moment);
    if (span.count == 0) continue;
    auto citation = cite(*transcript, narrowed(*transcript, span, asked), static_cast<int>(answer.citations.size()) + 1);
    if (!citation) continue;
    citation->title = moment.title;
    citation->score = moment.score;
    answer.text += (answer.text.empty() ? "" : "\n") + ("“" + citation->text + "” [" + std::to_string(citation->index) + "]");
    answer.confidence = std::max(answer.confidence, moment.score);
    answer.citations.push_back(*std::move(citation));
  }
  if (answer.citations.empty()) answer.text = refusal;
  return answer;
}

}  // namespace kinora::chat
