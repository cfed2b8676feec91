#include <fmt/format.h>

#include "modules/media/media.hpp"

namespace kinora::media {

namespace {

constexpr std::chrono::microseconds sweep_is_late = 24h + 24h;

constexpr Sql live_rows{R"sql(SELECT key, sha256, size FROM blobs WHERE state = 'live' ORDER BY key)sql"};
constexpr Sql all_keys{R"sql(SELECT key FROM blobs)sql"};
constexpr Sql unnamed_rows{R"sql(
  SELECT key FROM blobs WHERE state = 'live' AND key NOT IN (
    SELECT key FROM videos UNION ALL SELECT key FROM video_assets UNION ALL SELECT key FROM video_variants)
  ORDER BY key)sql"};
constexpr Sql unswept_rows{R"sql(
  SELECT key FROM blobs WHERE state <> 'live' AND COALESCE(doomed_at, created_at) < db_now() - $1 ORDER BY key)sql"};
constexpr Sql sourceless_videos{R"sql(
  SELECT v.id, v.key FROM videos v LEFT JOIN blobs b ON b.key = v.key AND b.state = 'live'
  WHERE v.root_job_id IS NOT NULL AND (b.key IS NULL OR b.sha256 <> v.content_sha256 OR b.size <> v.file_size)
  ORDER BY v.id)sql"};
constexpr Sql blobless_assets{R"sql(
  SELECT a.video_id, a.name FROM video_assets a LEFT JOIN blobs b ON b.key = a.key AND b.state = 'live'
  WHERE b.key IS NULL OR b.sha256 <> a.sha256 OR b.size <> a.size
  ORDER BY a.video_id, a.name)sql"};
constexpr Sql processed_videos{R"sql(SELECT id, root_job_id FROM videos WHERE root_job_id IS NOT NULL ORDER BY id)sql"};

struct NamedFile {
  VideoId video{};
  std::string name;
};
struct Rows {
  std::vector<LiveBlob> live;
  std::vector<std::string> keys;
  Flaws flaws;
};

template <class... Args>
void add(Flaws& flaws, Flaw::Weight weight, fmt::format_string<Args...> text, Args&&... args) {
  flaws.push_back({weight, fmt::format(text, std::forward<Args>(args)...)});
}

/// All of it in one snapshot.
Task<Result<Rows>> read_rows(Transaction tx) {
  using enum Flaw::Weight;
  Rows rows;
  rows.live = co_await ok(tx.all<LiveBlob>(live_rows));
  rows.keys = co_await ok(tx.all<std::string>(all_keys));
  const auto unnamed = co_await ok(tx.all<std::string>(unnamed_rows));
  for (const auto& key : unnamed) add(rows.flaws, lasting, "the blob {} is live, but nothing names it", key);
  const auto unswept = co_await ok(tx.all<std::string>(unswept_rows, sweep_is_late.count()));
  for (const auto& key : unswept) add(rows.flaws, passing, "the blob {} should have been swept a day ago", key);
  const auto sourceless = co_await ok(tx.all<NamedFile>(sourceless_videos));
  for (const auto& [video, key] : sourceless)
    add(rows.flaws, lasting, "the video {} has no live blob {} of its size and hash", video.text(), key);
  const auto blobless = co_await ok(tx.all<NamedFile>(blobless_assets));
  for (const auto& [video, name] : blobless)
    add(rows.flaws, lasting, "the file {} of the video {} has no live blob of its size and hash", name, video.text());
  co_return rows;
}

/// What is wrong with the bytes behind a row; empty when nothing is.
Task<Result<std::string>> examine(BlobStore& blobs, LiveBlob row, Depth depth) {
  const auto found = co_await blobs.stat({row.key});
  if (!found && found.error().kind == ErrorKind::not_found) co_return std::string("is live, but there is no such object");
  const auto info = co_await ok(found);
  if (info.size_bytes != static_cast<std::uint64_t>(row.size_bytes))
    co_return fmt::format("has {} bytes instead of {}", info.size_bytes, row.size_bytes);
  if (depth == Depth::sizes) co_return std::string();
  const auto hash = co_await ok(blobs.digest({row.key}));
  co_return hash.hex == row.sha256 ? std::string() : fmt::format("has the hash {} instead of {}", hash.hex, row.sha256);
}

}  // namespace

Task<Result<Flaws>> audit(Database& database, BlobStore& blobs, Depth depth) {
  auto rows = co_await ok(database.scan(Caller::system("audit"), read_rows));
  for (const auto& row : rows.live) {
    const auto examined = co_await examine(blobs, row, depth);
    const auto wrong = examined ? *examined : "cannot be read: " + examined.error().message;
    if (!wrong.empty()) add(rows.flaws, Flaw::Weight::lasting, "the blob {} {}", row.key, wrong);
  }
  std::vector<BlobKey> known;
  for (auto& key : rows.keys) known.push_back({std::move(key)});
  const auto strays = co_await ok(blobs.strays(std::move(known)));
  for (const auto& name : strays) add(rows.flaws, Flaw::Weight::lasting, "the object {} has no row", name);
  co_return std::move(rows.flaws);
}

Task<Result<std::vector<LiveBlob>>> live_blobs(Transaction tx) { return tx.all<LiveBlob>(live_rows); }

Task<Result<std::vector<Processed>>> every_processed(Transaction tx) { return tx.all<Processed>(processed_videos); }

}  // namespace kinora::media
