#pragma once

#include <string_view>

#include "base/result.hpp"

struct sqlite3;

namespace kinora {

/// The last error of a connection as its callers need to know it. `sql` is named only where the statement itself is at fault.
Error sqlite_error(sqlite3* connection, std::string_view sql);

}  // namespace kinora
