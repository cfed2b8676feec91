#include "app/config.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>

#include "app/config_names.hpp"
#include "app/config_sources.hpp"
#include "app/config_values.hpp"
#include "app/providers.hpp"
#include "app/rate_settings.hpp"
#include "app/settings.hpp"

namespace kinora::app {

namespace {

// An unserved setting that asks for what holds anyway needs no warning.
constexpr auto already_so = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"ENFORCE_PLANS", "off"}, {"EDITOR_WORKSPACE", "off"}, {"WS_PORT", "off"}});

constexpr std::size_t good_secret_bytes = 32;

std::vector<std::string_view> known_names() {
  std::vector<std::string_view> names = {data_setting().names[0]};
  const auto add = [&](auto all) { names.insert(names.end(), all.begin(), all.end()); };
  for (const auto& setting : first_settings()) add(setting.present_names());
  for (const auto& setting : other_settings()) add(setting.present_names());
  for (const auto& group : unserved_settings()) add(group.names);
  add(provider_settings());
  add(ignored_settings());
  return names;
}

/// Reads settings into a Config and keeps what is wrong, so that all of it is told at once.
class Reader {
 public:
  explicit Reader(std::vector<Source> strongest_first) : sources_(std::move(strongest_first)) {}

  void add_source(Source weakest) { sources_.push_back(std::move(weakest)); }
  void report(std::string name, std::string code, std::string message) {
    problems_.push_back({std::move(name), std::move(code), std::move(message)});
  }

  /// Whether it was set, rightly or not.
  bool read(const Setting& setting, Config& config) {
    const auto found = find(setting.present_names());
    if (!found || setting.read(found->text, config)) return found.has_value();
    const auto shown = setting.secrecy == Secrecy::secret ? "..." : found->text;
    report(found->name, "wrong_value", fmt::format("{}={} ({}): give {}", found->name, shown, found->source, setting.allowed));
    return true;
  }
  std::optional<FoundSetting> find(std::span<const std::string_view> names) {
    auto found = find_setting(sources_, names);
    if (found) return *std::move(found);
    report(std::string(names.front()), "unreadable", std::move(found.error().message));
    return std::nullopt;
  }

  const std::vector<Source>& sources() const { return sources_; }
  bool has_problems() const { return !problems_.empty(); }

  Error error() && {
    std::string message =
        fmt::format("{} wrong:", problems_.size() == 1 ? "a setting is" : fmt::format("{} settings are", problems_.size()));
    for (const auto& problem : problems_) message += "\n  " + problem.message;
    return {ErrorKind::invalid, std::move(message), {}, std::move(problems_)};
  }

 private:
  std::vector<Source> sources_;
  std::vector<FieldError> problems_;
};

enum class Strictness : std::uint8_t { our_prefixes, every_name };

std::string_view without_file_suffix(std::string_view name) {
  constexpr std::string_view suffix = "_FILE";
  return name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : name;
}

void check_names(const Source& source, Strictness strictness, Reader& reader) {
  static constexpr auto ours = std::to_array<std::string_view>({"KINORA_", "RATE_LIMIT_"});
  const auto known = known_names();
  for (const auto& [name, text] : source.settings) {
    const bool is_ours = std::ranges::any_of(ours, [&](std::string_view prefix) { return name.starts_with(prefix); });
    const auto bare = without_file_suffix(name);
    if (strictness == Strictness::our_prefixes && !is_ours) continue;
    if (is_rate_setting(bare) || std::ranges::find(known, bare) != known.end()) continue;
    const auto nearest = nearest_name(name, known);
    const auto hint = nearest.empty() ? std::string("remove it") : fmt::format("did you mean {}?", nearest);
    reader.report(name, "unknown", fmt::format("{} ({}): there is no such setting; {}", name, source.name, hint));
  }
}

bool asks_for_what_holds(std::string_view name, std::string_view text) {
  return std::ranges::find(already_so, std::pair(name, text)) != already_so.end();
}

void warn_of_unserved(Reader& reader, Config& config) {
  for (const auto& group : unserved_settings()) {
    std::vector<std::string_view> set;
    for (const auto& name : group.names) {
      const auto found = reader.find(std::span(&name, 1));
      if (found && !asks_for_what_holds(name, found->text)) set.push_back(name);
    }
    if (!set.empty())
      config.warnings.push_back(fmt::format("not used by this version: {}; {}", fmt::join(set, ", "), group.instead));
  }
}

void read_rate_limits(Reader& reader, Config& config) {
  for (const auto& setting : rate_settings()) {
    const std::string_view name = setting.name;
    const auto found = reader.find(std::span(&name, 1));
    if (!found) continue;
    if (const auto rule = parse_rate(found->text))
      set_rate(setting, rule->value, config.rate_rules);
    else
      reader.report(found->name, "wrong_value",
                    fmt::format("{}={} ({}): give {}", found->name, found->text, found->source, a_rate));
  }
}

void warn_of_short_secrets(Config& config) {
  const auto check = [&](std::string_view name, const std::optional<std::string>& secret) {
    if (secret && secret->size() < good_secret_bytes)
      config.warnings.push_back(fmt::format(
          "{} is short enough to be guessed: give {} characters, or leave it out and one is made", name, good_secret_bytes));
  };
  check("JWT_SECRET", config.jwt_secret);
  check("JWT_REFRESH_SECRET", config.jwt_refresh_secret);
  check("SESSION_SECRET_KEY", config.session_secret);
  check("MEDIA_SECRET", config.media_secret);
  check("MEDIA_SECRET_PREVIOUS", config.media_secret_previous);
}

