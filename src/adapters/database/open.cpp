#include "adapters/database/open.hpp"

#include <filesystem>

#include "adapters/database/sqlite/sqlite_database.hpp"

namespace kinora {

namespace {

/// Empty for a bare path; a path may hold a colon, a scheme holds no slash before it.
std::string scheme_of(const std::string& url) {
  const auto colon = url.find(':');
  return colon == std::string::npos || url.find('/') < colon ? std::string() : url.substr(0, colon);
}

Result<std::string> path_of(std::string url_or_path) {
  const auto scheme = scheme_of(url_or_path);
  if (!scheme.empty() && scheme != "sqlite")  // never the URL itself: it may hold a password
    return fail(ErrorKind::unsupported, "this program has no database adapter for '" + scheme + ":'; give sqlite:<path>");

  auto path = scheme.empty() ? url_or_path : url_or_path.substr(scheme.size() + 1);
  if (path.starts_with("//")) path.erase(0, 2);
  if (path.empty()) return fail(ErrorKind::invalid, "the database needs a path; give sqlite:<path>");
  return path;
}

}  // namespace

Result<std::unique_ptr<Database>> open_database(std::string url_or_path, const Clock& clock, Log& log) {
  auto path = path_of(std::move(url_or_path));
  if (!path) return std::unexpected(std::move(path.error()));
  return open_sqlite_database(*std::move(path), clock, log);
}

bool database_exists(std::string url_or_path) {
  const auto path = path_of(std::move(url_or_path));
  std::error_code code;
  return path && std::filesystem::exists(*path, code);
}

Result<void> copy_database(std::string url_or_path, std::string to, const Clock& clock) {
  auto from_path = path_of(std::move(url_or_path));
  if (!from_path) return std::unexpected(std::move(from_path.error()));
  auto to_path = path_of(std::move(to));
  if (!to_path) return std::unexpected(std::move(to_path.error()));
  return copy_sqlite_database(*std::move(from_path), *std::move(to_path), clock);
}

Result<std::vector<std::string>> examine_database(std::string url_or_path, const Clock& clock) {
  auto path = path_of(std::move(url_or_path));
  if (!path) return std::unexpected(std::move(path.error()));
  return examine_sqlite_database(*std::move(path), clock);
}

}  // namespace kinora
