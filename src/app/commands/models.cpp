#include "app/commands/models.hpp"

#include <fmt/core.h>

#include "app/command_line.hpp"
#include "app/commands/model_files.hpp"
#include "app/commands/registry_tools.hpp"

namespace kinora::app {

namespace {

using Look = FileState (*)(const ModelFile&, const std::filesystem::path& folder);

std::string_view word_of(FileState state, std::string_view present) {
  switch (state) {
    case FileState::present: return present;
    case FileState::missing: return "missing";
    case FileState::different: return "damaged";
  }
  return {};
}

double mebibytes(const ModelFile& model) { return static_cast<double>(model.size_bytes) / (1 << 20); }

std::string_view option_of(const ModelFile& model, FileState state) {
  if (model.group == "models") return {};
  return state == FileState::missing ? " (optional; kinora models fetch llm brings it)" : " (optional)";
}

/// Prints one line per model; yields how many are not as they must be.
Result<int> show(const Config& config, Look look, std::string_view present) {
  const auto models = locked_models();
  if (!models) return std::unexpected(models.error());
  fmt::print("Models in {}\n\n", config.models.string());
  int wrong = 0;
  for (const auto& model : *models) {
    const auto state = look(model, config.models);
    const bool optional = model.group != "models";
    if (state == FileState::different || (state == FileState::missing && !optional)) ++wrong;
    fmt::print("  {:<40} {:>7.1f} MiB  {:<8} {}{}\n", model.name, mebibytes(model), word_of(state, present), model.role,
               option_of(model, state));
    std::fflush(stdout);
  }
  return wrong;
}

int finish(const Result<int>& wrong) {
  if (!wrong) return report(wrong.error());
  if (*wrong == 0) return exit_success;
  fmt::print("\nmake setup, in kinora's sources, brings and mends them; KINORA_MODELS names another folder.\n");
  return exit_failure;
}

}  // namespace

int list_models(const Config& config) {
  const auto wrong = show(config, glance_at, "here");
  finish(wrong);
  return wrong ? exit_success : exit_failure;
}

int fetch_language_model(const Config& config) {
  if (config.models != config.cache / "models")
    return report(
        {ErrorKind::conflict, fmt::format("KINORA_MODELS is {}, but models are made in {}. Leave it out, fetch, then copy "
                                          "the file over.",
                                          config.models.string(), (config.cache / "models").string())});
  fmt::print(
      "Qwen2.5-Coder-1.5B-Instruct, 4 bit (Apache-2.0, by the Qwen team), in 22 packages: 1.1 GB to fetch, and twice that "
      "on disk\nuntil {} is emptied. Every byte is checked against kinora's lock.\n\n",
      (config.cache / "archives").string());
  std::fflush(stdout);
  const auto tools = RegistryTools::unpack();
  if (!tools) return report(tools.error());
  const auto code = tools->run({"make_models.py", "llm"}, config.cache);
  if (!code) return report(code.error());
  if (*code == 0) fmt::print("The language model is here. A server that runs sees it at its next start.\n");
  return *code == 0 ? exit_success : exit_failure;
}

int verify_models(const Config& config) { return finish(show(config, verify, "verified")); }

}  // namespace kinora::app
