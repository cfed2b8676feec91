#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/rate_limits.hpp"
#include "api/shared/session_cookie.hpp"
#include "base/failpoints.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "children/jail_order.hpp"
#include "http/proxies.hpp"
#include "modules/accounts/accounts.hpp"

namespace kinora::app {

/// Names and texts as the environment has them.
using Variables = std::map<std::string, std::string, std::less<>>;

enum class Mode : std::uint8_t { production, development };

/// A service that texts go to, and its key. Without a URL nothing goes anywhere.
struct RemoteModel {
  std::string provider{};  ///< for people: openai
  std::string url{};
  std::string model{};
  std::string key{};
};

/// Everything an operator can decide, checked and with every default filled in. Paths are absolute.
struct Config {
  std::filesystem::path data;          ///< KINORA_DATA: everything that must survive
  std::filesystem::path cache;         ///< KINORA_CACHE: what set-up fetched and built
  std::filesystem::path models;        ///< KINORA_MODELS
  std::filesystem::path scratch;       ///< KINORA_SCRATCH: folders of running jobs
  std::filesystem::path llama_server;  ///< KINORA_LLAMA_SERVER: the program that serves embeddings
  std::string database_url;            ///< DATABASE_URL: sqlite:<absolute path>

  std::string listen_address = "127.0.0.1";  ///< KINORA_LISTEN
  std::uint16_t port = 8080;                 ///< PORT; 0 takes any free one
  std::filesystem::path tls_certificate{};   ///< TLS_CERT: PEM chain; empty: plain HTTP
  std::filesystem::path tls_key{};           ///< TLS_KEY
  std::string public_url{};                  ///< PUBLIC_URL: as browsers see us, without a slash at the end; may be empty
  std::string frontend_url{};                ///< FRONTEND_URL: where links in mail lead; may be empty
  std::vector<std::string> allowed_origins;  ///< ALLOWED_ORIGINS and the origin of FRONTEND_URL
  bool allow_plain_http = false;             ///< ALLOW_PLAIN_HTTP: sign-in without TLS beyond loopback

  accounts::Registration registration = accounts::Registration::invite;  ///< REGISTRATION
  std::optional<std::string> jwt_secret{};                               ///< JWT_SECRET; absent: the data directory's
  std::optional<std::string> jwt_refresh_secret{};                       ///< JWT_REFRESH_SECRET
  std::optional<std::string> session_secret{};                           ///< SESSION_SECRET_KEY
  std::optional<std::string> media_secret{};                             ///< MEDIA_SECRET: signs media links
  std::optional<std::string> media_secret_previous{};                    ///< MEDIA_SECRET_PREVIOUS: whose links still hold
  std::chrono::milliseconds access_lifetime = std::chrono::hours(1);     ///< JWT_EXPIRES_IN, JWT_EXPIRY
  std::chrono::milliseconds refresh_lifetime = std::chrono::days(7);     ///< JWT_REFRESH_EXPIRES_IN
  std::chrono::milliseconds session_lifetime = std::chrono::days(7);     ///< SESSION_LIFETIME: after the last use of a cookie
  api::SameSite session_same_site = api::SameSite::lax;                  ///< SESSION_SAMESITE
  http::TrustedProxies trusted_proxies{};                                ///< TRUSTED_PROXIES
  api::RateRules rate_rules = api::default_rate_rules();                 ///< RATE_LIMIT_<class>[_<tier>]

  std::uint64_t upload_bytes_max = 2ULL << 30;     ///< MAX_UPLOAD_BYTES
  std::uint64_t free_disk_bytes_min = 2ULL << 30;  ///< MIN_FREE_DISK
  std::size_t jobs_max = 5;                        ///< MAX_CONCURRENT_JOBS: light ones; the others go by cores
  bool keep_variant_files = true;                  ///< KEEP_VARIANT_FILES
  Sandbox sandbox = Sandbox::strict;               ///< KINORA_SANDBOX

  std::string ai_provider = "local";  ///< AI_PROVIDER; none: nothing is written, only quoted
  std::string llm_url{};              ///< LLM_URL
  RemoteModel language_model{};       ///< of AI_PROVIDER, see providers.hpp; no URL: the model on this machine, if it is there

  LogLevel log_level = LogLevel::info;  ///< LOG_LEVEL
  Mode mode = Mode::production;         ///< NODE_ENV
  bool health_detail = false;           ///< HEALTH_DETAIL
  std::string metrics_token{};          ///< METRICS_TOKEN: who sends it may read /metrics; empty: this machine alone may
  FailpointPlan failpoints{};           ///< KINORA_FAILPOINTS: where a test makes this server fail

  std::vector<std::string> warnings{};  ///< sentences for start-up: names that are set and not used by this version

  bool listens_on_loopback() const;
  bool serves_tls() const { return !tls_certificate.empty(); }
  /// The root of links to this server, without a slash at the end.
  std::string base_url() const { return base_url_at(port); }
  /// The same when PORT is 0 and another port was found.
  std::string base_url_at(std::uint16_t actual_port) const;
};

/// The command line's overrides win over the environment, which wins over `kinora.toml` in the data directory, whose keys are
/// the same names in lower case. Of a setting's names the first one present wins; an empty text counts as absent; `X_FILE`
/// names a file that holds X. Errors: invalid, with every wrong setting in `fields` and in the message, and never a secret's
/// text.
Result<Config> load_config(const Variables& environment, const Variables& overrides);

/// The environment of this process.
Variables process_environment();

}  // namespace kinora::app
