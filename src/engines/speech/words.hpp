#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engines/speech/slices.hpp"

namespace kinora::speech {

/// What the recogniser gives: bytes that need not end at a character, and the moment at which the token was heard to end.
struct Token {
  std::string bytes;
  double probability = 0;
  double end = 0;  ///< seconds from the start of the slice; negative when unknown
};

struct HeardWord {
  std::string text;  ///< UTF-8, with its punctuation, without spaces
  double start = 0;  ///< seconds from the start of the recording
  double end = 0;
  double confidence = 0;  ///< mean probability of its tokens
  bool begins_segment = false;
};

/// Makes words of tokens: a leading space begins one, a character of a script without spaces too; punctuation belongs to the
/// word before it. A word ends where its last token was heard, and begins where the one before it ended or where the voice set
/// in. Times rise, and lie where the detector heard a voice. A segment begins with the slice, after a sentence and after a
/// pause.
std::vector<HeardWord> assemble_words(std::span<const Token> tokens, const Slice& slice);

/// Whether words repeat as a decoder that has lost the audio does: one to eight words, four times on end or
/// more, eight words in all or more.
bool is_loop(std::span<const HeardWord> words);
/// Keeps the first of each such repetition.
std::vector<HeardWord> without_loops(std::vector<HeardWord> words);

/// Whether four words or more come faster than anybody speaks: a sentence that was made up for a moment of music.
bool is_crammed(std::span<const HeardWord> words);

}  // namespace kinora::speech
