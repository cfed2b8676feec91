#include "adapters/llama_server/llama_server.hpp"

#include <system_error>

namespace kinora {

namespace {

constexpr std::size_t health_bytes_max = 64 << 10;

// One thread, one slot: ggml's threads spin while they wait for each other, and requests side by side only make each other
// slow.
std::vector<std::string> arguments(const LlamaServerSettings& settings) {
  std::vector<std::string> all{"-m", settings.model.string(), "--host", settings.socket, "-np", "1", "-t", "1", "-tb", "1"};
  all.insert(all.end(), {"--threads-http", "2", "--no-ui", "--no-slots", "--offline", "--log-verbosity", "1"});
  all.insert(all.end(), settings.arguments.begin(), settings.arguments.end());
  return all;
}

}  // namespace

LlamaServer::LlamaServer(LlamaServerSettings settings, Launcher& launcher, Log& log)
    : settings_(std::move(settings)), child_(launcher, log, child()) {}

LongChildSettings LlamaServer::child() {
  LongChildSettings child;
  child.name = settings_.called;
  child.spec = [this] { return order(); };
  child.ready = [this] { return is_ready(); };
  child.idle_limit = settings_.idle_limit;
  return child;
}

ChildSpec LlamaServer::order() const {
  std::error_code ignored;  // what is wrong with the folder, the child's start tells
  std::filesystem::create_directories(settings_.folder, ignored);
  std::filesystem::remove(socket(), ignored);
  ChildSpec spec;
  spec.program = settings_.program;
  spec.arguments = arguments(settings_);
  spec.profile = ProfileName::model;
  spec.readable = {settings_.model};
  spec.scratch = settings_.folder;
  spec.limits = settings_.limits;
  return spec;
}

Task<Result<void>> LlamaServer::is_ready() {
  const auto reply = co_await ok(ask("/health", "", health_bytes_max));
  if (reply.status != 200) co_return fail(ErrorKind::unavailable, settings_.called + " is loading its model");
  co_return {};
}

}  // namespace kinora
