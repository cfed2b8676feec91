#pragma once

#include <optional>
#include <string>
#include <vector>

#include "modules/ai/ai.hpp"
#include "modules/chat/chat.hpp"
#include "modules/chat/citations.hpp"
#include "modules/search/search.hpp"
#include "ports/language_model.hpp"

/// The strategy with a language model: it points at the words that answer, and says in a sentence what they say. What is shown
/// as a quote is the transcript's, never the model's.
namespace kinora::chat {

/// Whether the model there is answers well from videos in all these languages; a small one only in English.
bool can_answer(const LanguageModel& model, const std::vector<ai::Transcript>& transcripts);

/// A question with the passages that may answer it, best first: those of the transcripts alone.
struct Asked {
  std::string question;
  std::vector<search::Moment> passages{};
};
Asked asked_of(std::string question, const std::vector<search::Moment>& moments,
               const std::vector<ai::Transcript>& transcripts);

Prompt prompt_for(const Asked& asked, std::string_view language);

/// An answer out of what a model replied; nothing when the model finds none, quotes what was not said, or replied nonsense. Its
/// sentence is left out when it says what neither quote nor question say.
std::optional<Answer> answer_from(const std::string& reply, const Asked& asked, const std::vector<ai::Transcript>& transcripts);

/// The sentences of a moment that hold a quote; nothing when less than four fifths of its words stand together there.
std::optional<Span> aligned(std::string_view quote, const search::Moment& moment);

}  // namespace kinora::chat
