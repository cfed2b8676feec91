#include "app/doctor/weights.hpp"

#include <algorithm>
#include <array>

#include "app/commands/model_files.hpp"

namespace kinora::app::doctor {

namespace {

struct Use {
  std::string_view file;
  std::string_view without;
};

constexpr auto uses = std::to_array<Use>({
    {"ggml-base.bin", "speech is not turned into text"},
    {"ggml-silero-v6.2.0.bin", "speech is not turned into text"},
    {"multilingual-e5-small-q4_0.gguf", "no search by meaning; search by words works"},
    {"all-minilm-l6-v2-q8_0.gguf", "English questions find and are refused less surely; everything works"},
    {"qwen2.5-coder-1.5b-instruct-q4_k_m.gguf", "summaries, titles and answers are quotes, which is enough for most"},
});

Finding finding_of(const ModelFile& model, const Use& use, const Config& config) {
  const auto state = verify(model, config.models);
  if (state == FileState::present) return {Finding::State::works, "model", model.name + ", verified"};
  const auto seen = (config.models / model.name).string() + (state == FileState::missing ? " is missing" : " is damaged");
  const auto* bring = model.group == "llm" ? "run kinora models fetch llm (1.1 GB)" : "run make setup in kinora's sources";
  return {Finding::State::reduced, "model", seen, std::string(use.without),
          std::string(bring) + ", or name a folder by KINORA_MODELS"};
}

}  // namespace

std::vector<Finding> examine_weights(const Config& config) {
  const auto models = locked_models();
  if (!models) return {{Finding::State::reduced, "model", models.error().message, "no model is known", "build kinora again"}};
  std::vector<Finding> findings;
  for (const auto& model : *models) {
    const auto use = std::ranges::find(uses, model.name, &Use::file);
    if (use != uses.end()) findings.push_back(finding_of(model, *use, config));
  }
  return findings;
}

}  // namespace kinora::app::doctor
