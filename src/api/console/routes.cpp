#include <array>
#include <string>
#include <utility>
#include <variant>

#include "api/console/console.hpp"
#include "api/console/files.hpp"

namespace kinora::api::console {

namespace {

using http::Access;
using http::LimitClass;
using http::Method;
using http::Plain;

// Nothing inline, nothing from elsewhere, and no text ever becomes markup (trusted-types). Media come out of Media Source
// Extensions and captions out of a blob, both of them made by the page.
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; media-src 'self' blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

std::string etag_of(const Console& console) { return '"' + console.tag() + '"'; }

Plain page_of(const Console& console) {
  using http::Header;
  http::Headers headers{Header{"Content-Security-Policy", std::string(page_policy)}, Header{"Cache-Control", "no-cache"},
                        Header{"ETag", etag_of(console)}, Header{"Vary", "Accept"}};
  return {"text/html; charset=utf-8", console.page(), std::move(headers)};
}

Task<Result<Plain>> page(const Console& console, Caller) { co_return page_of(console); }

struct ApiInfo {
  std::string name;
  std::string version;
  std::string docs;
  std::string health;
};

struct AskRoot {
  http::Head head;
};

bool names_html(const http::Head& head) {
  const auto accept = head.list("accept");
  for (const auto member : http::list_members(accept))
    if (http::same_name(http::without_parameters(member), "text/html")) return true;
  return false;
}

// What people open is the page; programs, which name no HTML, are told where the API is.
using Root = std::variant<Plain, http::WithHeaders<ApiInfo>>;
Task<Result<Root>> root(const Console& console, Caller, AskRoot ask) {
  if (names_html(ask.head)) co_return page_of(console);
  ApiInfo info{"kinora", console.version(), "/docs", "/api/v1/health"};
  http::Headers headers{http::Header{"Vary", "Accept"}};
  co_return http::WithHeaders<ApiInfo>{std::move(info), std::move(headers)};
}

struct AskFile {
  struct Path {
    http::Text<1, 32> tag;
    http::Text<1, 100> name;
  } path;
};

Task<Result<Plain>> file(const Console& console, Caller, AskFile ask) {
  const auto* found = find_file(ask.path.name.value);
  if (found == nullptr || ask.path.tag.value != console.tag())
    co_return fail(ErrorKind::not_found, "the console has no such file in this version; load the page again");
  http::Headers headers{http::Header{"Cache-Control", "public, max-age=31536000, immutable"},
                        http::Header{"ETag", etag_of(console)}};
  co_return Plain{std::string(found->content_type), std::string(found->bytes), std::move(headers)};
}

/// For programs that read pages (https://llmstxt.org).
Task<Result<Plain>> llms(const Console&, Caller) {
  const auto* found = find_file("llms.txt");
  if (found == nullptr) co_return fail(ErrorKind::not_found, "this server has no llms.txt");
  co_return Plain{std::string(found->content_type), std::string(found->bytes), {http::Header{"Cache-Control", "no-cache"}}};
}

http::RouteSpec spec_of(std::string path, std::string summary) {
  return {Method::get, std::move(path), Access::anyone, LimitClass::none, std::move(summary)};
}

constexpr auto page_paths = std::to_array<std::string_view>(
    {"/docs", "/setup", "/sign-in", "/library", "/upload", "/watch/{id}", "/search", "/ask", "/ask/{id}"});

}  // namespace

std::vector<http::Route> routes(const Console& console) {
  std::vector<http::Route> all;
  auto root_spec = spec_of("/", "The console, or where the API is");
  root_spec.content_types = {"text/html"};
  all.push_back(http::route(console, std::move(root_spec), root));
  for (const auto path : page_paths) all.push_back(http::route(console, spec_of(std::string(path), "A page"), page));
  all.push_back(http::route(console, spec_of("/llms.txt", "What this is, for language models"), llms));
  auto file_spec = spec_of("/console/{tag}/{name...}", "A file of the console");
  file_spec.errors = {404};
  all.push_back(http::route(console, std::move(file_spec), file));
  return all;
}

}  // namespace kinora::api::console
