#pragma once

#include "ports/database.hpp"

namespace kinora {

namespace detail {

inline Task<Result<void>> change_nothing(Transaction) { co_return {}; }

}  // namespace detail

/// Whether rows can be written now: a transaction of nothing waits its turn behind the others, and finds a writer that refuses.
/// Errors: unavailable.
inline Task<Result<void>> can_write(Database& database, Caller caller) {
  return database.transact(std::move(caller), detail::change_nothing);
}

}  // namespace kinora
