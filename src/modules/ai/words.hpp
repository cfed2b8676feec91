#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

/// What words of a text tell what it is about.
namespace kinora::ai {

/// A word in lower case, without the signs around it.
std::string plain_word(std::string_view word);
/// Whether it is one of those that every English sentence has (`plain` is a plain_word); in other languages every word counts.
bool is_function_word(std::string_view plain);
/// Whether a question or some words of one may be English: nothing in them speaks against it.
bool may_be_english(std::string_view text);
/// Forms of one English word have one stem: valves and valve, tries and try.
std::string stem_of(std::string plain);
/// As a recogniser writes them, by single spaces.
std::vector<std::string_view> words_of(std::string_view text);
/// Whether a sentence ends with this word.
bool ends_sentence(std::string_view word);
/// What a text is about: the stems of its words without the function words.
std::set<std::string> content_words(std::string_view text);
/// Whether a text has a link, an address, markup or code that is not among what was said (content words). Speech in anybody's
/// own words is of letters and digits.
bool leads_elsewhere(std::string_view text, const std::set<std::string>& said);
/// What is left of a question without its function words.
std::string without_function_words(std::string_view text);
/// What a question asks beyond what `text` says: the question without the content words that stand there, in any form; all of
/// it when no other remains.
std::string beyond(std::string_view question, std::string_view text);

}  // namespace kinora::ai
