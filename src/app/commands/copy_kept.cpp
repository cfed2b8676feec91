#include "app/commands/copy_kept.hpp"

#include <fmt/core.h>

#include <fstream>
#include <set>
#include <sstream>

#include "adapters/blob_store/open.hpp"
#include "adapters/clock/system_clock.hpp"
#include "adapters/database/open.hpp"
#include "adapters/log/json_lines.hpp"
#include "adapters/random/system_random.hpp"
#include "app/data_directory.hpp"
#include "app/durable_file.hpp"
#include "app/run_to_end.hpp"
#include "base/failpoints.hpp"
#include "modules/media/media.hpp"

namespace kinora::app {

namespace {

using Tell = std::function<void(const CopyProgress&)>;

constexpr std::size_t piece_bytes = 1 << 20;
constexpr std::uint64_t free_bytes_min = 64 << 20;

/// Snapshots of copies under way; one that lies there tells what an interrupted copy has brought.
constexpr std::string_view snapshots_folder = "unfinished";

/// A new one for each copy.
std::filesystem::path snapshot_name(const Clock& clock) {
  return std::to_string(clock.now().time_since_epoch().count()) + ".db";
}

struct Tools {
  SystemClock clock;
  std::unique_ptr<Log> log;
  std::unique_ptr<Random> random;
  Pool files{"files", 1, 16};

  static Result<std::unique_ptr<Tools>> open() {
    auto tools = std::make_unique<Tools>();
    auto log = open_log(LogLevel::error, {}, tools->clock);
    if (!log) return std::unexpected(std::move(log.error()));
    auto random = open_system_random();
    if (!random) return std::unexpected(std::move(random.error()));
    tools->log = *std::move(log);
    tools->random = *std::move(random);
    return tools;
  }
  ~Tools() { files.join(); }
};

Result<std::vector<media::LiveBlob>> blobs_named_by(const std::string& database_url, Tools& tools) {
  auto database = open_database(database_url, tools.clock, *tools.log);
  if (!database) return std::unexpected(std::move(database.error()));
  return run_to_end((*database)->scan(Caller::system("backup"), media::live_blobs));
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code code;
  for (std::filesystem::directory_iterator each(folder, code), end; !code && each != end; each.increment(code))
    if (each->is_regular_file(code)) files.push_back(each->path());
  return files;
}

Result<void> copy_small_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  const std::ifstream file(from, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  if (!file) return fail(ErrorKind::unavailable, "cannot read " + from.string());
  return write_private_file(to, content.str());
}

/// What signs tokens and links, and what the operator has set.
Result<void> copy_small_files(const std::filesystem::path& from, const std::filesystem::path& to) {
  for (const auto& secret : files_in(from / "secrets"))
    if (auto copied = copy_small_file(secret, to / "secrets" / secret.filename()); !copied) return copied;
  std::error_code code;
  if (!std::filesystem::exists(from / "kinora.toml", code)) return {};
  return copy_small_file(from / "kinora.toml", to / "kinora.toml");
}

/// One copy on its way.
class Copy {
 public:
  Copy(BlobStore& from, BlobStore& to, const Tell& tell) : from_(from), to_(to), tell_(tell) {}

  Result<void> bring(std::vector<media::LiveBlob> blobs) {
    copied_.all.files_of = blobs.size();
    for (const auto& blob : blobs) copied_.all.bytes_of += static_cast<std::uint64_t>(blob.size_bytes);
    for (auto& blob : blobs) {
      const auto size_bytes = static_cast<std::uint64_t>(blob.size_bytes);
      if (auto brought = run_to_end(bring_one(std::move(blob))); !brought) return brought;
      ++copied_.all.files;
      copied_.all.bytes += size_bytes;
      tell_(copied_.all);
    }
    return {};
  }

  Copied take() { return std::move(copied_); }

 private:
  // A blob never changes under its key: what lies there with its size was compared when it was brought.
  Task<Result<void>> bring_one(media::LiveBlob blob) {
    const auto there = co_await to_.stat({blob.key});
    if (there && there->size_bytes == static_cast<std::uint64_t>(blob.size_bytes)) co_return {};
    co_await ok(to_.remove({blob.key}));
    co_await ok(may_fail("backup.blob"));
    auto reader = co_await from_.open({blob.key}, {});
    if (!reader && reader.error().kind == ErrorKind::not_found) {
      copied_.damaged.push_back(fmt::format("the file {} is not there", blob.key));
      co_return {};
    }
    auto writer = co_await ok(to_.open_writer({blob.key}));
    const auto source = co_await ok(std::move(reader));
    co_return co_await pour(*source, *writer, std::move(blob));
  }

  Task<Result<void>> pour(BlobReader& reader, BlobWriter& writer, media::LiveBlob blob) {
    std::vector<std::byte> buffer(piece_bytes);
    while (const auto size = co_await ok(reader.read(buffer))) {
      co_await ok(writer.append(std::span(buffer).first(size)));
      copied_.bytes_written += size;
    }
    const auto finished = co_await writer.finish(Sha256{blob.sha256});
    if (finished) co_return {};
    co_await ok(writer.abort());
    if (finished.error().kind != ErrorKind::conflict) co_return std::unexpected(finished.error());
    copied_.damaged.push_back(fmt::format("the file {} is not what it was: its hash is not {}", blob.key, blob.sha256));
    co_return {};
  }

