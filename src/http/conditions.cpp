#include "http/conditions.hpp"

#include <algorithm>
#include <array>

#include "http/header_values.hpp"

namespace kinora::http {

namespace {

std::string_view without_weakness(std::string_view etag) { return etag.starts_with("W/") ? etag.substr(2) : etag; }

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

Result<void> check_version(const Head& head, std::int64_t version, IfMatch presence) {
  const auto list = head.list("if-match");
  if (list.empty() && presence == IfMatch::optional) return {};
  if (list.empty())
    return fail(ErrorKind::stale, "send If-Match with the version you have read, such as \"7\"", "precondition_required");
  const auto current = '"' + std::to_string(version) + '"';
  const auto members = list_members(list);
  const bool known = std::ranges::any_of(members, [&](auto member) { return member == "*" || member == current; });
  if (!known) return fail(ErrorKind::stale, "it is at version " + current + " by now; read it again");
  return {};
}

}  // namespace kinora::http
