#include "adapters/embedder/llama/model_file.hpp"

#include <system_error>

namespace kinora::embedding {

namespace {

constexpr std::size_t hash_shown = 12;

Result<void> require(const std::filesystem::path& file, std::string_view what) {
  std::error_code failed;
  if (std::filesystem::is_regular_file(file, failed)) return {};
  return fail(ErrorKind::unavailable,
              "search by meaning is off: " + std::string(what) + " is not installed. Bring it with `make setup`.", "no_model");
}

}  // namespace

std::string model_name(const EmbedderSettings& settings) {
  auto name = settings.model.stem().string();
  if (settings.model_sha256.empty()) return name;
  return name + '@' + settings.model_sha256.substr(0, hash_shown);
}

Result<void> require_installed(const EmbedderSettings& settings) {
  auto program = require(settings.program, "llama-server");
  return program ? require(settings.model, settings.model.filename().string()) : program;
}

}  // namespace kinora::embedding
