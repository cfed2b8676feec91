#include "app/commands/doctor.hpp"

#include <fmt/core.h>
#include <stdlib.h>

#include <algorithm>
#include <csignal>

#include "adapters/media_tool/open.hpp"
#include "app/command_line.hpp"
#include "app/doctor/machine.hpp"
#include "app/doctor/programs.hpp"
#include "app/doctor/weights.hpp"
#include "app/run_to_end.hpp"

namespace kinora::app {

namespace {

using doctor::Finding;

/// Where the examined programs run; gone afterwards.
class Scratch {
 public:
  Scratch() : name_((std::filesystem::temp_directory_path() / "kinora-doctor-XXXXXX").string()) {
    made_ = ::mkdtemp(name_.data()) != nullptr;
  }
  Scratch(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    if (made_) std::filesystem::remove_all(name_, ignored);
  }
  std::filesystem::path path() const { return name_; }

 private:
  std::string name_;
  bool made_ = false;
};

std::string_view mark_of(Finding::State state) {
  switch (state) {
    case Finding::State::works: return "ok";
    case Finding::State::reduced: return "off";
    case Finding::State::fails: return "FAIL";
  }
  return {};
}

void show(const Finding& finding) {
  fmt::print("  {:<5} {:<13} {}\n", mark_of(finding.state), finding.part, finding.seen);
  if (!finding.without.empty()) fmt::print("{:20} Effect: {}.\n", "", finding.without);
  if (!finding.fix.empty()) fmt::print("{:20} Fix: {}.\n", "", finding.fix);
  std::fflush(stdout);
}

Task<Result<std::vector<Finding>>> examine_programs(Launcher& launcher, Config config, std::filesystem::path scratch) {
  std::vector<Finding> findings;
  findings.push_back(co_await doctor::examine_jail(launcher, config.sandbox, scratch));
  if (findings.back().state == Finding::State::fails) co_return findings;  // the others would say the same again
  findings.push_back(co_await doctor::examine_ffmpeg(launcher, MediaToolSettings{}.ffmpeg, scratch));
  findings.push_back(co_await doctor::examine_llama_server(launcher, config.llama_server, scratch));
  co_return findings;
}

std::vector<Finding> examine(const Config& config) {
  std::vector<Finding> findings = {doctor::examine_processor(), doctor::examine_memory(), doctor::examine_disk(config),
                                   doctor::examine_port(config), doctor::examine_reach(config)};
  const Scratch scratch;
  Launcher launcher({.sandbox = config.sandbox});
  auto programs = run_to_end(examine_programs(launcher, config, scratch.path()));
  if (programs) std::ranges::move(*programs, std::back_inserter(findings));
  std::ranges::move(doctor::examine_weights(config), std::back_inserter(findings));
  return findings;
}

std::string_view verdict_on(Finding::State worst) {
  switch (worst) {
    case Finding::State::works: return "All is well: kinora serve";
    case Finding::State::reduced: return "kinora works here, without what is off above.";
    case Finding::State::fails: return "Mend what fails above before kinora serve.";
  }
  return {};
}

}  // namespace

int run_doctor(const Config& config) {
  std::signal(SIGPIPE, SIG_IGN);  // a child may end before it has read its input
  const auto findings = examine(config);
  for (const auto& finding : findings) show(finding);
  for (const auto& warning : config.warnings) fmt::print("  note  {}\n", warning);
  const auto worst = std::ranges::max_element(findings, {}, &Finding::state)->state;
  fmt::print("\n{}\n", verdict_on(worst));
  return worst == Finding::State::fails ? exit_failure : exit_success;
}

}  // namespace kinora::app
