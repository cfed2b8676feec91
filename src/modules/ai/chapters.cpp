#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <span>

#include "modules/ai/outline.hpp"
#include "modules/ai/sentences.hpp"

namespace kinora::ai {

namespace {

// Between sentences people rest about half a second. Of sixteen recorded subjects each new one came after 1.1 s or more, and
// no sentence within one did; how alike the sentences before and after are told next to nothing.
constexpr Seconds telling_pause{1.1};
constexpr double times_usual_pause = 2;
constexpr Seconds longest_chapter{300};
constexpr Seconds shortest_half{60};
constexpr std::size_t chapters_max = 100;
constexpr std::size_t title_words_max = 4;

using Sentences = std::span<const Sentence>;

Seconds pause_before(Sentences sentences, std::size_t at) { return sentences[at].start - sentences[at - 1].end; }

Seconds usual_pause(Sentences sentences) {
  std::vector<Seconds> pauses;
  for (std::size_t at = 1; at < sentences.size(); ++at) pauses.push_back(pause_before(sentences, at));
  if (pauses.empty()) return Seconds(0);
  const auto middle = pauses.begin() + static_cast<std::ptrdiff_t>(pauses.size() / 2);
  std::ranges::nth_element(pauses, middle);
  return *middle;
}

/// Where to cut a part that is too long; 0 when neither side would be worth a chapter.
std::size_t best_cut(Sentences part) {
  std::size_t best = 0;
  for (std::size_t at = 1; at < part.size(); ++at) {
    const auto before = part[at].start - part.front().start;
    const auto after = part.back().end - part[at].start;
    if (before < shortest_half || after < shortest_half) continue;
    if (best == 0 || pause_before(part, at) > pause_before(part, best)) best = at;
  }
  return best;
}

void add_cut(std::vector<Sentences>& parts, Sentences part) {
  const bool is_long = part.back().end - part.front().start > longest_chapter;
  const auto at = is_long && parts.size() < chapters_max ? best_cut(part) : 0;
  if (at == 0) {
    parts.push_back(part);
    return;
  }
  add_cut(parts, part.first(at));
  add_cut(parts, part.subspan(at));
}

std::vector<Sentences> parts_of(Sentences sentences) {
  const auto telling = std::max(telling_pause, times_usual_pause * usual_pause(sentences));
  std::vector<Sentences> parts;
  std::size_t first = 0;
  for (std::size_t at = 1; at <= sentences.size(); ++at) {
    if (at < sentences.size() && pause_before(sentences, at) < telling) continue;
    add_cut(parts, sentences.subspan(first, at - first));
    first = at;
  }
  return parts;
}

/// What tells one part from the others: stems that are said often in it, and in few of them.
class Telling {
 public:
  explicit Telling(const std::vector<Sentences>& parts) : parts_(static_cast<double>(parts.size())) {
    for (const auto& part : parts) {
      std::set<std::string> stems;
      for (const auto& sentence : part) stems.insert(sentence.stems.begin(), sentence.stems.end());
      for (const auto& stem : stems) ++holding_[stem];
    }
  }
  double weight(const std::string& stem) const {
    const auto found = holding_.find(stem);
    return found == holding_.end() ? 0 : std::log((parts_ + 1) / found->second);
  }

 private:
  double parts_;
  std::map<std::string, double> holding_;
};

struct Phrase {
  std::string text;
  std::size_t words = 0;
  double weight = 0;
};

/// Runs of content words, as they stand: "Echo test", "last name".
std::vector<Phrase> phrases_of(const std::string& text, const Telling& telling) {
  std::vector<Phrase> phrases(1);
  for (const auto word : words_of(text)) {
    const auto plain = plain_word(word);
    const bool counts = !plain.empty() && !is_function_word(plain) && std::isdigit(static_cast<unsigned char>(plain[0])) == 0;
    if (!counts || phrases.back().words == title_words_max) phrases.emplace_back();
    if (!counts) continue;
    auto& phrase = phrases.back();
    const bool ends = std::ispunct(static_cast<unsigned char>(word.back())) != 0;
    phrase.text += (phrase.text.empty() ? "" : " ") + std::string(ends ? word.substr(0, word.size() - 1) : word);
    phrase.weight += telling.weight(stem_of(plain));
    ++phrase.words;
    if (ends) phrases.emplace_back();
  }
  return phrases;
}

std::string title_of(Sentences part, const Telling& telling) {
  Phrase best;
  for (const auto& sentence : part)
    for (auto& phrase : phrases_of(sentence.text, telling))
      if (phrase.weight > best.weight) best = std::move(phrase);
  if (best.text.empty()) best.text = part.front().text.substr(0, part.front().text.find(' '));
  best.text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(best.text[0])));
  return best.text;
}

const Sentence& main_sentence(Sentences part, const Subject& subject) {
  return *std::ranges::max_element(part, {}, [&](const Sentence& sentence) { return subject.weight(sentence.stems); });
}

}  // namespace

std::vector<Chapter> chapters_of(const std::vector<Segment>& segments) {
  const auto sentences = sentences_of(segments);
  if (sentences.empty()) return {};
  const auto parts = parts_of(sentences);
  const Telling telling(parts);
  const Subject subject(sentences);
  std::vector<Chapter> chapters;
  for (const auto& part : parts)
    chapters.push_back({part.front().start, part.back().end, title_of(part, telling), main_sentence(part, subject).text});
  chapters.front().start = Seconds(0);
  for (std::size_t at = 1; at < chapters.size(); ++at) chapters[at - 1].end = chapters[at].start;
  return chapters;
}

}  // namespace kinora::ai
