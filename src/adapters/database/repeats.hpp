#pragma once

#include <optional>
#include <string>

#include "ports/database.hpp"

/// The port's table of requests that may come again, for every adapter. Each function is a transaction body or runs inside one.
namespace kinora {

/// Transaction::made(): nothing to do unless the request is answered with such a thing.
Task<Result<void>> keep_made(Transaction tx, Caller caller, std::string kind, Uuid id);
Task<Result<std::optional<Made>>> find_made(Transaction tx, UserId user, std::string key);
Task<Result<std::int64_t>> remove_expired_made(Transaction tx, std::int64_t limit);

}  // namespace kinora