  BlobStore& from_;
  BlobStore& to_;
  const Tell& tell_;
  Copied copied_;
};

/// What the copy before this one named, and what interrupted ones have brought.
Result<std::set<std::string>> keys_before(const Kept& to, Tools& tools) {
  std::set<std::string> keys;
  const auto add = [&](const std::vector<media::LiveBlob>& blobs) {
    for (const auto& blob : blobs) keys.insert(blob.key);
  };
  for (const auto& snapshot : files_in(to.root / snapshots_folder))
    // SQLite's own files beside one are none, and one that was cut off has named nothing yet.
    if (snapshot.extension() == ".db")
      if (const auto blobs = blobs_named_by(snapshot, tools)) add(*blobs);
  if (!database_exists(to.database_url)) return keys;
  const auto blobs = blobs_named_by(to.database_url, tools);
  if (!blobs) return std::unexpected(blobs.error());
  add(*blobs);
  return keys;
}

/// A damaged database must not take the place of a copy that is whole.
Result<void> take_snapshot(const Kept& from, const std::filesystem::path& snapshot, Tools& tools) {
  if (auto copied = copy_database(from.database_url, snapshot, tools.clock); !copied) return copied;
  const auto complaints = examine_database(snapshot, tools.clock);
  if (!complaints) return std::unexpected(complaints.error());
  if (complaints->empty()) return {};
  return fail(ErrorKind::internal, fmt::format("the database of {} is damaged, so nothing was changed in the copy: {}",
                                               from.root.string(), complaints->front()));
}

Result<Copied> copy_blobs(const Kept& from, const Kept& to, const std::vector<media::LiveBlob>& blobs, Tools& tools,
                          const Tell& tell) {
  auto source = open_blob_store({(from.root / "blobs").string(), 0, BlobAccess::read}, tools.files, *tools.random);
  if (!source) return std::unexpected(std::move(source.error()));
  auto goal = open_blob_store({(to.root / "blobs").string(), free_bytes_min}, tools.files, *tools.random);
  if (!goal) return std::unexpected(std::move(goal.error()));
  Copy copy(**source, **goal, tell);
  if (auto brought = copy.bring(blobs); !brought) return std::unexpected(std::move(brought.error()));
  return copy.take();
}

/// From here on the copy is the new one.
Result<void> commit(const Kept& from, const Kept& to, const std::filesystem::path& snapshot, Tools& tools) {
  if (auto copied = copy_small_files(from.root, to.root); !copied) return copied;
  if (auto go_on = may_fail("backup.commit"); !go_on) return go_on;
  if (auto copied = copy_database(snapshot, to.database_url, tools.clock); !copied) return copied;
  may_end("backup.committed");
  return {};
}

Result<void> take_away(const Kept& to, const std::set<std::string>& keys, Tools& tools) {
  auto store = open_blob_store({(to.root / "blobs").string(), 0}, tools.files, *tools.random);
  if (!store) return std::unexpected(std::move(store.error()));
  for (const auto& key : keys)
    if (auto removed = run_to_end((*store)->remove({key})); !removed) return removed;
  std::error_code ignored;  // the next copy looks at it again
  std::filesystem::remove_all(to.root / snapshots_folder, ignored);
  return {};
}

}  // namespace

Result<Copied> copy_kept(const Kept& from, const Kept& to, const Tell& tell) {
  if (!database_exists(from.database_url))
    return fail(ErrorKind::not_found, fmt::format("there is no database in {}", from.root.string()));
  auto tools = Tools::open();
  if (!tools) return std::unexpected(std::move(tools.error()));
  const auto directory = DataDirectory::open(to.root);
  if (!directory) return std::unexpected(directory.error());
  if (auto made = make_private_folder(to.root / snapshots_folder); !made) return std::unexpected(std::move(made.error()));

  auto superfluous = keys_before(to, **tools);
  if (!superfluous) return std::unexpected(std::move(superfluous.error()));
  const auto snapshot = to.root / snapshots_folder / snapshot_name((*tools)->clock);
  if (auto taken = take_snapshot(from, snapshot, **tools); !taken) return std::unexpected(std::move(taken.error()));
  const auto blobs = blobs_named_by(snapshot, **tools);
  if (!blobs) return std::unexpected(blobs.error());
  auto copied = copy_blobs(from, to, *blobs, **tools, tell);
  if (!copied) return copied;
  if (auto committed = commit(from, to, snapshot, **tools); !committed) return std::unexpected(std::move(committed.error()));
  for (const auto& blob : *blobs) superfluous->erase(blob.key);
  if (auto taken = take_away(to, *superfluous, **tools); !taken) return std::unexpected(std::move(taken.error()));
  return copied;
}

}  // namespace kinora::app
