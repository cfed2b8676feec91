#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kinora::search_terms {

/// The longest term in bytes; what is longer (a URL without breaks, noise) is cut.
inline constexpr std::size_t term_size_max = 64;

/// The terms of a text, in order, repeats kept: runs of letters and digits, case-folded, compatibility forms and accents
/// dropped (NFKD, marks of combining class above 9), đ as d. Scripts written without spaces give each character and each pair
/// of neighbours. Elisions are cut off (l'eau: l, eau), 's is dropped, other apostrophes vanish (don't: dont). Bytes that are
/// not UTF-8 separate words.
std::vector<std::string> of_text(std::string_view text);

/// The distinct terms to look for. Of scripts without spaces only the pairs, or a character that stands alone: single
/// characters would match half the library.
std::vector<std::string> of_query(std::string_view text);

/// Changes whenever the same text gives other terms: an index made by another version is made anew.
inline constexpr int version = 1;

}  // namespace kinora::search_terms
