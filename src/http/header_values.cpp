#include "http/header_values.hpp"

#include <algorithm>

#include "base/numbers.hpp"

namespace kinora::http {

namespace {

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter; }

// Cuts the text at `separator` wherever it stands outside quotes.
template <class Use>
void split_outside_quotes(std::string_view text, char separator, Use use) {
  bool quoted = false;
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (quoted && text[at] == '\\')
      ++at;
    else if (text[at] == '"')
      quoted = !quoted;
    else if (!quoted && text[at] == separator) {
      use(trimmed(text.substr(start, at - start)));
      start = at + 1;
    }
  }
  use(trimmed(text.substr(std::min(start, text.size()))));
}

std::string unquoted(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
  std::string out;
  for (std::size_t at = 1; at + 1 < value.size(); ++at) {
    if (value[at] == '\\' && at + 2 < value.size()) ++at;
    out += value[at];
  }
  return out;
}

double quality_of(std::string_view member) {
  const auto text = parameter(member, "q");
  if (!text) return 1;
  const auto quality = number_of<double>(*text);
  return quality && *quality >= 0 && *quality <= 1 ? *quality : 0;
}

}  // namespace

bool same_name(std::string_view one, std::string_view other) { return std::ranges::equal(one, other, {}, lower, lower); }

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

const Header* find_header(const Headers& headers, std::string_view name) {
  const auto found = std::ranges::find_if(headers, [&](const Header& header) { return same_name(header.name, name); });
  return found == headers.end() ? nullptr : &*found;
}

void set_header(Headers& headers, std::string_view name, std::string value) {
  const auto found = std::ranges::find_if(headers, [&](const Header& header) { return same_name(header.name, name); });
  if (found != headers.end())
    found->value = std::move(value);
  else
    headers.push_back({std::string(name), std::move(value)});
}

std::vector<std::string_view> list_members(std::string_view value) {
  std::vector<std::string_view> members;
  split_outside_quotes(value, ',', [&](std::string_view member) {
    if (!member.empty()) members.push_back(member);
  });
  return members;
}

bool has_member(std::string_view list, std::string_view word) {
  return std::ranges::any_of(list_members(list), [&](std::string_view member) { return same_name(member, word); });
}

double wanted(std::string_view list, std::string_view word) {
  double others = 0;
  std::optional<double> of_its_kind;
  for (const auto member : list_members(list)) {
    const auto name = without_parameters(member);
    if (same_name(name, word)) return quality_of(member);
    if (name == "*" || name == "*/*")
      others = quality_of(member);
    else if (name.ends_with("/*") && same_name(name.substr(0, name.size() - 1), word.substr(0, word.find('/') + 1)))
      of_its_kind = quality_of(member);
  }
  return of_its_kind.value_or(others);
}

std::string_view without_parameters(std::string_view value) { return trimmed(value.substr(0, value.find(';'))); }

std::optional<std::string> parameter(std::string_view value, std::string_view name) {
  std::optional<std::string> found;
  split_outside_quotes(value, ';', [&](std::string_view piece) {
    const auto equals = piece.find('=');
    if (found || equals == std::string_view::npos || !same_name(trimmed(piece.substr(0, equals)), name)) return;
    found = unquoted(trimmed(piece.substr(equals + 1)));
  });
  return found;
}

}  // namespace kinora::http
