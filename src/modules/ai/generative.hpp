#pragma once

#include <vector>

#include "modules/ai/ai.hpp"
#include "ports/language_model.hpp"

/// Summaries and titles by a language model, held to what was said. Whatever is wrong with a reply is an error here, and
/// whoever asked has the quotes of outline.hpp instead.
namespace kinora::ai {

/// Whether there is a model, and it writes this language well enough to be shown: a small one English and Vietnamese.
bool can_write(const LanguageModel& model, std::string_view language);

/// Map and reduce: notes on each part of the transcript, on notes where there are many, then four to six sentences. Sentences
/// whose words were not said are dropped. Errors: the model's, and unavailable when what is left is no summary.
Task<Result<Summary>> written_summary(LanguageModel& model, Transcript transcript, std::vector<Chapter> chapters);

/// Whether what a model wrote is to be shown rather than the quotes. A small one likes to copy the beginning of a talk, while
/// quotes are chosen from all of it: it must tell as much of the subject as they do.
bool tells_as_much(const Summary& written, const Summary& quoted);

/// The same parts under better titles. One whose title does not come, or is not of its words, keeps what it had; errors only
/// when none came.
Task<Result<std::vector<Chapter>>> named_chapters(LanguageModel& model, Transcript transcript, std::vector<Chapter> chapters);

/// How much of what `text` says, word by word, `said` says too: 0..1.
double grounding(std::string_view text, const std::set<std::string>& said);

/// The lines of a transcript with their times, as data, in parts of at most so many tokens.
std::vector<std::string> parts_of_transcript(const std::vector<Segment>& segments, std::size_t tokens_max);

}  // namespace kinora::ai
