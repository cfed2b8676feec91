#include "app/commands/backup.hpp"

#include <fmt/core.h>

#include <chrono>

#include "adapters/database/open.hpp"
#include "app/command_line.hpp"
#include "app/commands/copy_kept.hpp"
#include "app/data_directory.hpp"

namespace kinora::app {

namespace {

using Clock = std::chrono::steady_clock;
using Duration = std::chrono::duration<double>;

double mebibytes(std::uint64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

/// A line every few seconds of a copy that takes longer.
class Teller {
 public:
  void tell(const CopyProgress& progress) {
    const auto now = Clock::now();
    if (now - told_ < std::chrono::seconds(5) || progress.bytes == 0) return;
    told_ = now;
    const auto left = Duration(now - begun_) *
                      (static_cast<double>(progress.bytes_of - progress.bytes) / static_cast<double>(progress.bytes));
    fmt::print("{} of {} files, {:.0f} of {:.0f} MiB; about {:.0f} s to go\n", progress.files, progress.files_of,
               mebibytes(progress.bytes), mebibytes(progress.bytes_of), left.count());
    std::fflush(stdout);
  }
  double seconds() const { return Duration(Clock::now() - begun_).count(); }

 private:
  Clock::time_point begun_ = Clock::now();
  Clock::time_point told_ = begun_;
};

Result<Copied> copy(const Kept& from, const Kept& to) {
  Teller teller;
  auto copied = copy_kept(from, to, [&](const CopyProgress& progress) { teller.tell(progress); });
  if (!copied) return copied;
  for (const auto& what : copied->damaged) fmt::print(stderr, "kinora: {}\n", what);
  fmt::print("{} files of {:.1f} MiB and the database are in {}; {:.1f} MiB were copied, the rest lay there ({:.1f} s).\n",
             copied->all.files - copied->damaged.size(), mebibytes(copied->all.bytes_of), to.root.string(),
             mebibytes(copied->bytes_written), teller.seconds());
  return copied;
}

}  // namespace

int make_backup(const Config& config, const std::string& folder) {
  arm_failpoints(config.failpoints);
  const auto copied = copy(Kept::by(config), Kept::in(std::filesystem::absolute(folder)));
  if (!copied) return report(copied.error());
  fmt::print(
      "It holds this server's secrets: keep it where only you can read it. Do it again to bring it up to date;\n"
      "`kinora restore {}` brings it back into an empty data directory.\n",
      folder);
  return copied->damaged.empty() ? exit_success : exit_failure;
}

int restore_backup(const Config& config, const std::string& folder) {
  if (database_exists(config.database_url))
    return report(
        {ErrorKind::conflict, fmt::format("there is a database in {} already; move that folder away, or name another one: "
                                          "kinora restore {} --data <empty folder>",
                                          config.data.string(), folder)});
  const auto from = Kept::in(std::filesystem::absolute(folder));
  const auto lock = DataDirectory::hold(from.root);  // no backup changes it meanwhile
  if (!lock) return report(lock.error());
  const auto copied = copy(from, Kept::by(config));
  if (!copied) return report(copied.error());
  fmt::print("Start the server: kinora serve. It makes the search index again; uploads that were under way begin anew.\n");
  return copied->damaged.empty() ? exit_success : exit_failure;
}

}  // namespace kinora::app
