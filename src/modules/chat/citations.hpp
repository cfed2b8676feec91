#pragma once

#include <optional>
#include <string>
#include <vector>

#include "modules/ai/ai.hpp"
#include "modules/chat/chat.hpp"

namespace kinora::chat {

/// No citation is longer: a moment, not a chapter.
inline constexpr Seconds citation_longest{30};

/// Some of the words that were said between two times, counted from the first of them.
struct Span {
  Seconds start{0};
  Seconds end{0};
  std::size_t first = 0;
  std::size_t count = 0;
};

/// The quote of a span with the times of its own words; nothing when those words are not there, or longer than a citation may
/// be.
std::optional<Citation> cite(const ai::Transcript& transcript, Span span, int index);

/// As it is shown in an answer: what was said, and the marker. What only looks like a marker in it has round brackets.
std::string quoted(const Citation& citation);
/// A text in whose words no marker is: [2] becomes (2).
std::string unmarked(std::string_view text);
/// A text that quotes nobody: its “” become "".
std::string unquoted(std::string text);

/// Whether the citation's text stands in the transcript word for word, at its times: checked before any answer is sent,
/// whoever wrote it.
bool is_verbatim(const ai::Transcript& transcript, const Citation& citation);

/// Drops citations that are not verbatim and the markers [n] that have none; what remains is numbered from 1 again.
Answer checked(Answer answer, const std::vector<ai::Transcript>& transcripts);

}  // namespace kinora::chat
