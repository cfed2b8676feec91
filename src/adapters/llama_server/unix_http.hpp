#pragma once

#include <filesystem>
#include <string>

#include "base/task.hpp"

namespace kinora {

struct UnixHttpReply {
  int status = 0;
  std::string body{};
};

/// One request to a server of ours on a UNIX socket, on a connection of its own. An empty body asks with GET, another with POST
/// as JSON. Errors: unavailable (nobody listens, it hung up, or speaks no HTTP), too_large (over `reply_bytes_max`),
/// cancelled; bound it with within().
Task<Result<UnixHttpReply>> ask_over_unix(std::filesystem::path socket, std::string target, std::string body,
                                          std::size_t reply_bytes_max);

/// The whole of what a server sent before it closed, taken apart.
Result<UnixHttpReply> parse_http_reply(std::string_view bytes);

}  // namespace kinora
