#include "app/providers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kinora::app {

namespace {

/// A provider, as its own documents say where it is.
struct Provider {
  std::string_view name;
  std::string_view url;  ///< of chat completions, without that word
  std::string_view key_setting;
};
constexpr auto providers = std::to_array<Provider>({
    {"openai", "https://api.openai.com/v1", "OPENAI_API_KEY"},
    {"google", "https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY"},
    {"ollama", "http://127.0.0.1:11434/v1", ""},
});

// The document that names Ollama names this model too; for the others there is none that would be anybody's choice.
constexpr std::string_view ollama_default_model = "llama3.1:8b";

std::string key_of(const Provider& provider, const ProviderSettings& given) {
  if (!given.key.empty()) return given.key;
  if (provider.name == "openai") return given.openai_key;
  if (provider.name == "google") return given.gemini_key;
  return {};
}

/// OLLAMA_HOST is `host`, `host:port` or a URL.
std::string ollama_url(std::string host) {
  if (!host.contains("://")) host = "http://" + host;
  const bool has_port = host.find(':', host.find("://") + 3) != std::string::npos;
  return host + (has_port ? "/v1" : ":11434/v1");
}

std::string url_of(const Provider& provider, const ProviderSettings& given) {
  if (!given.url.empty()) return given.url;
  if (provider.name == "ollama" && !given.ollama_host.empty()) return ollama_url(given.ollama_host);
  return std::string(provider.url);
}

std::string model_of(const Provider& provider, const ProviderSettings& given) {
  if (!given.model.empty() || provider.name != "ollama") return given.model;
  return given.ollama_model.empty() ? std::string(ollama_default_model) : given.ollama_model;
}

/// The first that something was given for.
const Provider* found_by_itself(const ProviderSettings& given) {
  for (const auto& provider : providers) {
    const bool is_given = provider.name == "ollama" ? !given.ollama_host.empty() : !key_of(provider, given).empty();
    if (is_given) return &provider;
  }
  return nullptr;
}

const Provider* chosen(const ProviderSettings& given) {
  if (given.provider == "auto") return found_by_itself(given);
  const auto* found = std::ranges::find(providers, given.provider, &Provider::name);
  return found == providers.end() ? nullptr : found;
}

}  // namespace

Result<std::optional<RemoteModel>> remote_model_of(const ProviderSettings& given) {
  const auto* provider = chosen(given);
  if (provider == nullptr) return std::optional<RemoteModel>();
  RemoteModel model{std::string(provider->name), url_of(*provider, given), model_of(*provider, given),
                    key_of(*provider, given)};
  if (model.model.empty())
    return fail(ErrorKind::invalid,
                fmt::format("LLM_MODEL: AI_PROVIDER={} needs the name of its model, and there is no default", given.provider));
  const bool needs_key = !provider->key_setting.empty() && given.url.empty();
  if (needs_key && model.key.empty())
    return fail(ErrorKind::invalid, fmt::format("{}: AI_PROVIDER={} needs a key", provider->key_setting, given.provider));
  return std::optional(std::move(model));
}

std::string where_text_goes(const RemoteModel& language_model) {
  if (language_model.url.empty()) return "All models run on this machine; no text leaves it.";
  return fmt::format(
      "Summaries, titles and answers: what is said in videos goes to {} ({}, model {}).\n"
      "Speech to text and search: this machine.",
      language_model.url, language_model.provider, language_model.model);
}

}  // namespace kinora::app
