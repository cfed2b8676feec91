#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace kinora::app {

/// A file of weights that this version was built for, as kinora.lock.json says.
struct ModelFile {
  std::string name;   ///< ggml-base.bin
  std::string group;  ///< models: fetched by set-up; llm: by choice
  std::string role;   ///< for people: embeddings
  std::string licence;
  std::uint64_t size_bytes = 0;
  std::string sha256;  ///< lower-case hex
};

/// In the lock's order by name. Errors: internal (the embedded lock is no lock).
Result<std::vector<ModelFile>> locked_models();

enum class FileState : std::uint8_t { present, missing, different };

/// A glance: presence and size.
FileState glance_at(const ModelFile& model, const std::filesystem::path& folder);
/// Reads the whole file and compares its SHA-256. Blocks: about a second for a gigabyte.
FileState verify(const ModelFile& model, const std::filesystem::path& folder);

}  // namespace kinora::app
