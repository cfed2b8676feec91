#include "app/settings.hpp"

#include <algorithm>

#include "app/config_values.hpp"

namespace kinora::app {

namespace {

using accounts::Registration;
using std::chrono::milliseconds;

template <auto member, auto parse>
bool set(std::string_view text, Config& config) {
  auto value = parse(text);
  if (value) config.*member = *std::move(value);
  return value.has_value();
}

template <class E, std::size_t size>
std::optional<E> find_word(const std::array<std::pair<std::string_view, E>, size>& words, std::string_view text) {
  const auto word = lower_case(text);
  const auto found = std::ranges::find(words, word, [](const auto& each) { return each.first; });
  return found == words.end() ? std::nullopt : std::optional(found->second);
}

template <const auto& words>
auto word(std::string_view text) {
  return find_word(words, text);
}

// `http`, `verbose` and `silly` are levels of winston, which the environments of existing front ends are written for.
constexpr auto log_levels = std::to_array<std::pair<std::string_view, LogLevel>>({
    {"debug", LogLevel::debug},
    {"verbose", LogLevel::debug},
    {"silly", LogLevel::debug},
    {"info", LogLevel::info},
    {"http", LogLevel::info},
    {"warning", LogLevel::warning},
    {"warn", LogLevel::warning},
    {"error", LogLevel::error},
});
constexpr auto modes = std::to_array<std::pair<std::string_view, Mode>>(
    {{"production", Mode::production}, {"development", Mode::development}, {"test", Mode::development}});
constexpr auto sandboxes =
    std::to_array<std::pair<std::string_view, Sandbox>>({{"strict", Sandbox::strict}, {"weak", Sandbox::weak}});

std::optional<milliseconds> lifetime(std::string_view text) { return parse_duration(text, std::chrono::seconds(1)); }
std::optional<milliseconds> session_lifetime(std::string_view text) {
  const auto time = lifetime(text);
  const bool fits = time && *time >= std::chrono::minutes(5) && *time <= std::chrono::days(30);
  return fits ? time : std::nullopt;
}
std::optional<api::SameSite> same_site(std::string_view text) { return parse_name<api::SameSite>(lower_case(text)); }
std::optional<Registration> registration(std::string_view text) { return parse_name<Registration>(lower_case(text)); }
std::optional<std::string> any_text(std::string_view text) { return std::string(text); }

bool only_all(std::string_view text, Config&) { return lower_case(text) == "all"; }

/// sqlite:<absolute path>. Other databases are refused rather than ignored: the data would silently lie elsewhere.
std::optional<std::string> sqlite_url(std::string_view text) {
  constexpr std::string_view scheme = "sqlite:";
  if (text.starts_with(scheme)) {
    text.remove_prefix(scheme.size());
    if (text.starts_with("//")) text.remove_prefix(2);
  }
  if (text.empty() || text.find("://") != std::string_view::npos) return std::nullopt;
  return std::string(scheme) + parse_path(text)->string();
}

std::optional<std::string> provider(std::string_view text) {
  static constexpr auto names = std::to_array<std::string_view>({"none", "local", "auto", "openai", "google", "ollama"});
  auto name = lower_case(text);
  return std::ranges::find(names, name) == names.end() ? std::nullopt : std::optional(std::move(name));
}

constexpr std::string_view a_duration = "a duration such as 15m, 1h or 7d";
constexpr std::string_view a_size = "a size such as 500MB or 2GiB";
constexpr std::string_view a_folder = "a folder";
constexpr std::string_view a_file = "a file in PEM form";
constexpr std::string_view a_url = "a URL such as https://video.example.org";
constexpr std::string_view a_switch = "on or off";
constexpr std::string_view a_secret = "a secret text";

constexpr Setting data = {{"KINORA_DATA"}, set<&Config::data, parse_path>, a_folder};

// The defaults of the others hang on these.
constexpr auto first = std::to_array<Setting>({
    {{"KINORA_CACHE"}, set<&Config::cache, parse_path>, a_folder},
    {{"KINORA_LISTEN"}, set<&Config::listen_address, parse_address>, "an IP address such as 127.0.0.1, 0.0.0.0 or ::1"},
});

constexpr auto others = std::to_array<Setting>({
    {{"KINORA_ROLE"}, only_all, "all; this version does everything in one process"},
    {{"KINORA_MODELS"}, set<&Config::models, parse_path>, a_folder},
    {{"KINORA_SCRATCH"}, set<&Config::scratch, parse_path>, a_folder},
    {{"KINORA_LLAMA_SERVER"}, set<&Config::llama_server, parse_path>, "the path of llama-server"},
    {{"KINORA_SANDBOX"}, set<&Config::sandbox, word<sandboxes>>, "strict or weak"},
    {{"DATABASE_URL"},
     set<&Config::database_url, sqlite_url>,
     "sqlite:<path>; this version has no other database",
     Secrecy::secret},

    {{"PORT"}, set<&Config::port, parse_number<std::uint16_t, 0, 65535>>, "a port from 0 to 65535; 0 takes any free one"},
    {{"TLS_CERT"}, set<&Config::tls_certificate, parse_path>, a_file},
    {{"TLS_KEY"}, set<&Config::tls_key, parse_path>, a_file},
    {{"PUBLIC_URL"}, set<&Config::public_url, parse_url>, a_url},
    {{"FRONTEND_URL"}, set<&Config::frontend_url, parse_url>, a_url},
    {{"ALLOWED_ORIGINS"},
     set<&Config::allowed_origins, parse_origins>,
     "origins such as https://app.example.org, with commas between"},
    {{"ALLOW_PLAIN_HTTP"}, set<&Config::allow_plain_http, parse_switch>, a_switch},

    {{"REGISTRATION"}, set<&Config::registration, registration>, "open, invite or closed"},
    {{"JWT_SECRET"}, set<&Config::jwt_secret, any_text>, a_secret, Secrecy::secret},
    {{"JWT_REFRESH_SECRET"}, set<&Config::jwt_refresh_secret, any_text>, a_secret, Secrecy::secret},
    {{"SESSION_SECRET_KEY"}, set<&Config::session_secret, any_text>, a_secret, Secrecy::secret},
    {{"MEDIA_SECRET"}, set<&Config::media_secret, any_text>, a_secret, Secrecy::secret},
    {{"MEDIA_SECRET_PREVIOUS"}, set<&Config::media_secret_previous, any_text>, a_secret, Secrecy::secret},
    {{"JWT_EXPIRES_IN", "JWT_EXPIRY"}, set<&Config::access_lifetime, lifetime>, a_duration},
    {{"JWT_REFRESH_EXPIRES_IN"}, set<&Config::refresh_lifetime, lifetime>, a_duration},
    {{"SESSION_LIFETIME"}, set<&Config::session_lifetime, session_lifetime>, "a duration from 5m to 30d"},
    {{"SESSION_SAMESITE"}, set<&Config::session_same_site, same_site>, "lax, strict or none"},
    {{"TRUSTED_PROXIES"},
     set<&Config::trusted_proxies, http::TrustedProxies::parse>,
     "addresses and networks such as 10.0.0.0/8, with commas between"},

    {{"MAX_UPLOAD_BYTES"}, set<&Config::upload_bytes_max, parse_size>, a_size},
    {{"MIN_FREE_DISK"}, set<&Config::free_disk_bytes_min, parse_size>, a_size},
    {{"KEEP_VARIANT_FILES"}, set<&Config::keep_variant_files, parse_switch>, a_switch},
    {{"MAX_CONCURRENT_JOBS"}, set<&Config::jobs_max, parse_number<std::size_t, 1, 256>>, "a number from 1 to 256"},

    {{"AI_PROVIDER"}, set<&Config::ai_provider, provider>, "none (quotes only), local, auto, openai, google or ollama"},
    {{"LLM_URL"}, set<&Config::llm_url, parse_url>, "a URL such as http://127.0.0.1:8000/v1"},

    {{"LOG_LEVEL"}, set<&Config::log_level, word<log_levels>>, "debug, info, warning or error"},
    {{"NODE_ENV"}, set<&Config::mode, word<modes>>, "production or development"},
    {{"HEALTH_DETAIL"}, set<&Config::health_detail, parse_switch>, a_switch},
    {{"METRICS_TOKEN"}, set<&Config::metrics_token, any_text>, a_secret, Secrecy::secret},
    {{"KINORA_FAILPOINTS"},
     set<&Config::failpoints, parse_failpoints>,
     "name=error, kill or stop, @2 behind it for the second passing, commas between; `kinora failpoints` lists the names"},
});

}  // namespace

const Setting& data_setting() { return data; }
std::span<const Setting> first_settings() { return first; }
std::span<const Setting> other_settings() { return others; }

}  // namespace kinora::app
