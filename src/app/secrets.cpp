#include "app/secrets.hpp"

namespace kinora::app {

namespace {

Result<std::string> given_or_kept(const std::optional<std::string>& given, const DataDirectory& directory,
                                  std::string_view name, Random& random) {
  return given ? Result<std::string>(*given) : directory.secret(name, random);
}

}  // namespace

Result<Secrets> read_secrets(const Config& config, const DataDirectory& directory, Random& random) {
  auto access = given_or_kept(config.jwt_secret, directory, "jwt", random);
  if (!access) return std::unexpected(std::move(access.error()));
  auto refresh = given_or_kept(config.jwt_refresh_secret, directory, "refresh", random);
  if (!refresh) return std::unexpected(std::move(refresh.error()));
  auto session = given_or_kept(config.session_secret, directory, "session", random);
  if (!session) return std::unexpected(std::move(session.error()));
  auto grants = given_or_kept(config.media_secret, directory, "grants", random);
  if (!grants) return std::unexpected(std::move(grants.error()));
  auto cursors = directory.secret("cursors", random);
  if (!cursors) return std::unexpected(std::move(cursors.error()));
  return Secrets{*std::move(access), *std::move(refresh), *std::move(session), *std::move(grants), *std::move(cursors)};
}

}  // namespace kinora::app
