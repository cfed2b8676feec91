#pragma once

#include <algorithm>
#include <cctype>
#include <iterator>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

/// What was said and what was heard, compared word by word.
namespace kinora::testing {

/// Lower case, without punctuation.
inline std::vector<std::string> plain_words(std::string_view text) {
  std::string plain;
  for (const char each : text) {
    const auto byte = static_cast<unsigned char>(each);
    if (each != '\'') plain += std::isalnum(byte) != 0 ? static_cast<char>(std::tolower(byte)) : ' ';
  }
  std::istringstream stream(plain);
  return {std::istream_iterator<std::string>(stream), {}};
}

/// Edits that turn one list of words into the other (Levenshtein), as a share of the reference.
inline double word_error_rate(const std::vector<std::string>& reference, const std::vector<std::string>& heard) {
  std::vector<std::size_t> row(heard.size() + 1);
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = i;
  for (std::size_t i = 1; i <= reference.size(); ++i) {
    auto diagonal = std::exchange(row[0], i);
    for (std::size_t k = 1; k < row.size(); ++k) {
      const auto change = diagonal + (reference[i - 1] == heard[k - 1] ? 0 : 1);
      diagonal = std::exchange(row[k], std::min({row[k] + 1, row[k - 1] + 1, change}));
    }
  }
  return static_cast<double>(row.back()) / static_cast<double>(reference.size());
}

}  // namespace kinora::testing
