#include "http/conditions.hpp"

#include <algorithm>
#include <array>

#include "base/numbers.hpp"
#include "http/header_values.hpp"

namespace kinora::http {

namespace {

std::string_view without_weakness(std::string_view etag) { return etag.starts_with("W/") ? etag.substr(2) : etag; }

std::optional<std::int64_t> version_in(std::string_view etag) {
  if (etag.size() < 3 || !etag.starts_with('"') || !etag.ends_with('"')) return std::nullopt;
  return number_of<std::int64_t>(etag.substr(1, etag.size() - 2));
}

// What a 304 carries of the 200's fields (RFC 9110 section 15.4.5), and what is no metadata of the body.
bool describes_the_body(const Header& header) {
  constexpr auto names = std::to_array<std::string_view>({"Content-Range", "Content-Disposition", "Content-Encoding"});
  return std::ranges::any_of(names, [&](std::string_view name) { return same_name(header.name, name); });
}

}  // namespace

bool names_etag(std::string_view list, std::string_view etag) {
  return std::ranges::any_of(list_members(list), [&](std::string_view member) {
    return member == "*" || without_weakness(member) == without_weakness(etag);
  });
}

void apply_conditions(const Head& head, Reply& reply) {
  const auto* etag = find_header(reply.headers, "ETag");
  const bool reads = head.method() == Method::get || head.method() == Method::head;
  if (etag == nullptr || !reads || reply.status != 200) return;
  if (!names_etag(head.list("if-none-match"), etag->value)) return;
  reply.status = 304;
  reply.content_type.clear();
  reply.body = std::string();
  std::erase_if(reply.headers, describes_the_body);
}

IfVersion if_match(const Head& head) {
  const auto list = head.list("if-match");
  const auto members = list_members(list);
  if (members.empty() || std::ranges::find(members, "*") != members.end()) return std::nullopt;
  std::vector<std::int64_t> versions;
  for (const auto member : members)
    if (const auto version = version_in(member)) versions.push_back(*version);
  return versions;
}

Result<void> read_match(const Head& head, IfMatch& match) {
  match.versions = if_match(head);
  return {};
}

Result<void> read_match(const Head& head, NeededMatch& match) {
  if (head.list("if-match").empty())
    return fail(ErrorKind::invalid, "send If-Match with the ETag of what you have read", "precondition_required");
  match.versions = if_match(head);
  return {};
}

}  // namespace kinora::http
