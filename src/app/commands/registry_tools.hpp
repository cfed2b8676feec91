#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace kinora::app {

/// The tools that bring archives through the registries' own clients and make model files of them, as set-up runs them: they
/// are part of the program, so that it can bring a model without its sources.
class RegistryTools {
 public:
  /// Puts them into a folder of their own; gone with this object. Errors: unavailable.
  static Result<RegistryTools> unpack();
  RegistryTools(RegistryTools&& other) noexcept : folder_(std::exchange(other.folder_, {})) {}
  RegistryTools& operator=(RegistryTools&&) = delete;
  ~RegistryTools();

  /// Runs one, such as {"make_models.py", "llm"}, with the terminal; what it brings goes to `cache`. Yields its exit code; what
  /// was wrong it has told. Errors: unavailable (no python3).
  Result<int> run(std::vector<std::string> words, const std::filesystem::path& cache) const;

 private:
  explicit RegistryTools(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path folder_;
};

}  // namespace kinora::app
