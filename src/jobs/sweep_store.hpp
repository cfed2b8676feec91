#pragma once

#include "ports/database.hpp"

/// What removes the rows of this layer that have had their time. Every function is a transaction body.
namespace kinora::jobs {

/// At most `limit` rows of each table; yields the largest number removed from one.
Task<Result<std::int64_t>> remove_old(Transaction tx, std::int64_t limit);

}  // namespace kinora::jobs
