#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/caller.hpp"
#include "base/log.hpp"
#include "http/head.hpp"
#include "http/route.hpp"

namespace kinora::http {

/// One answered request, as the log tells it.
struct Answered {
  const Head& head;
  const RouteSpec* route = nullptr;  ///< null: no route matched
  int status = 0;
  std::uint64_t sent_bytes = 0;  ///< of the body
  std::chrono::steady_clock::duration time{};
  UserId user{};  ///< nil: nobody signed in
};

/// The route's template, which holds no names, tokens or queries; media paths with their grant left out; `-` without a route.
std::string logged_path(const RouteSpec* route, std::string_view path);

void log_answer(Log& log, const Answered& answered);

}  // namespace kinora::http
