#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "ports/word_embedder.hpp"

namespace kinora::embedding {

/// What the tokenizer made of texts that stood side by side, in order; one that is no UTF-8 by itself is empty.
using Pieces = std::vector<std::string>;

/// One vector per token of a text, its two marks included.
using TokenVectors = std::vector<std::vector<double>>;

/// Puts the tokens of each text together to its words: a word begins where a piece begins with a space, and its vector is the
/// mean of its tokens' that have a letter or digit. The first `left_out` words of each text, the model's prefix, are left out.
/// Errors: internal, when pieces and vectors do not fit.
Result<std::vector<WordVectors>> words_of(const std::vector<TokenVectors>& texts, const Pieces& pieces, std::size_t left_out);

}  // namespace kinora::embedding
