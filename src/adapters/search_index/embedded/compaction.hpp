#pragma once

#include "adapters/search_index/embedded/files.hpp"

namespace kinora::search_file {

/// Moves the slots that are alive into a new generation of a vector file of which most is dead: a new file beside the old, then
/// one transaction that points every video at it. Runs under the writer, after its own transaction.
Result<void> compact_if_due(Connection& connection, Files& files);

}  // namespace kinora::search_file
