#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/names.hpp"

namespace kinora {

enum class Role : std::uint8_t { user, admin };
enum class Plan : std::uint8_t { free, premium };

enum class Scope : std::uint8_t { read, write, chat, edit, admin };

/// What a credential may be used for. A person's own sign-in holds all of them, an API key those it was made with.
struct Scopes {
  std::uint8_t bits = 0b11111;

  static Scopes none() { return {0}; }
  static Scopes only(Scope scope) { return {bit_of(scope)}; }
  bool has(Scope scope) const { return (bits & bit_of(scope)) != 0; }
  bool has_all_of(Scopes other) const { return (other.bits & ~bits) == 0; }
  void add(Scope scope) { bits = static_cast<std::uint8_t>(bits | bit_of(scope)); }
  friend bool operator==(Scopes, Scopes) = default;

 private:
  static std::uint8_t bit_of(Scope scope) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(scope)); }
};

/// A request that may come again under the same Idempotency-Key. What it makes is written down beside its first write
/// (Transaction::made), so that it is made once.
struct Repeatable {
  std::string key;           ///< the client's, unique among his
  std::string_view makes{};  ///< the prefix of the id by which the answer can be given again
  int status = 0;            ///< of the first answer
  std::string request_hash{};
};

/// Who asks: the first parameter of every module function, made by the gate (api/gate.cpp), for workers by the job queue.
struct Caller {
  enum class Kind : std::uint8_t { anonymous, person, system };

  Kind kind = Kind::anonymous;
  UserId user{};  ///< nil unless a person
  Role role = Role::user;
  Plan plan = Plan::free;
  Scopes scopes{};
  std::optional<SessionId> session{};  ///< the session behind a token or cookie
  std::optional<ApiKeyId> api_key{};   ///< the key, where one was sent instead
  std::string request_id{};
  /// Only where the request has a key. Shared, because the hash of a streamed body is known once its handler has read it.
  std::shared_ptr<Repeatable> repeatable{};
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();

  bool is_person() const { return kind == Kind::person; }
  bool is_admin() const { return kind == Kind::person && role == Role::admin && scopes.has(Scope::admin); }

  /// The server itself: start-up, jobs, cron.
  static Caller system(std::string request_id) {
    Caller caller;
    caller.kind = Kind::system;
    caller.request_id = std::move(request_id);
    return caller;
  }
};

}  // namespace kinora

template <>
struct kinora::Names<kinora::Scope> {
  using enum Scope;
  static constexpr auto table = std::to_array<std::pair<Scope, std::string_view>>(
      {{read, "read"}, {write, "write"}, {chat, "chat"}, {edit, "edit"}, {admin, "admin"}});
};
