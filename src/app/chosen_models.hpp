#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "api/shared/system_facts.hpp"
#include "app/config.hpp"

/// Which models this version works with, by the names of their files; kinora.lock.json has their hashes.
namespace kinora::app {

inline constexpr std::string_view hearing_model = "ggml-base.bin";
inline constexpr std::string_view voice_detector = "ggml-silero-v6.2.0.bin";
inline constexpr std::string_view model_of_many_languages = "multilingual-e5-small-q4_0.gguf";
inline constexpr std::string_view model_of_english = "all-minilm-l6-v2-q8_0.gguf";
inline constexpr std::string_view writing_model = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf";

/// A model's place, and the hash it was installed with: part of what a transcript says of its origin.
struct Model {
  std::filesystem::path file;
  std::string sha256;
};
Model model_named(const Config& config, std::string_view name);

/// What a server with these settings can do, by the files that are here now.
api::SystemFacts system_facts(const Config& config);

}  // namespace kinora::app
