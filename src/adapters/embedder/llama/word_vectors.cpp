#include "adapters/embedder/llama/word_vectors.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <span>

namespace kinora::embedding {

namespace {

// In front of a text's first token and behind its last.
constexpr std::size_t marks = 2;

bool is_sayable(const std::string& piece) {
  return std::ranges::any_of(piece, [](unsigned char byte) { return byte >= 0x80 || std::isalnum(byte) != 0; });
}

/// The tokens of a word, gathered.
struct Gathered {
  std::string word;
  std::vector<double> sum;

  void add(const std::string& piece, const std::vector<double>& vector) {
    word += piece;
    if (!is_sayable(piece)) return;
    sum.resize(vector.size());
    std::ranges::transform(sum, vector, sum.begin(), std::plus<>());
  }
};

std::string trimmed(const std::string& word) { return word.starts_with(' ') ? word.substr(1) : word; }

WordVector unit(const Gathered& gathered) {
  double squares = 0;
  for (const double each : gathered.sum) squares += each * each;
  const double length = std::sqrt(squares);
  WordVector made{trimmed(gathered.word), {}};
  for (const double each : gathered.sum) made.vector.push_back(static_cast<float>(length > 0 ? each / length : 0));
  return made;
}

WordVectors words_of_text(const TokenVectors& tokens, std::span<const std::string> pieces, std::size_t left_out) {
  std::vector<Gathered> words;
  for (std::size_t at = 0; at < pieces.size(); ++at) {
    if (words.empty() || pieces[at].starts_with(' ')) words.emplace_back();
    words.back().add(pieces[at], tokens[at + 1]);
  }
  WordVectors made;
  for (std::size_t at = left_out; at < words.size(); ++at)
    if (!words[at].sum.empty()) made.push_back(unit(words[at]));
  return made;
}

}  // namespace

Result<std::vector<WordVectors>> words_of(const std::vector<TokenVectors>& texts, const Pieces& pieces, std::size_t left_out) {
  std::vector<WordVectors> made;
  std::span<const std::string> left = pieces;
  for (const auto& tokens : texts) {
    if (tokens.size() < marks || tokens.size() - marks > left.size()) break;
    made.push_back(words_of_text(tokens, left.first(tokens.size() - marks), left_out));
    left = left.subspan(tokens.size() - marks);
  }
  if (made.size() != texts.size() || !left.empty())
    return fail(ErrorKind::internal, "the embedding server took a text apart in two ways");
  return made;
}

}  // namespace kinora::embedding
