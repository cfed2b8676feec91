#include "app/commands/check.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "adapters/blob_store/open.hpp"
#include "adapters/clock/system_clock.hpp"
#include "adapters/database/open.hpp"
#include "adapters/log/json_lines.hpp"
#include "adapters/random/system_random.hpp"
#include "adapters/search_index/open.hpp"
#include "app/command_line.hpp"
#include "app/data_directory.hpp"
#include "app/handlers.hpp"
#include "app/run_to_end.hpp"
#include "children/left_behind.hpp"
#include "jobs/audit.hpp"
#include "modules/pipeline/pipeline.hpp"
#include "modules/search/search.hpp"

namespace kinora::app {

namespace {

/// What the examination needs of the product. It holds the lock, so that no server starts meanwhile.
struct Opened {
  DataDirectory directory;
  const Clock& clock;
  std::unique_ptr<Log> log{};
  std::unique_ptr<Random> random{};
  std::unique_ptr<Database> database{};
};

Flaws flaws_of(Result<Flaws> found) {
  if (found) return *std::move(found);
  return {{Flaw::Weight::lasting, "could not be examined: " + found.error().message}};
}

Flaws flaws_of(const Result<std::vector<std::string>>& complaints) {
  Flaws flaws;
  if (!complaints) flaws.push_back({Flaw::Weight::lasting, complaints.error().message});
  for (const auto& complaint : complaints.value_or(std::vector<std::string>()))
    flaws.push_back({Flaw::Weight::lasting, complaint});
  return flaws;
}

Flaws examine_processes(const Config& config, const DataDirectory& directory) {
  Flaws flaws;
  for (const auto& [process, program, folder] : processes_inside({config.scratch, directory.run()}))
    flaws.push_back({Flaw::Weight::lasting,
                     fmt::format("the process {} ({}) has outlived its server in {}", process, program, folder.string())});
  return flaws;
}

/// The whole index can be lost without harm: the next start puts it together again. So its own damage weighs little.
Flaws examine_search(const DataDirectory& directory, Pool& pool, Opened& opened) {
  const auto file = directory.search() / "search.db";
  std::error_code code;
  if (!std::filesystem::exists(file, code)) return {{Flaw::Weight::passing, "there is no search index"}};
  auto flaws = flaws_of(examine_database(file.string(), opened.clock));
  for (auto& flaw : flaws) flaw.weight = Flaw::Weight::passing;
  // Opening a damaged index would make it anew.
  if (!flaws.empty()) return flaws;
  auto index = open_embedded_search_index(directory.search(), pool, *opened.log);
  if (!index) return flaws_of(Result<Flaws>(std::unexpected(std::move(index.error()))));
  return flaws_of(run_to_end(search::audit(*opened.database, **index)));
}

Flaws examine_blobs(const DataDirectory& directory, Pool& pool, Opened& opened, media::Depth depth) {
  auto blobs = open_blob_store({directory.blobs().string(), 0}, pool, *opened.random);
  if (!blobs) return flaws_of(Result<Flaws>(std::unexpected(std::move(blobs.error()))));
  return flaws_of(run_to_end(media::audit(*opened.database, **blobs, depth)));
}

Result<Opened> open_data(const Config& config, const Clock& clock) {
  auto directory = DataDirectory::hold(config.data);
  if (!directory) return std::unexpected(std::move(directory.error()));
  Opened opened{*std::move(directory), clock};
  auto log = open_log(LogLevel::error, {}, opened.clock);
  if (!log) return std::unexpected(std::move(log.error()));
  opened.log = *std::move(log);
  auto random = open_system_random();
  if (!random) return std::unexpected(std::move(random.error()));
  opened.random = *std::move(random);
  return opened;
}

std::string_view mark_of(Flaw::Weight weight) { return weight == Flaw::Weight::lasting ? "WRONG" : "later"; }

void show(const Examined& examined) {
  if (examined.flaws.empty()) fmt::print("  ok     {}\n", examined.part);
  for (const auto& flaw : examined.flaws) fmt::print("  {:<6} {}: {}\n", mark_of(flaw.weight), examined.part, flaw.what);
}

int verdict_on(const std::vector<Examined>& parts) {
  std::size_t lasting = 0;
  std::size_t passing = 0;
  for (const auto& part : parts)
    for (const auto& flaw : part.flaws) ++(flaw.weight == Flaw::Weight::lasting ? lasting : passing);
  if (lasting + passing == 0) {
    fmt::print("\nEverything is whole.\n");
    return exit_success;
  }
  fmt::print("\n{} wrong, {} that the next start or a later job mends.\n", lasting, passing);
  return exit_failure;
}

int run_check(const Config& config, media::Depth depth) {
  const auto parts = examine_data(config, depth);
  if (!parts) return report(parts.error());
  for (const auto& part : *parts) show(part);
  return verdict_on(*parts);
}

}  // namespace

Result<std::vector<Examined>> examine_data(const Config& config, media::Depth depth) {
  const SystemClock clock;
  auto opened = open_data(config, clock);
  if (!opened) return std::unexpected(std::move(opened.error()));
  const auto& directory = opened->directory;
  std::vector<Examined> parts = {{"processes", examine_processes(config, directory)}};
  const auto complaints = examine_database(config.database_url, clock);
  if (!complaints && complaints.error().kind == ErrorKind::not_found)
    return fail(ErrorKind::not_found, complaints.error().message + ". Start the server once: kinora serve");
  parts.push_back({"database", flaws_of(complaints)});
  if (!complaints) return parts;  // nothing else can be read

  auto database = open_database(config.database_url, clock, *opened->log);
  if (!database) return std::unexpected(std::move(database.error()));
  opened->database = *std::move(database);
  Pool pool("files", 1, 16);
  parts.push_back({"jobs", flaws_of(run_to_end(jobs::audit(*opened->database, all_handlers(), config.scratch)))});
  parts.push_back({"pipeline", flaws_of(run_to_end(pipeline::audit(*opened->database)))});
  parts.push_back({"blobs", examine_blobs(directory, pool, *opened, depth)});
  parts.push_back({"search", examine_search(directory, pool, *opened)});
  pool.join();
  return parts;
}

int check(const Config& config) { return run_check(config, media::Depth::bytes); }

int check_fast(const Config& config) { return run_check(config, media::Depth::sizes); }

}  // namespace kinora::app
