#include "http/ask.hpp"

namespace kinora::http::detail {

std::optional<std::string> query_value(const QueryPairs& pairs, std::string_view name) {
  std::optional<std::string> all;
  for (const auto& [each, value] : pairs) {
    if (each != name) continue;
    all = all ? *all + ',' + value : value;
  }
  return all;
}

void read_page(Report& report, const QueryPairs& pairs, Page& page) {
  if (const auto limit = query_value(pairs, "limit")) {
    const Report::Step step(report, "limit");
    auto count = static_cast<std::int64_t>(page.limit);
    read_int(report, std::string_view(*limit), 1, Page::limit_max, count);
    page.limit = static_cast<std::size_t>(count);
  }
  page.cursor = query_value(pairs, "cursor");
  if (!page.cursor) page.cursor = query_value(pairs, "after");
}

void add_filter(Page& page, std::string_view name, std::string_view value) {
  page.list += '\n';
  page.list += name;
  page.list += '=' + std::to_string(value.size()) + ':';
  page.list += value;
}

Result<QueryPairs> query_pairs(std::string_view query) {
  auto pairs = decode_query(query);
  if (!pairs) return fail(ErrorKind::invalid, "the query is not percent-encoded UTF-8", "malformed");
  return *std::move(pairs);
}

void refuse_unknown(Report& report, const QueryPairs& pairs, bool (*is_known)(std::string_view)) {
  for (const auto& [name, value] : pairs) {
    if (name == "ticket" || is_known(name)) continue;
    const Report::Step step(report, name);
    report.wrong("unknown_field", "is not a parameter of this request");
  }
}

Result<void> refuse_query(Report& report, std::string_view query) {
  const auto pairs = query_pairs(query);
  if (!pairs) return std::unexpected(pairs.error());
  const Report::Step step(report, "query");
  refuse_unknown(report, *pairs, [](std::string_view) { return false; });
  return {};
}

}  // namespace kinora::http::detail
