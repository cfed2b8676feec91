#include "http/router.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "http/target.hpp"

namespace kinora::http {

namespace {

struct ValuePlace {
  std::size_t segment = 0;
  std::string_view name;
  bool takes_rest = false;
};
struct Endpoint {
  const Route* route = nullptr;
  const ErrorEnvelope* envelope = nullptr;
  std::vector<ValuePlace> values{};
};
using Endpoints = std::array<Endpoint, methods_count>;

using Segments = std::vector<std::string_view>;

std::optional<Segments> segments_of(std::string_view path) {
  if (!path.starts_with('/')) return std::nullopt;
  Segments segments;
  for (path.remove_prefix(1); !path.empty();) {
    const auto slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (segments.back().empty()) return std::nullopt;
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return segments;
}

bool is_value(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }
bool is_tail(std::string_view segment) { return is_value(segment) && segment.ends_with("...}"); }
std::string_view value_name(std::string_view segment) { return segment.substr(1, segment.size() - (is_tail(segment) ? 5 : 2)); }

[[noreturn]] void broken_route(const RouteSpec& spec, const char* why) {
  std::fprintf(stderr, "kinora: the route %s %s: %s\n", std::string(name_of(spec.method)).c_str(), spec.path.c_str(), why);
  std::abort();
}

bool is_any(const Endpoints& endpoints) {
  return std::ranges::any_of(endpoints, [](const Endpoint& each) { return each.route != nullptr; });
}

const Endpoint& endpoint_for(const Endpoints& endpoints, Method method) {
  const auto& exact = endpoints[static_cast<std::size_t>(method)];
  if (exact.route == nullptr && method == Method::head) return endpoints[static_cast<std::size_t>(Method::get)];
  return exact;
}

std::vector<Method> methods_of(const Endpoints& endpoints) {
  std::vector<Method> methods;
  for (const auto& [method, name] : Names<Method>::table)
    if (method == Method::options || endpoint_for(endpoints, method).route != nullptr) methods.push_back(method);
  return methods;
}

}  // namespace

struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> words;
  std::unique_ptr<Node> value;
  Endpoints here{};
  Endpoints tail{};

  Node& child(std::string_view segment) {
    auto& place = is_value(segment) ? value : words[std::string(segment)];
    if (!place) place = std::make_unique<Node>();
    return *place;
  }

  // The endpoints of the most particular template that fits; null when none does.
  const Endpoints* find(std::span<const std::string_view> rest) const {
    if (rest.empty()) return is_any(here) ? &here : nullptr;
    if (const auto word = words.find(rest.front()); word != words.end())
      if (const auto* found = word->second->find(rest.subspan(1))) return found;
    if (value)
      if (const auto* found = value->find(rest.subspan(1))) return found;
    return is_any(tail) ? &tail : nullptr;
  }
};

namespace {

std::vector<ValuePlace> places_of(const Segments& parts) {
  std::vector<ValuePlace> places;
  for (std::size_t at = 0; at < parts.size(); ++at)
    if (is_value(parts[at])) places.push_back({at, value_name(parts[at]), is_tail(parts[at])});
  return places;
}

std::optional<std::string> decode_rest(std::span<const std::string_view> segments) {
  auto text = decode_segment(segments.front());
  for (const auto segment : segments.subspan(1)) {
    const auto more = decode_segment(segment);
    if (!text || !more) return std::nullopt;
    *text += '/' + *more;
  }
  return text;
}

// Nothing when one of the values does not decode.
std::optional<PathValues> values_of(const Endpoint& endpoint, const Segments& path) {
  PathValues values;
  for (const auto& place : endpoint.values) {
    auto text = place.takes_rest ? decode_rest(std::span(path).subspan(place.segment)) : decode_segment(path[place.segment]);
    if (!text) return std::nullopt;
    values.values.push_back({place.name, *std::move(text)});
  }
  return values;
}

}  // namespace

Router::Router(std::vector<Surface> surfaces) : surfaces_(std::move(surfaces)), root_(std::make_unique<Node>()) {
  for (const auto& surface : surfaces_)
    for (const auto& route : surface.routes) add(route, *surface.envelope);
}

void Router::add(const Route& route, const ErrorEnvelope& envelope) {
  const auto segments = segments_of(route.spec.path);
  if (!segments) broken_route(route.spec, "a path is segments behind slashes");
  auto* node = root_.get();
  bool tail = false;
  for (const auto segment : *segments) {
    if (tail) broken_route(route.spec, "nothing may follow a tail");
    tail = is_tail(segment);
    if (!tail) node = &node->child(segment);
  }
  auto& place = (tail ? node->tail : node->here)[static_cast<std::size_t>(route.spec.method)];
  if (place.route != nullptr) broken_route(route.spec, "two routes stand here");
  place = {&route, &envelope, places_of(*segments)};
}

Router::Router(Router&&) noexcept = default;
Router::~Router() = default;

Match Router::find(Method method, std::string_view path) const {
  const auto segments = segments_of(path);
  const auto* endpoints = segments ? root_->find(*segments) : nullptr;
  if (endpoints == nullptr) return {};
  const auto& endpoint = endpoint_for(*endpoints, method);
  const auto& any = *std::ranges::find_if(*endpoints, [](const Endpoint& each) { return each.route != nullptr; });
  auto values = values_of(endpoint.route != nullptr ? endpoint : any, *segments);
  if (!values) return {.envelope = any.envelope};
  const auto* envelope = endpoint.route != nullptr ? endpoint.envelope : any.envelope;
  Match match{endpoint.route, envelope, *std::move(values), {}};
  if (endpoint.route == nullptr || method == Method::options) match.allowed = methods_of(*endpoints);
  return match;
}

}  // namespace kinora::http
