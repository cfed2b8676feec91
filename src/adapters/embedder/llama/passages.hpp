#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ports/embedder.hpp"

namespace kinora::embedding {

/// The model takes 512 tokens with its prefix and marks; what is estimated at 400 stays under that in every language tried.
inline constexpr double tokens_max = 400;

/// How many tokens of multilingual-e5 a text will be, roughly: its vocabulary is known to few, and asking the server would cost
/// as much as embedding.
double estimated_tokens(std::string_view text);

/// What multilingual-e5 was taught to see in front of a text.
std::string_view prefix_of(EmbeddingRole role);

/// NFC (the models were never taught decomposed letters), without line breaks, cut at a word to `tokens_max`, behind `prefix`.
std::string prepared(std::string_view prefix, std::string_view text);

/// The first half of a prepared text: what the server still found too long.
std::string halved(std::string_view prepared);

/// Lengths of consecutive batches: at most 16 texts and about 1,000 tokens, so that a person's query never waits for long.
std::vector<std::size_t> batch_sizes(const std::vector<std::string>& prepared);

}  // namespace kinora::embedding
