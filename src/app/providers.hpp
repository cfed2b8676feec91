#pragma once

#include <optional>
#include <string>

#include "app/config.hpp"

namespace kinora::app {

/// AI_PROVIDER and what goes with it, as given.
struct ProviderSettings {
  std::string provider = "local";  ///< none, local, auto, openai, google or ollama
  std::string openai_key{};
  std::string gemini_key{};
  std::string ollama_host{};
  std::string ollama_model{};
  std::string url{};    ///< LLM_URL: instead of the provider's own
  std::string model{};  ///< LLM_MODEL
  std::string key{};    ///< LLM_API_KEY: instead of the provider's
};

/// Where texts go for summaries, titles and answers; nothing when they stay here. Errors: invalid, with the setting that is
/// missing.
Result<std::optional<RemoteModel>> remote_model_of(const ProviderSettings& given);

/// For start-up: what goes where, by role.
std::string where_text_goes(const RemoteModel& language_model);

}  // namespace kinora::app
