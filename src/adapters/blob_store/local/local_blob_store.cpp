#include "adapters/blob_store/local/local_blob_store.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <unordered_set>

#include "adapters/blob_store/local/local_blob_reader.hpp"
#include "adapters/blob_store/local/local_blob_writer.hpp"

namespace kinora {

namespace {

constexpr std::size_t read_bytes = 1 << 20;

Result<void> make_folder(const std::filesystem::path& path, std::filesystem::perms rights) {
  std::error_code code;
  std::filesystem::create_directories(path, code);
  if (!code) std::filesystem::permissions(path, rights, code);
  if (code) return fail(ErrorKind::unavailable, "cannot make the folder " + path.string() + ": " + code.message());
  return {};
}

/// 256 folders, so that none grows long; their names are the first byte of the key's hash.
Result<void> make_blob_folders(BlobVolume& volume) {
  constexpr auto private_folder = std::filesystem::perms::owner_all;
  for (unsigned byte = 0; byte < 256; ++byte) {
    std::array<char, 3> name{};
    std::snprintf(name.data(), name.size(), "%02x", byte);
    if (auto made = make_folder(volume.layout.blobs() / name.data(), private_folder); !made) return made;
  }
  return volume.sync_folder(volume.layout.blobs());
}

Result<Sha256> hash_of(const BlobFile& file) {
  RunningSha256 hash;
  Bytes buffer(read_bytes);
  for (std::uint64_t offset = 0;;) {
    const auto count = BlobFiles::read(file, buffer, offset);
    if (!count) return std::unexpected(count.error());
    if (*count == 0) return hash.digest();
    hash.feed(std::span(buffer).first(*count));
    offset += *count;
  }
}

/// For a file of another file system, which cannot be renamed into ours.
Result<Sha256> copy_in(BlobVolume& volume, const BlobFile& file, const WriterToken& token) {
  auto staged = StagedBlob::create(volume, token);
  if (!staged) return std::unexpected(std::move(staged.error()));
  Bytes buffer(read_bytes);
  for (std::uint64_t offset = 0;;) {
    const auto count = BlobFiles::read(file, buffer, offset);
    if (!count) return std::unexpected(count.error());
    if (*count == 0) return staged->publish(std::nullopt);
    if (auto written = staged->write(std::span(buffer).first(*count)); !written)
      return std::unexpected(std::move(written.error()));
    offset += *count;
  }
}

bool share_a_file_system(const BlobFile& file, const std::filesystem::path& folder) {
  struct stat one{};
  struct stat other{};
  return ::fstat(file.fd(), &one) == 0 && ::stat(folder.c_str(), &other) == 0 && one.st_dev == other.st_dev;
}

Result<Sha256> adopt_file(BlobVolume& volume, const WriterToken& token, const std::filesystem::path& path) {
  auto file = volume.files->open_to_read(path);
  if (!file) return std::unexpected(std::move(file.error()));
  if (!share_a_file_system(*file, volume.layout.folder)) {
    auto copied = copy_in(volume, *file, token);
    std::error_code ignored;  // the scratch folder goes soon
    if (copied) std::filesystem::remove(path, ignored);
    return copied;
  }
  auto digest = hash_of(*file);
  if (!digest) return digest;
  auto published = publish_file(volume, *file, path, token.key);
  if (!published) return std::unexpected(std::move(published.error()));
  return digest;
}

Result<BlobFile> open_blob(BlobVolume& volume, const BlobKey& key) {
  auto file = volume.files->open_to_read(volume.layout.blob(key));
  if (!file && file.error().kind == ErrorKind::not_found) return fail(ErrorKind::not_found, "no blob " + key.text);
  return file;
}

Result<BlobInfo> stat_blob(BlobVolume& volume, const BlobKey& key) {
  const auto file = open_blob(volume, key);
  if (!file) return std::unexpected(file.error());
  const auto size = BlobFiles::size_of(*file);
  if (!size) return std::unexpected(size.error());
  return BlobInfo{*size};
}

/// A second name, which stays when the blob is removed.
Result<std::filesystem::path> lend(BlobVolume& volume, const BlobKey& key, const std::string& name) {
  const auto from = volume.layout.blob(key);
  auto to = volume.layout.lent() / name;
  if (::link(from.c_str(), to.c_str()) == 0) return to;
  if (errno == ENOENT) return fail(ErrorKind::not_found, "no blob " + key.text);
  return file_error("lend", from, errno);
}

Result<void> remove_staged(BlobVolume& volume, const BlobKey& key) {
  const auto prefix = BlobLayout::staged_prefix(key);
  std::error_code code;
  for (std::filesystem::directory_iterator each(volume.layout.staging(), code), end; !code && each != end;
       each.increment(code)) {
    if (!each->path().filename().string().starts_with(prefix)) continue;
    if (auto done = volume.files->remove(each->path()); !done) return done;
  }
  if (code) return fail(ErrorKind::unavailable, "cannot list " + volume.layout.staging().string() + ": " + code.message());
  return {};
}

Result<void> remove_blob(BlobVolume& volume, const BlobKey& key) {
  const auto path = volume.layout.blob(key);
  auto done = remove_staged(volume, key);
  if (done) done = volume.files->remove(path);
  if (done) done = volume.files->remove(volume.layout.damaged() / path.filename());
  if (done) done = volume.sync_folder(path.parent_path());
  return done;
}

Result<void> move_aside(BlobVolume& volume, const BlobKey& key) {
  const auto from = volume.layout.blob(key);
  const auto to = volume.layout.damaged() / from.filename();
  if (auto made = make_folder(volume.layout.damaged(), std::filesystem::perms::owner_all); !made) return made;
  if (::rename(from.c_str(), to.c_str()) != 0)
    return errno == ENOENT ? Result<void>(fail(ErrorKind::not_found, "no blob " + key.text)) : file_error("move", from, errno);
  if (auto synced = volume.sync_folder(volume.layout.damaged()); !synced) return synced;
  return volume.sync_folder(from.parent_path());
}

Result<Sha256> digest_of(BlobVolume& volume, const BlobKey& key) {
  const auto file = open_blob(volume, key);
  if (!file) return std::unexpected(file.error());
  return hash_of(*file);
}

Result<void> require_folders(const BlobLayout& layout) {
  for (const auto& folder : {layout.blobs(), layout.staging()})
    if (::access(folder.c_str(), W_OK | X_OK) != 0)
      return fail(ErrorKind::unavailable, "the blob folder is gone or cannot be written; bring its disk back",
                  "storage_failed");
  return {};
}

Result<void> can_write_to(const BlobVolume& volume) {
  auto done = volume.require_writable();
  if (done) done = require_folders(volume.layout);
  if (done) done = volume.require_space(0);
  return done;
}

Result<std::vector<std::string>> strays_in(const BlobLayout& layout, const std::vector<BlobKey>& known) {
  std::unordered_set<std::string> expected;
  for (const auto& key : known) expected.insert(layout.blob(key).lexically_relative(layout.folder));
  std::vector<std::string> found;
  std::error_code code;
  for (std::filesystem::recursive_directory_iterator each(layout.blobs(), code), end; !code && each != end;
       each.increment(code)) {
    auto name = each->path().lexically_relative(layout.folder).string();
    std::error_code unknown;  // a file that is gone by now
    if (!each->is_directory(unknown) && !expected.contains(name)) found.push_back(std::move(name));
  }
  if (code) return fail(ErrorKind::unavailable, "cannot list " + layout.blobs().string() + ": " + code.message());
  std::ranges::sort(found);
  return found;
}

}  // namespace

LocalBlobStore::LocalBlobStore(LocalBlobSettings settings, std::unique_ptr<BlobFiles> disk, Pool& files, Random& random)
    : volume_{{std::move(settings.folder)}, std::move(disk), settings.free_bytes_min}, files_(files), random_(random) {}

Result<void> LocalBlobStore::prepare() {
  constexpr auto private_folder = std::filesystem::perms::owner_all;
  const auto& layout = volume_.layout;
  std::error_code ignored;
  std::filesystem::remove_all(layout.lent(), ignored);
  for (const auto& folder : {layout.folder, layout.blobs(), layout.staging(), layout.lent()})
    if (auto made = make_folder(folder, private_folder); !made) return made;
  if (!std::filesystem::exists(layout.blobs() / "ff"))
    if (auto made = make_blob_folders(volume_); !made) return made;
  return volume_.sync_folder(layout.folder);
}

Task<Result<std::unique_ptr<BlobWriter>>> LocalBlobStore::open_writer(BlobKey key) {
  WriterToken token{random_.token(), std::move(key)};
  auto blob = co_await ok(on(files_, [this, token = std::move(token)] { return StagedBlob::create(volume_, token); }));
  co_return std::make_unique<LocalBlobWriter>(std::move(blob), files_);
}

Task<Result<std::unique_ptr<BlobWriter>>> LocalBlobStore::reopen_writer(std::string token) {
  auto parsed = co_await ok(WriterToken::parse(token));
  auto blob = co_await ok(on(files_, [this, token = std::move(parsed)] { return StagedBlob::reopen(volume_, token); }));
  co_return std::make_unique<LocalBlobWriter>(std::move(blob), files_);
}

Task<Result<Sha256>> LocalBlobStore::adopt(BlobKey key, std::filesystem::path file) {
  const WriterToken token{random_.token(), std::move(key)};
  co_return co_await on(files_, [this, token, file = std::move(file)] { return adopt_file(volume_, token, file); });
}

Task<Result<std::unique_ptr<BlobReader>>> LocalBlobStore::open(BlobKey key, ByteRange range) {
  auto file = co_await ok(opened(std::move(key)));
  const auto size = co_await ok(BlobFiles::size_of(*file));
  if (range.offset > size)
    co_return fail(ErrorKind::invalid,
                   "the range starts at " + std::to_string(range.offset) + ", past the end at " + std::to_string(size));
  const auto length = std::min(range.length.value_or(size), size - range.offset);
  co_return std::make_unique<LocalBlobReader>(std::move(file), range.offset, length, files_);
}

Task<Result<std::shared_ptr<const BlobFile>>> LocalBlobStore::opened(BlobKey key) {
  if (auto open = open_.find(key, volume_.layout.blob(key))) co_return open;
  auto file = co_await ok(on(files_, [this, key] { return open_blob(volume_, key); }));
  co_return open_.keep(key, std::move(file));
}

Task<Result<BlobInfo>> LocalBlobStore::stat(BlobKey key) {
  co_return co_await on(files_, [this, key = std::move(key)] { return stat_blob(volume_, key); });
}

Task<Result<LocalFile>> LocalBlobStore::materialise(BlobKey key) {
  auto name = random_.token();
  const auto path =
      co_await ok(on(files_, [this, key = std::move(key), name = std::move(name)] { return lend(volume_, key, name); }));
  co_return LocalFile(path, [path] { ::unlink(path.c_str()); });
}

Task<Result<void>> LocalBlobStore::set_aside(BlobKey key) {
  open_.forget(key);
  co_return co_await on(files_, [this, key = std::move(key)] { return move_aside(volume_, key); });
}

Task<Result<void>> LocalBlobStore::remove(BlobKey key) {
  open_.forget(key);
  co_return co_await on(files_, [this, key = std::move(key)] { return remove_blob(volume_, key); });
}

Task<Result<void>> LocalBlobStore::can_write() {
  co_return co_await on(files_, [this] { return can_write_to(volume_); });
}

Task<Result<Sha256>> LocalBlobStore::digest(BlobKey key) {
  co_return co_await on(files_, [this, key = std::move(key)] { return digest_of(volume_, key); });
}

Task<Result<std::vector<std::string>>> LocalBlobStore::strays(std::vector<BlobKey> known) {
  co_return co_await on(files_, [this, known = std::move(known)] { return strays_in(volume_.layout, known); });
}

Result<std::unique_ptr<BlobStore>> open_local_blob_store(LocalBlobSettings settings, Pool& files, Random& random) {
  const auto access = settings.access;
  auto store = std::make_unique<LocalBlobStore>(std::move(settings), std::make_unique<BlobFiles>(), files, random);
  if (access == BlobAccess::read) return store;
  if (auto prepared = store->prepare(); !prepared) return std::unexpected(std::move(prepared.error()));
  return store;
}

}  // namespace kinora
