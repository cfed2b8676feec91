#include <algorithm>
#include <cmath>

#include "modules/ai/outline.hpp"
#include "modules/ai/sentences.hpp"

namespace kinora::ai {

namespace {

constexpr std::size_t summary_sentences = 6;
constexpr std::size_t overview_sentences = 3;
constexpr std::size_t telling_words_min = 3;
constexpr Seconds longest_quote{30};

using Chosen = std::vector<const Sentence*>;

std::string joined(const Chosen& sentences) {
  std::string text;
  for (const auto* sentence : sentences) text += (text.empty() ? "" : " ") + sentence->text;
  return text;
}

/// What a sentence says that the chosen ones have not said, for its length: two that say the same are one too many.
double gain(const Sentence& sentence, const std::set<std::string>& said, const Subject& subject) {
  if (sentence.stems.size() < telling_words_min || sentence.end - sentence.start > longest_quote) return 0;
  double sum = 0;
  for (const auto& stem : sentence.stems)
    if (!said.contains(stem)) sum += subject.weight(stem);
  return sum / std::sqrt(static_cast<double>(words_of(sentence.text).size()));
}

/// Best first.
Chosen chosen_of(const std::vector<Sentence>& sentences, const Subject& subject) {
  Chosen chosen;
  std::set<std::string> said;
  while (chosen.size() < summary_sentences) {
    const auto best =
        std::ranges::max_element(sentences, {}, [&](const Sentence& sentence) { return gain(sentence, said, subject); });
    if (best == sentences.end() || gain(*best, said, subject) <= 0) break;
    chosen.push_back(&*best);
    said.insert(best->stems.begin(), best->stems.end());
  }
  return chosen;
}

Chosen in_order(Chosen chosen, std::size_t count) {
  chosen.resize(std::min(count, chosen.size()));
  std::ranges::sort(chosen, {}, &Sentence::start);
  return chosen;
}

}  // namespace

Summary summary_of(const Transcript& transcript, const std::vector<Chapter>& chapters) {
  const auto sentences = sentences_of(transcript.segments);
  const Subject subject(sentences);
  auto chosen = chosen_of(sentences, subject);
  // Somebody who only says hello has said that.
  if (chosen.empty() && !sentences.empty()) chosen.push_back(&sentences.front());
  Summary summary{.video = transcript.video,
                  .language = transcript.language,
                  .text = joined(in_order(chosen, summary_sentences)),
                  .overview = joined(in_order(chosen, overview_sentences)),
                  .model_info = {}};
  std::set<std::string> said;
  for (const auto* sentence : in_order(chosen, summary_sentences)) {
    summary.key_points.push_back(sentence->text);
    said.insert(sentence->stems.begin(), sentence->stems.end());
  }
  for (const auto& chapter : chapters) summary.timestamps.push_back({chapter.start, chapter.title});
  summary.quality = subject.whole() > 0 ? subject.weight(said) / subject.whole() : 0;
  return summary;
}

}  // namespace kinora::ai
