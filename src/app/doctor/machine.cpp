#include "app/doctor/machine.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fstream>

#include "app/data_directory.hpp"

namespace kinora::app::doctor {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using State = Finding::State;

// Whisper base, its working memory, one FFmpeg encode and the embedder side by side.
constexpr std::uint64_t memory_wanted_bytes = 2ULL << 30;

/// What this container may have, else what the machine has.
std::uint64_t memory_bytes() {
  const auto machine =
      static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  std::uint64_t allowed = 0;
  std::ifstream("/sys/fs/cgroup/memory.max") >> allowed;  // stays 0 for "max" and where there is no such file
  return allowed == 0 ? machine : std::min(machine, allowed);
}

bool has_vector_instructions() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0 && __builtin_cpu_supports("f16c") != 0;
#else
  return true;
#endif
}

std::filesystem::path nearest_existing(std::filesystem::path folder) {
  std::error_code problem;
  while (!std::filesystem::exists(folder, problem) && folder.has_relative_path()) folder = folder.parent_path();
  return folder;
}

std::string gibibytes(std::uint64_t bytes) { return fmt::format("{:.1f} GiB", static_cast<double>(bytes) / (1ULL << 30)); }

boost::system::error_code try_to_listen(const Config& config) {
  asio::io_context io;
  tcp::acceptor acceptor(io);
  const tcp::endpoint endpoint(asio::ip::make_address(config.listen_address), config.port);
  boost::system::error_code problem;
  static_cast<void>(acceptor.open(endpoint.protocol(), problem));
  if (!problem) static_cast<void>(acceptor.set_option(tcp::acceptor::reuse_address(true), problem));
  if (!problem) static_cast<void>(acceptor.bind(endpoint, problem));
  return problem;
}

}  // namespace

Finding examine_processor() {
  if (has_vector_instructions()) return {State::works, "processor", fmt::format("{} cores", ::sysconf(_SC_NPROCESSORS_ONLN))};
  return {State::reduced, "processor", "no AVX2, FMA or F16C", "speech is not turned into text",
          "use a machine from 2014 or later; a virtual one must pass these on"};
}

Finding examine_memory() {
  const auto bytes = memory_bytes();
  if (bytes >= memory_wanted_bytes) return {State::works, "memory", gibibytes(bytes)};
  return {State::reduced, "memory", gibibytes(bytes), "large videos and long speech may fail",
          "give this machine or container " + gibibytes(memory_wanted_bytes)};
}

Finding examine_disk(const Config& config) {
  const auto folder = nearest_existing(config.data);
  if (::access(folder.c_str(), W_OK) != 0)
    return {State::fails, "data", folder.string() + " cannot be written", "the server does not start",
            "let this user write there, or name another folder by KINORA_DATA"};
  std::error_code problem;
  const auto space = std::filesystem::space(folder, problem);
  const auto seen = fmt::format("{}, {} free", config.data.string(), gibibytes(problem ? 0 : space.available));
  if (!problem && space.available >= config.free_disk_bytes_min) return {State::works, "data", seen};
  return {State::fails, "data", seen, "no video is taken in",
          fmt::format("free some space, or lower MIN_FREE_DISK (now {})", gibibytes(config.free_disk_bytes_min))};
}

Finding examine_port(const Config& config) {
  if (is_in_use(config.data))
    return {State::works, "port", "a server runs at " + announced_url(config.data).value_or(config.base_url())};
  const auto problem = try_to_listen(config);
  const auto place = fmt::format("{} port {}", config.listen_address, config.port);
  if (!problem) return {State::works, "port", place + " is free"};
  return {State::fails, "port", fmt::format("{}: {}", place, problem.message()), "the server does not start",
          "stop what listens there, or choose by PORT and KINORA_LISTEN"};
}

Finding examine_reach(const Config& config) {
  if (config.listens_on_loopback()) return {State::works, "reach", "this machine only (KINORA_LISTEN)"};
  const bool safe = config.serves_tls() || config.public_url.starts_with("https://");
  if (safe || config.allow_plain_http) return {State::works, "reach", "every machine, at " + config.base_url()};
  return {State::reduced, "reach", "every machine, without TLS",
          "what is typed and shown travels in the clear, and sign-in by cookie is refused",
          "set TLS_CERT and TLS_KEY, or PUBLIC_URL behind a TLS proxy; ALLOW_PLAIN_HTTP=on for a trial"};
}

}  // namespace kinora::app::doctor
