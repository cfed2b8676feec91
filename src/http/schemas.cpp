#include "http/schemas.hpp"

#include <algorithm>
#include <vector>

namespace kinora::http {

namespace {

// kinora::api::v1::RenameVideo::Body -> {kinora, api, v1, RenameVideo, Body}; template arguments stay with their part.
std::vector<std::string> scopes_of(std::string_view type) {
  std::vector<std::string> scopes(1);
  int depth = 0;
  for (std::size_t at = 0; at < type.size(); ++at) {
    depth += type[at] == '<' ? 1 : type[at] == '>' ? -1 : 0;
    if (depth == 0 && type.substr(at).starts_with("::")) {
      scopes.emplace_back();
      ++at;
    } else {
      scopes.back() += type[at];
    }
  }
  return scopes;
}

bool is_type_scope(const std::string& scope) { return !scope.empty() && scope.front() >= 'A' && scope.front() <= 'Z'; }

std::string without_punctuation(std::string name) {
  std::erase_if(name, [](char letter) {
    return !((letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
             letter == '_');
  });
  return name;
}

// Types inside types carry their owner's name; namespaces are added from the inside out, `extra` of them.
std::string short_name(const std::vector<std::string>& scopes, std::size_t extra) {
  auto first = scopes.size() - 1;
  while (first > 0 && is_type_scope(scopes[first - 1])) --first;
  first -= std::min(first, extra);
  std::string name;
  for (; first < scopes.size(); ++first) name += without_punctuation(scopes[first]);
  return name;
}

}  // namespace

boost::json::object Schemas::reference(std::string_view full_type_name, Make make) {
  auto known = names_.find(full_type_name);
  if (known == names_.end()) {
    const auto scopes = scopes_of(full_type_name);
    std::size_t extra = 0;
    auto name = short_name(scopes, extra);
    while (made_.contains(name) && extra < scopes.size()) name = short_name(scopes, ++extra);
    known = names_.emplace(full_type_name, name).first;
    made_[name] = {};  // a type that holds itself finds its own name
    made_[name] = make(*this);
  }
  return {{"$ref", "#/components/schemas/" + known->second}};
}

boost::json::object Schemas::take() && {
  boost::json::object all;
  for (auto& [name, schema] : made_) all[name] = std::move(schema);
  return all;
}

}  // namespace kinora::http
