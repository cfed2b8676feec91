#pragma once

#include <vector>

#include "modules/ai/ai.hpp"

/// Chapters and summaries made of the words alone: quotes with their times, nothing invented. Pure.
namespace kinora::ai {

/// Cut where the speaker rests far longer than between sentences; a part that goes on for minutes is cut at its longest rest.
/// The first begins at 0. Titles are the words that tell a part from the others.
std::vector<Chapter> chapters_of(const std::vector<Segment>& segments);

/// The sentences that say most of what the whole is about, in their order; ids and times of the row are not set.
Summary summary_of(const Transcript& transcript, const std::vector<Chapter>& chapters);

}  // namespace kinora::ai
