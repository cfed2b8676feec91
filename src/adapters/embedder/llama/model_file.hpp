#pragma once

#include <string>

#include "adapters/embedder/open.hpp"

namespace kinora::embedding {

/// What a model is called where vectors are kept: its file's name, and as much of its hash as tells two files apart.
std::string model_name(const EmbedderSettings& settings);

/// Errors: unavailable (code `no_model`) when program or model is missing.
Result<void> require_installed(const EmbedderSettings& settings);

}  // namespace kinora::embedding
