#include "modules/chat/generative.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <span>

#include "base/json.hpp"

namespace kinora::chat {

namespace {

// Each costs a person two seconds on one core.
constexpr std::size_t passages_read = 4;
constexpr double overlap_least = 0.8;
constexpr std::size_t quote_words_min = 3;
// Of a sentence about a quote most words are the quote's or the question's.
constexpr double grounding_least = 0.75;

struct Reply {
  std::string quote;
  int source = 0;
  std::string answer;
};

using Words = std::vector<std::string>;

Words plain_words(std::string_view text) {
  Words words;
  for (const auto word : ai::words_of(text)) words.push_back(ai::plain_word(word));
  return words;
}

/// How many of the words stand in the window, each as often as it is there.
std::size_t shared(std::map<std::string, int> wanted, std::span<const std::string> window) {
  std::size_t count = 0;
  for (const auto& word : window)
    if (const auto found = wanted.find(word); found != wanted.end() && found->second-- > 0) ++count;
  return count;
}

/// Some of the words of a passage, and how many of them are a quote's.
struct Window {
  std::size_t first = 0;
  std::size_t end = 0;
  std::size_t shared = 0;
};

/// Without the words at its ends that the quote does not have.
Window trimmed(Window window, const Words& quote, const Words& said) {
  const auto is_quoted = [&](std::size_t at) { return std::ranges::find(quote, said[at]) != quote.end(); };
  while (window.first < window.end && !is_quoted(window.first)) ++window.first;
  while (window.first < window.end && !is_quoted(window.end - 1)) --window.end;
  return window;
}

/// Where as many words as the quote has share most with it; of such places the tightest.
Window best_window(const Words& quote, const Words& said) {
  std::map<std::string, int> wanted;
  for (const auto& word : quote) ++wanted[word];
  Window best;
  for (std::size_t at = 0; at + quote.size() <= said.size(); ++at) {
    const auto count = shared(wanted, std::span(said).subspan(at, quote.size()));
    const auto window = trimmed({at, at + quote.size(), count}, quote, said);
    const bool is_tighter = count == best.shared && window.end - window.first < best.end - best.first;
    if (count > best.shared || is_tighter) best = window;
  }
  return best;
}

bool has_digit(const std::string& word) {
  return std::ranges::any_of(word, [](unsigned char letter) { return std::isdigit(letter) != 0; });
}

bool is_grounded(const std::string& sentence, const std::string& said) {
  const auto known = ai::content_words(said);
  const auto words = ai::content_words(sentence);
  const auto count = std::ranges::count_if(words, [&](const auto& word) { return known.contains(word); });
  const bool invents_a_number =
      std::ranges::any_of(words, [&](const auto& word) { return has_digit(word) && !known.contains(word); });
  return !words.empty() && !invents_a_number && !ai::leads_elsewhere(sentence, known) &&
         static_cast<double>(count) >= grounding_least * static_cast<double>(words.size());
}

/// One line without the signs that are ours: brackets, in which a marker could hide, and the marks of a quote.
std::string plain_sentence(std::string_view text) {
  std::string plain;
  if (text.size() > ai::sentence_bytes_max) return plain;
  const auto data = ai::as_data(text);
  for (const auto word : ai::words_of(data)) plain += (plain.empty() ? "" : " ") + std::string(word);
  std::erase_if(plain, [](char letter) { return letter == '[' || letter == ']'; });
  return unquoted(std::move(plain));
}

}  // namespace

bool can_answer(const LanguageModel& model, const std::vector<ai::Transcript>& transcripts) {
  if (model.place() != ModelPlace::local) return model.place() == ModelPlace::remote;
  return std::ranges::all_of(transcripts, [](const auto& transcript) { return transcript.language == "en"; });
}

Asked asked_of(std::string question, const std::vector<search::Moment>& moments,
               const std::vector<ai::Transcript>& transcripts) {
  Asked asked{.question = std::move(question)};
  for (const auto& moment : moments) {
    if (asked.passages.size() == passages_read) break;
    const bool was_read = std::ranges::find(transcripts, moment.video, &ai::Transcript::video) != transcripts.end();
    if (was_read) asked.passages.push_back(moment);
  }
  return asked;
}

Prompt prompt_for(const Asked& asked, std::string_view language) {
  std::string material = "<passages>\n";
  int number = 0;
  for (const auto& passage : asked.passages) material += fmt::format("[{}] {}\n", ++number, ai::as_data(passage.text));
  material += "</passages>\nQuestion: " + ai::as_data(asked.question);
  auto prompt = ai::prompt_of(ai::orders::answer_with_quote, language, std::move(material));
  prompt.urgency = Urgency::person;
  return prompt;
}

std::optional<Span> aligned(std::string_view quote, const search::Moment& moment) {
  const auto wanted = plain_words(quote);
  const auto words = ai::words_of(moment.text);
  if (wanted.size() < quote_words_min) return std::nullopt;
  auto [first, end, count] = best_window(wanted, plain_words(moment.text));
  if (static_cast<double>(count) < overlap_least * static_cast<double>(wanted.size())) return std::nullopt;
  while (first > 0 && !ai::ends_sentence(words[first - 1])) --first;
  while (end < words.size() && !ai::ends_sentence(words[end - 1])) ++end;
  return Span{moment.start, moment.end, first, end - first};
}

std::optional<Answer> answer_from(const std::string& reply, const Asked& asked,
                                  const std::vector<ai::Transcript>& transcripts) {
  const auto read = from_json_text<Reply>(reply);
  if (!read || read->source < 1 || read->source > static_cast<int>(asked.passages.size())) return std::nullopt;
  const auto& moment = asked.passages[static_cast<std::size_t>(read->source - 1)];
  const auto span = aligned(read->quote, moment);
  const auto transcript = std::ranges::find(transcripts, moment.video, &ai::Transcript::video);
  if (!span || transcript == transcripts.end()) return std::nullopt;
  auto citation = cite(*transcript, *span, 1);
  if (!citation) return std::nullopt;
  citation->title = moment.title;
  citation->score = std::clamp(moment.score, 0.0, 1.0);
  Answer answer{.text = quoted(*citation)};
  const auto sentence = plain_sentence(read->answer);
  if (is_grounded(sentence, citation->text + ' ' + asked.question)) answer.text = sentence + " [1]\n" + answer.text;
  answer.citations.push_back(*std::move(citation));
  return answer;
}

}  // namespace kinora::chat
