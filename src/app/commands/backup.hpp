#pragma once

#include <string>

#include "app/config.hpp"

namespace kinora::app {

/// `kinora backup FOLDER`: brings the copy in that folder up to date, also beside a server that runs.
int make_backup(const Config& config, const std::string& folder);

/// `kinora restore FOLDER`: makes the data directory of such a copy. Refuses where there is a database already.
int restore_backup(const Config& config, const std::string& folder);

}  // namespace kinora::app
