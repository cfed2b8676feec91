#include "modules/ai/generative.hpp"

#include <algorithm>
#include <array>
#include <ranges>

#include "base/json.hpp"
#include "base/task_group.hpp"
#include "modules/ai/sentences.hpp"

namespace kinora::ai {

namespace {

constexpr std::size_t at_once = 5;
constexpr std::size_t part_tokens_max = 8000;
// A small model given a whole talk copies its beginning; and somebody who asks meanwhile waits no longer than for one part.
constexpr std::size_t small_part_tokens_max = 800;
constexpr std::size_t notes_together = 10;  // more are first made fewer, by fives
constexpr std::size_t batch = 5;
constexpr std::size_t notes_max = 5;  // on a part
constexpr std::size_t title_tokens_max = 1000;
constexpr std::size_t title_bytes_max = 70;
constexpr std::size_t line_words_max = 60;
constexpr std::size_t sentences_min = 4;
constexpr std::size_t sentences_max = 6;
constexpr std::size_t overview_sentences = 2;
// What a model says in its own words still has most of the speaker's; a refusal, or another language, has none of them.
constexpr double grounded = 0.5;

// A core reads some 45 tokens of a 1.5 B model a second; who waits in a queue of five waits for all of them.
constexpr double tokens_per_second = 40;
constexpr std::chrono::minutes longest_reading{12};
constexpr std::chrono::minutes order_limit{10};

constexpr auto small_models_languages = std::to_array<std::string_view>({"en", "vi"});

struct Notes {
  std::vector<std::string> notes{};
};
struct Sentences {
  std::vector<std::string> sentences{};
};
struct Title {
  std::string title;
};

std::unexpected<Error> nonsense(std::string_view what) {
  return fail(ErrorKind::unavailable, "the language model wrote " + std::string(what));
}

template <class T>
Result<T> read_reply(const Result<std::string>& reply) {
  if (!reply) return std::unexpected(reply.error());
  auto read = from_json_text<T>(*reply);
  if (!read) return nonsense("what is not of the form it was told");
  return read;
}

bool is_bounded(const std::string& sentence) { return sentence.size() <= sentence_bytes_max; }

/// One line, single spaces, as data.
std::string tidy(std::string_view text) {
  const auto data = as_data(text);
  std::string plain;
  for (const auto word : words_of(data)) plain += (plain.empty() ? "" : " ") + std::string(word);
  return plain;
}

/// As a sentence; one that was cut at its limit ends with its last whole word.
std::string finished(std::string text) {
  if (text.empty() || ends_sentence(text)) return text;
  const auto word = text.rfind(' ');
  constexpr std::size_t near_limit = 250;
  if (text.size() < near_limit || word == std::string::npos) return text + '.';
  return text.substr(0, word) + "…";
}

std::string material_of(const std::string& lines) { return "<transcript>\n" + lines + "</transcript>"; }

std::size_t room_for(const LanguageModel& model, const Order& order) {
  const auto taken = estimated_tokens(order.instructions) + static_cast<std::size_t>(order.tokens_max) + 100;
  return std::min(part_tokens_max, model.context_tokens() - std::min(model.context_tokens() / 2, taken));
}

Task<void> keep_reply(LanguageModel& model, Prompt prompt, Result<std::string>& reply) {
  prompt.limit = order_limit;
  reply = co_await model.reply(std::move(prompt));
}

/// In their order, five under way at a time. A model that fails five times in a row is not asked again.
Task<std::vector<Result<std::string>>> replies_to(LanguageModel& model, std::vector<Prompt> prompts) {
  std::vector<Result<std::string>> replies(prompts.size(), fail(ErrorKind::unavailable, "the language model was not asked"));
  for (std::size_t at = 0; at < prompts.size(); at += at_once) {
    const auto end = std::min(at + at_once, prompts.size());
    TaskGroup group((co_await this_fiber).executor);
    for (auto each = at; each < end; ++each) group.spawn(keep_reply(model, std::move(prompts[each]), replies[each]));
    co_await group.join();
    const auto first = replies.begin() + static_cast<std::ptrdiff_t>(at);
    const auto last = replies.begin() + static_cast<std::ptrdiff_t>(end);
    if (std::none_of(first, last, [](const auto& reply) { return reply.has_value(); })) break;
  }
  co_return replies;
}

/// The notes on each part, in one text a part, under the time at which it begins.
Task<Result<std::vector<std::string>>> notes_on(LanguageModel& model, std::string language, std::vector<std::string> parts) {
  std::vector<Prompt> prompts;
  for (const auto& part : parts) prompts.push_back(prompt_of(orders::take_notes, language, material_of(part)));
  const auto replies = co_await replies_to(model, std::move(prompts));
  std::vector<std::string> notes;
  for (std::size_t at = 0; at < parts.size(); ++at) {
    const auto read = co_await ok(read_reply<Notes>(replies[at]));
    const auto time = parts[at].substr(0, parts[at].find(' ') + 1);
    std::string text;
    for (const auto& note : read.notes | std::views::filter(is_bounded) | std::views::take(notes_max))
      text += time + tidy(note) + '\n';
    notes.push_back(std::move(text));
  }
  co_return notes;
}

std::vector<std::string> by_fives(const std::vector<std::string>& texts) {
  std::vector<std::string> joined;
  for (std::size_t at = 0; at < texts.size(); ++at) {
    if (at % batch == 0) joined.emplace_back();
    joined.back() += texts[at];
  }
  return joined;
}

std::string whole(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& each : texts) all += each;
  return all;
}

/// What a summary is written from: all lines, or the notes on them.
Task<Result<std::string>> condensed(LanguageModel& model, Transcript transcript) {
  const auto room = room_for(model, orders::summarise);
  const auto small = model.place() == ModelPlace::local ? small_part_tokens_max : room;
  auto parts = parts_of_transcript(transcript.segments, std::min(small, room));
  if (parts.empty()) co_return nonsense("nothing, because nothing was said");
  if (parts.size() == 1) co_return std::move(parts.front());
  auto notes = co_await ok(notes_on(model, transcript.language, std::move(parts)));
  while (notes.size() > notes_together || (notes.size() > 1 && estimated_tokens(whole(notes)) > room))
    notes = co_await ok(notes_on(model, transcript.language, by_fives(notes)));
  co_return whole(notes);
}

bool is_held_to(const std::string& text, const std::set<std::string>& said) {
  return grounding(text, said) >= grounded && !leads_elsewhere(text, said);
}

/// The first whose words were said, none twice.
std::vector<std::string> told_sentences(const std::vector<std::string>& sentences, const std::set<std::string>& said) {
  std::vector<std::string> told;
  for (const auto& each : sentences | std::views::filter(is_bounded)) {
    if (told.size() == sentences_max) break;
    auto sentence = finished(tidy(each));
    const bool is_new = std::ranges::find(told, sentence) == told.end();
    if (is_new && is_held_to(sentence, said)) told.push_back(std::move(sentence));
  }
  return told;
}

std::string joined(const std::vector<std::string>& sentences, std::size_t count) {
  std::string text;
  for (std::size_t at = 0; at < std::min(count, sentences.size()); ++at) text += (at == 0 ? "" : " ") + sentences[at];
  return text;
}

Engine engine_of(const LanguageModel& model) {
  return model.place() == ModelPlace::remote ? Engine::remote : Engine::local_llm;
}

Summary summary_from(std::vector<std::string> sentences, const Transcript& transcript, const std::vector<Chapter>& chapters) {
  const Subject subject(sentences_of(transcript.segments));
  const auto text = joined(sentences, sentences_max);
  Summary summary{.video = transcript.video,
                  .language = transcript.language,
                  .text = text,
                  .overview = joined(sentences, overview_sentences),
                  .key_points = std::move(sentences),
                  .model_info = {}};
  for (const auto& chapter : chapters) summary.timestamps.push_back({chapter.start, chapter.title});
  summary.quality = subject.whole() > 0 ? subject.weight(content_words(text)) / subject.whole() : 0;
  return summary;
}

bool takes_too_long(const LanguageModel& model, const std::string& text) {
  const std::chrono::duration<double> reading(static_cast<double>(estimated_tokens(text)) / tokens_per_second);
  return model.place() == ModelPlace::local && reading > longest_reading;
}

/// What was said between two times, as lines; as much of it as a title needs.
std::string lines_between(const std::vector<Segment>& segments, Seconds start, Seconds end) {
  std::vector<Segment> within;
  for (const auto& segment : segments) {
    auto& part = within.emplace_back();
    part.start = std::max(segment.start, start);
    std::ranges::copy_if(segment.words, std::back_inserter(part.words),
                         [&](const Word& word) { return word.start >= start && word.start < end; });
    if (part.words.empty()) within.pop_back();
  }
  const auto parts = parts_of_transcript(within, title_tokens_max);
  return parts.empty() ? std::string() : parts.front();
}

/// Without the quotation marks and the full stop that a model likes to put there.
std::string_view bare(std::string_view title) {
  while (title.ends_with('.') || title.ends_with('"')) title.remove_suffix(1);
  while (title.starts_with('"')) title.remove_prefix(1);
  return title;
}

/// Nothing when it is none.
std::string title_from(const Result<std::string>& reply, const std::string& lines) {
  const auto read = read_reply<Title>(reply);
  if (!read) return {};
  const auto tidied = tidy(read->title);
  const std::string title(bare(tidied));
  const bool fits = !title.empty() && title.size() <= title_bytes_max;
  return fits && is_held_to(title, content_words(lines)) ? title : std::string();
}

}  // namespace

