#include "modules/ai/sentences.hpp"

namespace kinora::ai {

namespace {

// What every third sentence says is how somebody speaks, in any language; not what about.
constexpr double commonest_share = 0.34;

}  // namespace

std::vector<Sentence> sentences_of(const std::vector<Segment>& segments) {
  std::vector<Sentence> sentences;
  bool is_open = false;
  for (const auto& segment : segments)
    for (const auto& word : segment.words) {
      if (!is_open) sentences.push_back({.start = word.start, .end = word.end, .text = {}});
      auto& sentence = sentences.back();
      sentence.text += (sentence.text.empty() ? "" : " ") + word.text;
      sentence.end = word.end;
      is_open = !ends_sentence(word.text);
    }
  for (auto& sentence : sentences) sentence.stems = content_words(sentence.text);
  return sentences;
}

Subject::Subject(const std::vector<Sentence>& sentences) {
  for (const auto& sentence : sentences)
    for (const auto& stem : sentence.stems) ++weights_[stem];
  const auto most = std::max(2.0, commonest_share * static_cast<double>(sentences.size()));
  std::erase_if(weights_, [&](const auto& each) { return each.second > most; });
  for (const auto& [stem, weight] : weights_) whole_ += weight;
}

double Subject::weight(const std::string& stem) const {
  const auto found = weights_.find(stem);
  return found == weights_.end() ? 0 : found->second;
}

double Subject::weight(const std::set<std::string>& stems) const {
  double sum = 0;
  for (const auto& stem : stems) sum += weight(stem);
  return sum;
}

}  // namespace kinora::ai
