#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "base/log.hpp"
#include "children/launcher.hpp"
#include "ports/language_model.hpp"

namespace kinora {

/// A language model with something behind it that runs.
class ServedLanguageModel : public LanguageModel {
 public:
  /// Runs what it needs, until its fiber is stopped: spawn it in the group of whoever owns the model.
  virtual Task<void> serve() = 0;
};

struct LocalModelSettings {
  std::filesystem::path program;  ///< llama-server
  std::filesystem::path model;    ///< an instruct model as GGUF
  std::filesystem::path folder;   ///< the server's private folder, made when absent
  std::string model_sha256{};     ///< as verified when it was installed; part of model()
  std::chrono::steady_clock::duration idle_limit = std::chrono::minutes(5);
};

/// llama-server with an instruct model, jailed, on a UNIX socket, started at the first order and stopped when idle; one order
/// at a time, a person's first. When program or model are not there now, it is no model: place() says so. Launcher and log
/// outlive it.
std::unique_ptr<ServedLanguageModel> open_local_language_model(LocalModelSettings settings, Launcher& launcher, Log& log);

struct RemoteModelSettings {
  std::string url;  ///< https://api.example.org/v1
  std::string model;
  std::string key{};  ///< in no log and no error; may be empty
};

/// A service that speaks OpenAI's chat completions.
std::unique_ptr<ServedLanguageModel> open_remote_language_model(RemoteModelSettings settings);

}  // namespace kinora
