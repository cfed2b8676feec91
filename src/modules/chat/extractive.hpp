#pragma once

#include <string>
#include <vector>

#include "modules/ai/ai.hpp"
#include "modules/chat/chat.hpp"
#include "modules/chat/citations.hpp"
#include "modules/search/search.hpp"

/// The strategy without a model: it quotes the sentences that answer, word for word, or says that nothing does.
namespace kinora::chat {

/// Neighbouring sentences of one moment that are worth quoting.
struct Quote {
  VideoId video{};
  std::string title;
  std::string language{};
  Span span;
  std::string text;
  double fit = 0;
};

/// The sentences that fit best, best first: at most three quotes, neighbours in one, nothing twice.
std::vector<Quote> best_quotes(const std::vector<search::Moment>& moments);

/// Each quote with its citation. One whose words the transcripts do not have is left out.
Answer quote_answer(const std::vector<Quote>& quotes, const std::vector<ai::Transcript>& transcripts, double confidence);

/// What is said when nothing answers, with the overview of the video when there is one: as a quote if it is one.
Answer refusal(const ai::Summary& summary);

}  // namespace kinora::chat
