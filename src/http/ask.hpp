#pragma once

#include <algorithm>
#include <concepts>
#include <optional>
#include <type_traits>

#include "http/call.hpp"
#include "http/conditions.hpp"
#include "http/form.hpp"
#include "http/multipart.hpp"
#include "http/target.hpp"

/// Reads a request struct: its members `path`, `query`, `body`, `match` and `head`, each of which may be absent.
namespace kinora::http {

/// A body that the function pulls itself: uploads.
class RawBody {
 public:
  RawBody() = default;
  RawBody(BodySource& source, std::optional<std::uint64_t> length) : source_(&source), length_(length) {}
  /// As BodySource::read.
  Task<Result<std::size_t>> read(std::span<std::byte> buffer) { return source_->read(buffer); }
  BodySource& source() { return *source_; }
  /// Absent when the body comes in chunks.
  std::optional<std::uint64_t> length() const { return length_; }

 private:
  BodySource* source_ = nullptr;
  std::optional<std::uint64_t> length_;
};

template <class Ask>
concept HasPath = requires(Ask ask) { ask.path; };
template <class Ask>
concept HasQuery = requires(Ask ask) { ask.query; };
template <class Ask>
concept HasBody = requires(Ask ask) { ask.body; };
template <class Ask>
concept HasHead = requires(Ask ask) {
  { ask.head } -> std::convertible_to<Head>;
};
template <class Ask>
concept NeedsMatch = requires(Ask ask) {
  { ask.match } -> std::convertible_to<NeededMatch&>;
};
template <class Ask>
concept HasMatch = NeedsMatch<Ask> || requires(Ask ask) {
  { ask.match } -> std::convertible_to<IfMatch&>;
};
template <class Ask>
concept HasRawBody = requires(Ask ask) {
  { ask.body } -> std::convertible_to<RawBody&>;
};
template <class Ask>
concept HasMultipart = requires(Ask ask) {
  { ask.body } -> std::convertible_to<Multipart&>;
};
template <class Ask>
concept HasJsonBody = HasBody<Ask> && !HasRawBody<Ask> && !HasMultipart<Ask>;

namespace detail {

/// All values of that name, joined by commas, as lists take them; nothing when there is none.
std::optional<std::string> query_value(const QueryPairs& pairs, std::string_view name);
void read_page(Report& report, const QueryPairs& pairs, Page& page);
/// One filter more by which a page's list is told from others.
void add_filter(Page& page, std::string_view name, std::string_view value);
Result<QueryPairs> query_pairs(std::string_view query);
/// Reports every parameter that is none of the request's, nor credentials.
void refuse_unknown(Report& report, const QueryPairs& pairs, bool (*is_known)(std::string_view));
/// For a request without parameters.
Result<void> refuse_query(Report& report, std::string_view query);

/// A wrong value in a path names nothing: the answer is that of an unknown id.
template <Aggregate Path>
Result<void> read_path(const PathValues& from, Path& into) {
  Report report;
  boost::pfr::for_each_field_with_name(into, [&](std::string_view name, auto& field) {
    Form<std::decay_t<decltype(field)>>::read(report, from.find(name), field);
  });
  if (!report.is_clean()) return fail(ErrorKind::not_found, "there is nothing at this address");
  return {};
}

template <class Field>
void read_query_field(Report& report, const QueryPairs& pairs, std::string_view name, Field& field) {
  const Report::Step step(report, name);
  if (const auto value = query_value(pairs, name))
    Form<Field>::read(report, std::string_view(*value), field);
  else if (!Form<Field>::may_be_absent)
    report.wrong("required", "is missing");
}

template <Aggregate Query>
bool is_query_name(std::string_view name) {
  bool known = false;
  const Query probe{};
  boost::pfr::for_each_field_with_name(probe, [&](std::string_view each, const auto& field) {
    if constexpr (std::is_same_v<std::decay_t<decltype(field)>, Page>)
      known = known || name == "limit" || name == "cursor" || name == "after";
    else
      known = known || name == each;
  });
  return known;
}

/// Only fields of the request count as filters: what a list does not know does not change it.
template <Aggregate Query>
void name_list(const QueryPairs& pairs, std::string_view path, const Query& query, Page& page) {
  page.list = path;
  boost::pfr::for_each_field_with_name(query, [&](std::string_view name, const auto& field) {
    if constexpr (!std::is_same_v<std::decay_t<decltype(field)>, Page>)
      if (const auto value = query_value(pairs, name)) add_filter(page, name, *value);
  });
}

template <Aggregate Query>
void read_query(Report& report, const QueryPairs& pairs, std::string_view path, Query& into) {
  const Report::Step step(report, "query");
  boost::pfr::for_each_field_with_name(into, [&](std::string_view name, auto& field) {
    if constexpr (std::is_same_v<std::decay_t<decltype(field)>, Page>) {
      read_page(report, pairs, field);
      name_list(pairs, path, into, field);
    } else {
      read_query_field(report, pairs, name, field);
    }
  });
  if (report.unknown() == Unknown::refused) refuse_unknown(report, pairs, &is_query_name<Query>);
}

}  // namespace detail

/// `json` is the body when the Ask has one of fields. All that is wrong in query and body comes in one error.
template <class Ask>
Result<void> read_ask(Call& call, Unknown unknown, [[maybe_unused]] const boost::json::value* json, Ask& ask) {
  Report report(unknown);
  if constexpr (HasHead<Ask>) ask.head = call.head();
  if constexpr (HasPath<Ask>) {
    auto path = detail::read_path(call.path(), ask.path);
    if (!path) return path;
  }
  if constexpr (HasMatch<Ask>) {
    auto match = read_match(call.head(), ask.match);
    if (!match) return match;
  }
  if constexpr (HasQuery<Ask>) {
    const auto pairs = detail::query_pairs(call.head().query());
    if (!pairs) return std::unexpected(pairs.error());
    detail::read_query(report, *pairs, call.head().path(), ask.query);
  } else if (unknown == Unknown::refused) {
    auto refused = detail::refuse_query(report, call.head().query());
    if (!refused) return refused;
  }
  if constexpr (HasJsonBody<Ask>) {
    const Report::Step step(report, "body");
    Form<std::decay_t<decltype(ask.body)>>::read(report, *json, ask.body);
  }
  if constexpr (HasRawBody<Ask>) ask.body = RawBody(call.body(), call.head().content_length());
  if constexpr (HasMultipart<Ask>) {
    auto opened = Multipart::open(call);
    if (!opened) return std::unexpected(opened.error());
    ask.body = *std::move(opened);
  }
  if (!report.is_clean()) return std::unexpected(std::move(report).error());
  return {};
}

}  // namespace kinora::http
