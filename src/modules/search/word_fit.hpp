#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ports/word_embedder.hpp"

/// How well a sentence fits a question, word by word. Pure.
namespace kinora::search {

/// Vectors of all words lie close together in one direction, which says nothing: the mean of many words' is taken off.
Vector mean_of(const std::vector<WordVectors>& texts);
WordVectors centred(WordVectors words, const Vector& mean);

/// Each word of the question by its most alike word in the sentence (MaxSim of Khattab and Zaharia 2020), function words for
/// half; about 0 for a sentence about something else, 1 for the question's own words. Both are centred.
double word_fit(const WordVectors& question, const WordVectors& sentence);

/// Word by word, and as a whole: the mean of word_fit and of the cosine of the mean words. Both are centred.
double fit(const WordVectors& question, const WordVectors& sentence);

}  // namespace kinora::search
