#include "adapters/database/dialect.hpp"

#include <algorithm>
#include <cctype>

namespace kinora {

namespace {

struct Word {
  std::string_view mark;
  std::string_view sqlite;
  std::string_view postgresql;
};

// tools/check_sql.py reads this table: one row, three literals.
constexpr Word words[] = {
    {"@ID", "TEXT", "TEXT"},         {"@INT", "INTEGER", "BIGINT"}, {"@REAL", "REAL", "DOUBLE PRECISION"},
    {"@BOOL", "INTEGER", "BOOLEAN"}, {"@TEXT", "TEXT", "TEXT"},     {"@JSON", "TEXT", "TEXT"},
    {"@TIME", "INTEGER", "BIGINT"},  {"@BYTES", "BLOB", "BYTEA"},   {"@skip_locked", "", "FOR UPDATE SKIP LOCKED"},
};

bool is_word_character(char each) { return std::isalnum(static_cast<unsigned char>(each)) != 0 || each == '_'; }

std::size_t past(std::string_view text, std::string_view end, std::size_t from) {
  const auto found = text.find(end, from);
  return found == std::string_view::npos ? text.size() : found + end.size();
}

/// Just past the literal, quoted name or comment that starts at `at`; `at` itself when none does. A doubled quote inside a
/// literal reads as two literals side by side, which copies the same bytes.
std::size_t skip_quoted(std::string_view text, std::size_t at) {
  const auto rest = text.substr(at);
  if (rest.starts_with('\'')) return past(text, "'", at + 1);
  if (rest.starts_with('"')) return past(text, "\"", at + 1);
  if (rest.starts_with("--")) return past(text, "\n", at + 2);
  if (rest.starts_with("/*")) return past(text, "*/", at + 2);
  return at;
}

std::string_view word_at(std::string_view text, std::size_t at) {
  const auto* end = std::find_if_not(text.begin() + at + 1, text.end(), is_word_character);
  return {text.begin() + at, end};
}

std::string_view replacement(Dialect dialect, std::string_view mark) {
  if (mark.front() == '$') return dialect == Dialect::sqlite ? "?" : "$";
  const auto* word = std::ranges::find(words, mark, &Word::mark);
  if (word == std::end(words)) return mark;
  return dialect == Dialect::sqlite ? word->sqlite : word->postgresql;
}

bool has_statement(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const bool comment = text.substr(at).starts_with("--") || text.substr(at).starts_with("/*");
    if (!comment && std::isspace(static_cast<unsigned char>(text[at])) == 0) return true;
    at = comment ? skip_quoted(text, at) : at + 1;
  }
  return false;
}

}  // namespace

std::string expand(Dialect dialect, std::string_view portable) {
  std::string out;
  out.reserve(portable.size() + 16);
  for (std::size_t at = 0; at < portable.size();) {
    const auto quoted_end = skip_quoted(portable, at);
    const bool marked = portable[at] == '$' || portable[at] == '@';
    if (quoted_end > at) {
      out += portable.substr(at, quoted_end - at);
      at = quoted_end;
    } else if (marked) {
      const auto mark = portable[at] == '$' ? portable.substr(at, 1) : word_at(portable, at);
      out += replacement(dialect, mark);
      at += mark.size();
    } else {
      out += portable[at++];
    }
  }
  return out;
}

std::vector<std::string> split_statements(std::string_view script) {
  std::vector<std::string> statements;
  const auto keep = [&](std::size_t begin, std::size_t end) {
    const auto statement = script.substr(begin, end - begin);
    if (has_statement(statement)) statements.emplace_back(statement);
  };
  std::size_t begin = 0;
  for (std::size_t at = 0; at < script.size();) {
    if (script[at] == ';') {
      keep(begin, at);
      begin = at + 1;
    }
    at = std::max(skip_quoted(script, at), at + 1);
  }
  keep(begin, script.size());
  return statements;
}

}  // namespace kinora
