#include "app/chosen_models.hpp"

#include <algorithm>

#include "app/commands/model_files.hpp"

namespace kinora::app {

namespace {

api::ModelFact local_model(const Config& config, std::string use, std::string_view name) {
  std::error_code code;
  return {std::move(use), std::string(name), "local", std::filesystem::exists(config.models / name, code)};
}

api::ModelFact writer(const Config& config) {
  if (const auto& remote = config.language_model; !remote.url.empty()) return {"write", remote.model, "remote", true};
  auto model = local_model(config, "write", writing_model);
  model.is_here &= config.ai_provider != "none";
  return model;
}

}  // namespace

Model model_named(const Config& config, std::string_view name) {
  Model model{config.models / name, {}};
  const auto locked = locked_models();
  if (!locked) return model;
  const auto found = std::ranges::find(*locked, name, &ModelFile::name);
  if (found != locked->end()) model.sha256 = found->sha256;
  return model;
}

api::SystemFacts system_facts(const Config& config) {
  return {.role = "all",
          .registration = std::string(name_of(config.registration)),
          .models = {local_model(config, "transcribe", hearing_model), local_model(config, "search", model_of_many_languages),
                     local_model(config, "search_english", model_of_english), writer(config)}};
}

}  // namespace kinora::app
