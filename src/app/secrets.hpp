#pragma once

#include <string>

#include "app/config.hpp"
#include "app/data_directory.hpp"
#include "ports/random.hpp"

namespace kinora::app {

/// What signs and hashes tokens and links.
struct Secrets {
  std::string access;
  std::string refresh;
  std::string session;
  std::string grants;
  std::string cursors;
};

/// Those that were set, and for the others what the data directory keeps, made when there is none yet. Errors: the directory's.
Result<Secrets> read_secrets(const Config& config, const DataDirectory& directory, Random& random);

}  // namespace kinora::app
