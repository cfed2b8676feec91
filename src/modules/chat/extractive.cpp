#include "modules/chat/extractive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace kinora::chat {

namespace {

constexpr std::size_t quotes_max = 3;
// A sentence this much worse than the best one answers something else.
constexpr double fit_range = 0.15;

struct Found {
  const search::Moment* moment;
  const search::Sentence* sentence;
};

std::vector<Found> by_fit(const std::vector<search::Moment>& moments) {
  std::vector<Found> found;
  for (const auto& moment : moments)
    for (const auto& sentence : moment.sentences) found.push_back({&moment, &sentence});
  // Of equals the earlier one first.
  std::ranges::sort(found, {}, [](const Found& each) { return std::tuple(-each.sentence->fit, each.moment, each.sentence); });
  return found;
}

Quote quote_of(const Found& found) {
  const auto& [moment, sentence] = found;
  return {.video = moment->video,
          .title = moment->title,
          .language = moment->language,
          .span = {moment->start, moment->end, sentence->first_word, sentence->words},
          .text = sentence->text,
          .fit = sentence->fit};
}

bool same_moment(const Quote& left, const Quote& right) {
  return left.video == right.video && left.span.start == right.span.start;
}

/// Takes a neighbour into the quote. They stay together within a moment, which is no longer than a citation may be.
bool joined(Quote& quote, const Quote& other) {
  if (!same_moment(quote, other)) return false;
  const bool follows = other.span.first == quote.span.first + quote.span.count;
  const bool precedes = quote.span.first == other.span.first + other.span.count;
  if (!follows && !precedes) return false;
  quote.text = follows ? quote.text + " " + other.text : other.text + " " + quote.text;
  quote.span.first = std::min(quote.span.first, other.span.first);
  quote.span.count += other.span.count;
  return true;
}

}  // namespace

std::vector<Quote> best_quotes(const std::vector<search::Moment>& moments) {
  std::vector<Quote> quotes;
  for (const auto& found : by_fit(moments)) {
    auto quote = quote_of(found);
    if (quote.fit <= 0 || (!quotes.empty() && quote.fit < quotes.front().fit - fit_range)) break;
    if (std::ranges::any_of(quotes, [&](Quote& known) { return joined(known, quote); })) continue;
    if (quotes.size() == quotes_max) break;
    if (std::ranges::find(quotes, quote.text, &Quote::text) == quotes.end()) quotes.push_back(std::move(quote));
  }
  return quotes;
}

Answer quote_answer(const std::vector<Quote>& quotes, const std::vector<ai::Transcript>& transcripts, double confidence) {
  Answer answer{.text = {}, .confidence = confidence};
  for (const auto& quote : quotes) {
    const auto transcript = std::ranges::find(transcripts, quote.video, &ai::Transcript::video);
    if (transcript == transcripts.end()) continue;
    auto citation = cite(*transcript, quote.span, static_cast<int>(answer.citations.size()) + 1);
    if (!citation) continue;
    citation->title = quote.title;
    citation->score = std::clamp(quote.fit, 0.0, 1.0);
    answer.text += (answer.text.empty() ? "" : "\n") + quoted(*citation);
    answer.citations.push_back(*std::move(citation));
  }
  return answer.citations.empty() ? refusal({}) : answer;
}

Answer refusal(const ai::Summary& summary) {
  if (summary.overview.empty()) return {.text = "Nothing in these videos answers this."};
  const auto overview = unmarked(summary.overview);
  const bool is_quote = summary.model_info.engine == Engine::extractive;
  const auto shown = is_quote ? fmt::format("What it says: “{}”", overview) : "What it is about: " + unquoted(overview);
  return {.text = "Nothing in this video answers this. " + shown};
}

}  // namespace kinora::chat
