#pragma once

#include <set>
#include <string>
#include <string_view>

namespace kinora::chat {

/// What a sentence is about: its words folded, without endings, without those that every sentence has.
std::set<std::string> content_words(std::string_view text);

}  // namespace kinora::chat