/// Where people of this machine keep such things; nothing without a home.
void place_folders(const Variables& environment, Config& config) {
  const auto text = [&](std::string_view name) {
    const auto found = environment.find(name);
    return std::filesystem::path(found == environment.end() ? std::string() : found->second);
  };
  const auto home = text("HOME");
  const auto shared = text("XDG_DATA_HOME");
  if (shared.is_absolute())
    config.data = shared / "kinora";
  else if (home.is_absolute())
    config.data = home / ".local/share/kinora";
  if (home.is_absolute()) config.cache = home / ".cache/kinora";
}

void fill_dependent_defaults(Config& config) {
  config.models = (config.cache.empty() ? config.data : config.cache) / "models";
  config.scratch = config.data / "scratch";
  config.database_url = "sqlite:" + (config.data / "kinora.db").string();
  config.llama_server = KINORA_LLAMA_SERVER_DEFAULT;
  config.registration = config.listens_on_loopback() ? accounts::Registration::open : accounts::Registration::invite;
  config.health_detail = config.listens_on_loopback();
}

/// Empty when it was not given.
std::string text_of(Reader& reader, std::string_view name) {
  const auto found = reader.find(std::span(&name, 1));
  return found ? found->text : std::string();
}

void choose_language_model(Reader& reader, Config& config) {
  const ProviderSettings given{.provider = config.ai_provider,
                               .openai_key = text_of(reader, "OPENAI_API_KEY"),
                               .gemini_key = text_of(reader, "GEMINI_API_KEY"),
                               .ollama_host = text_of(reader, "OLLAMA_HOST"),
                               .ollama_model = text_of(reader, "AI_MODEL"),
                               .url = config.llm_url,
                               .model = text_of(reader, "LLM_MODEL"),
                               .key = text_of(reader, "LLM_API_KEY")};
  auto remote = remote_model_of(given);
  if (!remote) return reader.report("AI_PROVIDER", "incomplete", std::move(remote.error().message));
  if (*remote) config.language_model = **std::move(remote);
  std::vector<std::string_view> unused;
  for (const auto name : provider_settings())
    if (!*remote && !text_of(reader, name).empty()) unused.push_back(name);
  if (!unused.empty())
    config.warnings.push_back(
        fmt::format("not used: {}; AI_PROVIDER is {}, all models run on this machine and no text leaves it",
                    fmt::join(unused, ", "), config.ai_provider));
}

void check_tls(const Config& config, Reader& reader) {
  if (config.tls_certificate.empty() != config.tls_key.empty())
    return reader.report("TLS_CERT", "incomplete", "TLS_CERT and TLS_KEY: give both, or none for plain HTTP");
  const auto check = [&](std::string name, const std::filesystem::path& file) {
    if (::access(file.c_str(), R_OK) != 0)
      reader.report(name, "unreadable", fmt::format("{}={}: this file cannot be read", name, file.string()));
  };
  if (!config.serves_tls()) return;
  check("TLS_CERT", config.tls_certificate);
  check("TLS_KEY", config.tls_key);
}

void allow_frontend(Config& config) {
  if (config.frontend_url.empty()) return;
  auto origin = origin_of(config.frontend_url);
  if (std::ranges::find(config.allowed_origins, origin) == config.allowed_origins.end())
    config.allowed_origins.push_back(std::move(origin));
}

/// KINORA_DATA, then the file in it: the one setting that the file cannot hold.
void open_file(Reader& reader, Config& config) {
  if (!reader.read(data_setting(), config) && config.data.empty())
    return reader.report("KINORA_DATA", "missing", "KINORA_DATA: there is no HOME to keep data in; give a folder");
  auto file = read_config_file(config.data / "kinora.toml");
  if (!file) return reader.report("kinora.toml", "unreadable", std::move(file.error().message));
  if (file->settings.contains("KINORA_DATA"))
    reader.report("KINORA_DATA", "misplaced", file->name + ": kinora_data is found before this file; set KINORA_DATA instead");
  check_names(*file, Strictness::every_name, reader);
  reader.add_source(*std::move(file));
}

bool is_loopback(const std::string& text) {
  boost::system::error_code problem;
  const auto address = boost::asio::ip::make_address(text, problem);
  return !problem && address.is_loopback();
}

}  // namespace

bool Config::listens_on_loopback() const { return is_loopback(listen_address); }

std::string Config::base_url_at(std::uint16_t actual_port) const {
  if (!public_url.empty()) return public_url;
  const bool everywhere = listen_address == "0.0.0.0" || listen_address == "::";
  const bool six = listen_address.find(':') != std::string::npos;
  const auto host = everywhere ? std::string("localhost") : six ? '[' + listen_address + ']' : listen_address;
  return fmt::format("{}://{}:{}", serves_tls() ? "https" : "http", host, actual_port);
}

Result<Config> load_config(const Variables& environment, const Variables& overrides) {
  Config config;
  Reader reader({{"command line", overrides}, {"environment", environment}});
  place_folders(environment, config);
  check_names(reader.sources()[1], Strictness::our_prefixes, reader);
  open_file(reader, config);

  for (const auto& setting : first_settings()) reader.read(setting, config);
  fill_dependent_defaults(config);
  for (const auto& setting : other_settings()) reader.read(setting, config);
  read_rate_limits(reader, config);

  check_tls(config, reader);
  choose_language_model(reader, config);
  allow_frontend(config);
  warn_of_unserved(reader, config);
  warn_of_short_secrets(config);
  if (!config.failpoints.empty())
    config.warnings.push_back("KINORA_FAILPOINTS is set: this server is made to fail; that is for tests alone");
  if (reader.has_problems()) return std::unexpected(std::move(reader).error());
  return config;
}

Variables process_environment() {
  Variables variables;
  for (char** entry = ::environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

}  // namespace kinora::app
