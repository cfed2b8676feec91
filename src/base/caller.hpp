#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.hpp"

namespace kinora {

enum class Role : std::uint8_t { user, admin };
enum class Plan : std::uint8_t { free, premium };

/// What an API key may do; sessions and tokens of a person hold all of a person's.
struct Scopes {
  bool read = true;
  bool write = true;
  bool chat = true;
  bool edit = true;
  bool admin = true;
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
  std::string request_id{};
  std::optional<std::string> idempotency_key{};
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();

  bool is_person() const { return kind == Kind::person; }
  bool is_admin() const { return kind == Kind::person && role == Role::admin; }

  /// The server itself: start-up, jobs, cron.
  static Caller system(std::string request_id) {
    Caller caller;
    caller.kind = Kind::system;
    caller.request_id = std::move(request_id);
    return caller;
  }
};

}  // namespace kinora
