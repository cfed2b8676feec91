#include "app/readings.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <utility>

namespace kinora::app {

namespace {

double seconds_of(const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; }

/// Of this process, without its children.
double cpu_seconds_now() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
}

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double whole_pages = 0;
  double resident_pages = 0;
  file >> whole_pages >> resident_pages;
  return resident_pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double open_descriptors() {
  std::error_code code;
  const std::filesystem::directory_iterator all("/proc/self/fd", code);
  return code ? 0 : static_cast<double>(std::distance(begin(all), end(all)));
}

}  // namespace

Readings::Readings(Metrics& metrics, jobs::Queue& queue, std::filesystem::path data)
    : metrics_(metrics), queue_(queue), data_(std::move(data)) {
  metrics_.gauge("kinora_build_info", "Always 1; its labels tell.", {{"version", KINORA_VERSION}}).set(1);
}

Task<Result<void>> Readings::look(Caller caller) {
  const auto loads = co_await ok(queue_.load(std::move(caller)));
  look_at_process();
  look_at_disk();
  show(loads);
  co_return {};
}

void Readings::look_at_process() {
  metrics_.gauge("process_resident_memory_bytes", "Memory of the server, without its children.", {}).set(resident_bytes());
  metrics_.gauge("process_open_fds", "Open files and sockets.", {}).set(open_descriptors());
  auto& cpu = metrics_.counter("process_cpu_seconds_total", "Processor time of the server, without its children.", {});
  cpu_seconds_.with([&](double& before) {
    const double now = cpu_seconds_now();
    cpu.add(std::max(0.0, now - std::exchange(before, now)));
  });
}

void Readings::look_at_disk() {
  std::error_code code;
  const auto space = std::filesystem::space(data_, code);
  if (!code)
    metrics_.gauge("kinora_disk_free_bytes", "Room where the data directory lies.", {})
        .set(static_cast<double>(space.available));
}

/// What nobody waits for is zero, and not absent.
void Readings::show(const std::vector<jobs::Load>& loads) {
  using enum jobs::State;
  std::map<std::pair<jobs::Lane, jobs::State>, std::int64_t> counts;
  for (const auto& [lane, ignored] : Names<jobs::Lane>::table)
    for (const auto state : {queued, running, retry_wait, snoozed}) counts[{lane, state}] = 0;
  for (const auto& load : loads) counts[{load.lane, load.state}] = load.jobs;
  for (const auto& [of, jobs] : counts)
    metrics_
        .gauge("kinora_jobs", "Live jobs.",
               {{"lane", std::string(name_of(of.first))}, {"state", std::string(name_of(of.second))}})
        .set(static_cast<double>(jobs));
}

}  // namespace kinora::app
