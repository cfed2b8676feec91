#pragma once

#include <string>
#include <vector>

#include "modules/ai/ai.hpp"
#include "modules/chat/chat.hpp"
#include "modules/search/search.hpp"

namespace kinora::chat {

/// Answers with what was said: the sentences of the best moments that fit the question, word for word. Says so when nothing
/// found is about the question. Needs no model.
Answer quote_answer(std::string question, const std::vector<search::Moment>& moments,
                    const std::vector<ai::Transcript>& transcripts);

}  // namespace kinora::chat
