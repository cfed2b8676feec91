#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "adapters/llama_server/unix_http.hpp"
#include "children/long_child.hpp"

namespace kinora {

struct LlamaServerSettings {
  std::string called;                    ///< for logs and errors: embedding server
  std::filesystem::path program;         ///< llama-server
  std::filesystem::path model;           ///< GGUF
  std::filesystem::path folder;          ///< private, made when absent; shared by servers of different sockets
  std::string socket;                    ///< a name in `folder`; the whole path stays under 108 bytes
  std::vector<std::string> arguments{};  ///< beyond those that every one of ours has
  ChildLimits limits{};
  std::chrono::steady_clock::duration idle_limit = std::chrono::minutes(5);
};

/// One llama-server with one model, jailed, on a UNIX socket: started when it is used, stopped when idle, rested after a crash.
/// It works on one thing at a time, on one thread. Any thread.
class LlamaServer {
 public:
  /// Launcher and log outlive it.
  LlamaServer(LlamaServerSettings settings, Launcher& launcher, Log& log);

  /// Runs the program whenever it is wanted, until its fiber is stopped.
  Task<void> serve() { return child_.serve(); }

  /// Waits until it answers. Errors: unavailable, cancelled, timeout.
  Task<Result<LongChild::Use>> use() { return child_.use(); }

  /// One request, while it is in use; see ask_over_unix.
  Task<Result<UnixHttpReply>> ask(std::string target, std::string body, std::size_t reply_bytes_max) {
    return ask_over_unix(socket(), std::move(target), std::move(body), reply_bytes_max);
  }

 private:
  LongChildSettings child();
  ChildSpec order() const;
  Task<Result<void>> is_ready();
  std::filesystem::path socket() const { return settings_.folder / settings_.socket; }

  LlamaServerSettings settings_;
  LongChild child_;
};

}  // namespace kinora