bool can_write(const LanguageModel& model, std::string_view language) {
  if (model.place() == ModelPlace::remote) return true;
  const bool knows = std::ranges::find(small_models_languages, language) != small_models_languages.end();
  return model.place() == ModelPlace::local && knows;
}

double grounding(std::string_view text, const std::set<std::string>& said) {
  const auto words = content_words(text);
  if (words.empty()) return 0;
  const auto known = std::ranges::count_if(words, [&](const auto& word) { return said.contains(word); });
  return static_cast<double>(known) / static_cast<double>(words.size());
}

std::vector<std::string> parts_of_transcript(const std::vector<Segment>& segments, std::size_t tokens_max) {
  std::vector<std::string> parts;
  std::size_t tokens = tokens_max;
  const auto add = [&](const std::string& line) {
    const auto more = estimated_tokens(line);
    if (parts.empty() || tokens + more > tokens_max) {
      parts.emplace_back();
      tokens = 0;
    }
    parts.back() += line + '\n';
    tokens += more;
  };
  for (const auto& segment : segments)
    for (std::size_t at = 0; at < segment.words.size(); at += line_words_max) {
      const auto end = std::min(at + line_words_max, segment.words.size());
      auto line = '[' + clock_face(segment.words[at].start) + ']';
      for (auto word = at; word < end; ++word) line += ' ' + as_data(segment.words[word].text);
      add(line);
    }
  return parts;
}

