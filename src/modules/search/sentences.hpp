#pragma once

#include <string_view>
#include <vector>

#include "modules/search/search.hpp"

namespace kinora::search {

/// The sentences of a passage, in order; all of its words are in one of them.
std::vector<Sentence> sentences_of(std::string_view text);

}  // namespace kinora::search
