#include "modules/accounts/passwords.hpp"

#include <sodium.h>

#include <array>

namespace kinora::accounts {

namespace {

constexpr unsigned long long passes = 2;
constexpr std::size_t memory_bytes = 19 * 1024 * 1024;

}  // namespace

Result<std::string> hash_password(std::string password) {
  std::array<char, crypto_pwhash_argon2id_STRBYTES> hash{};
  if (crypto_pwhash_argon2id_str(hash.data(), password.data(), password.size(), passes, memory_bytes) != 0)
    return fail(ErrorKind::unavailable, "not enough memory to hash a password; try again");
  return std::string(hash.data());
}

bool is_password(std::string hash, std::string password) {
  return crypto_pwhash_argon2id_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

const std::string& nobodys_hash() {
  static const std::string hash = hash_password(std::string(32, '\0')).value_or(std::string());
  return hash;
}

}  // namespace kinora::accounts
