#pragma once

#include <string>

#include "base/result.hpp"

namespace kinora::accounts {

/// Argon2id (RFC 9106) with t=2, m=19 MiB, as OWASP asks; the string carries its parameters. Takes tens of milliseconds and
/// 19 MiB: call on a pool.
Result<std::string> hash_password(std::string password);
bool is_password(std::string hash, std::string password);

/// A hash that no password has, with the usual cost: checked when there is no account, so both answers take the same time.
const std::string& nobodys_hash();

}  // namespace kinora::accounts
