#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Header fields of answers, and the small grammars that header values share (RFC 9110 section 5.6).
namespace kinora::http {

struct Header {
  std::string name;
  std::string value;
};
using Headers = std::vector<Header>;

bool same_name(std::string_view one, std::string_view other);  ///< ASCII case does not count
std::string_view trimmed(std::string_view text);               ///< without blanks and tabs around it

const Header* find_header(const Headers& headers, std::string_view name);
/// Replaces a field of that name or adds one.
void set_header(Headers& headers, std::string_view name, std::string value);

/// The members of a comma-separated list, trimmed, empty ones left out. Commas inside quotes do not separate.
std::vector<std::string_view> list_members(std::string_view value);
/// Whether a comma-separated list has this word.
bool has_member(std::string_view list, std::string_view word);

/// How much the client wants `word` by an Accept-Encoding or Accept list: 0 = not at all. `*` stands for what is not named,
/// `text/*` for what is not named of that kind.
double wanted(std::string_view list, std::string_view word);

/// The value of `name` in `text/html; charset=utf-8`, unquoted.
std::optional<std::string> parameter(std::string_view value, std::string_view name);
/// The part before the first `;`, trimmed.
std::string_view without_parameters(std::string_view value);

}  // namespace kinora::http