Task<Result<Summary>> written_summary(LanguageModel& model, Transcript transcript, std::vector<Chapter> chapters) {
  if (takes_too_long(model, transcript.text))
    co_return fail(ErrorKind::timeout, "the language model on this machine would read for too long");
  auto lines = co_await ok(condensed(model, transcript));
  auto prompt = prompt_of(orders::summarise, transcript.language, material_of(lines));
  prompt.limit = order_limit;
  const auto reply = co_await model.reply(std::move(prompt));
  const auto read = co_await ok(read_reply<Sentences>(reply));
  auto sentences = told_sentences(read.sentences, content_words(transcript.text));
  if (sentences.size() < sentences_min) co_return nonsense("a summary of something else");
  auto summary = summary_from(std::move(sentences), transcript, chapters);
  summary.model_info = {model.model(), engine_of(model)};
  co_return summary;
}

bool tells_as_much(const Summary& written, const Summary& quoted) {
  return written.model_info.engine != Engine::local_llm || written.quality >= quoted.quality;
}

Task<Result<std::vector<Chapter>>> named_chapters(LanguageModel& model, Transcript transcript, std::vector<Chapter> chapters) {
  std::vector<std::string> lines;
  std::vector<Prompt> prompts;
  for (const auto& chapter : chapters) {
    lines.push_back(lines_between(transcript.segments, chapter.start, chapter.end));
    prompts.push_back(prompt_of(orders::name_part, transcript.language, material_of(lines.back())));
  }
  const auto replies = co_await replies_to(model, std::move(prompts));
  bool any = false;
  for (std::size_t at = 0; at < chapters.size(); ++at) {
    auto title = title_from(replies[at], lines[at]);
    any |= !title.empty();
    if (!title.empty()) chapters[at].title = std::move(title);
  }
  if (any || chapters.empty()) co_return chapters;
  co_return replies.front() ? nonsense("no title of what was said") : std::unexpected(replies.front().error());
}

}  // namespace kinora::ai
