#include "http/accept.hpp"

#include <algorithm>

#include "http/header_values.hpp"

namespace kinora::http {

namespace {

constexpr std::string_view any_file = "application/octet-stream";

std::string joined(std::span<const std::string> types) {
  std::string all;
  for (const auto& type : types) all += (all.empty() ? "" : ", ") + type;
  return all;
}

}  // namespace

std::vector<std::string> types_given(const boost::json::object& responses, std::span<const std::string_view> beside) {
  std::vector<std::string> types(beside.begin(), beside.end());
  for (const auto& response : responses) {
    const auto* content = response.value().as_object().if_contains("content");
    if (content == nullptr) continue;
    for (const auto& type : content->as_object()) types.emplace_back(type.key());
  }
  if (std::ranges::find(types, any_file) != types.end()) return {};
  return types;
}

Result<void> require_acceptable(const Head& head, std::span<const std::string> types) {
  const auto accept = head.list("accept");
  if (types.empty() || accept.empty()) return {};
  if (std::ranges::any_of(types, [&](const std::string& type) { return wanted(accept, type) > 0; })) return {};
  return fail(ErrorKind::unsupported, "Accept allows none of what there is here: " + joined(types), "not_acceptable");
}

}  // namespace kinora::http
