#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"

#include "modules/ai/ai.hpp"

/// What people write over what was heard; pure.
namespace kinora::ai {

struct EditKind {
  static constexpr std::string_view prefix = "edt";
};
using EditId = Id<EditKind>;

/// `text` was said between two moments of the video, whatever was heard there; empty: nothing was.
struct Correction {
  Seconds start{0};
  Seconds end{0};
  std::string text;  ///< words joined by single spaces
};

/// The transcript with corrections laid over it, the later over the earlier. Words that stay keep their times; the others share
/// the time between those, by their length. A segment without words goes.
Transcript corrected(Transcript heard, const std::vector<Correction>& corrections);

/// What people typed, its words joined by single spaces.
std::string one_line(std::string_view text);
/// Words as the text they make.
std::string text_of(const std::vector<Word>& words);

}  // namespace kinora::ai
