#include "adapters/database/tests/faulty_disk.hpp"

#include <algorithm>
#include <fstream>
#include <new>

namespace kinora::testing {

namespace {

/// SQLite allots it together with the real file, which lies right behind it.
struct File {
  sqlite3_file base;
  FaultyDisk* disk;
  sqlite3_file* real;
  const char* path;  ///< SQLite keeps it for as long as the file is open; null for one without a name
};

File& file_of(sqlite3_file* base) { return *reinterpret_cast<File*>(base); }
sqlite3_file* real_of(sqlite3_file* base) { return file_of(base).real; }
const sqlite3_io_methods& methods_of(sqlite3_file* base) { return *real_of(base)->pMethods; }
FaultyDisk& disk_of(sqlite3_vfs* vfs) { return *static_cast<FaultyDisk*>(vfs->pAppData); }

int close_file(sqlite3_file* file) { return methods_of(file).xClose(real_of(file)); }
int read_file(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  return methods_of(file).xRead(real_of(file), to, size, at);
}
/// The bytes from `at`, as many as there are.
void remember(sqlite3_file* file, sqlite3_int64 at, sqlite3_int64 length) {
  if (file_of(file).path == nullptr) return;
  sqlite3_int64 size = 0;
  methods_of(file).xFileSize(real_of(file), &size);
  std::string old(static_cast<std::size_t>(std::clamp(size - at, sqlite3_int64{0}, length)), '\0');
  if (!old.empty()) methods_of(file).xRead(real_of(file), old.data(), static_cast<int>(old.size()), at);
  file_of(file).disk->remember(file_of(file).path, size, at, std::move(old));
}

int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  auto& disk = *file_of(file).disk;
  const int fault = disk.change();
  if (fault != SQLITE_OK && !disk.tears()) return fault;
  remember(file, at, size);
  const int written = methods_of(file).xWrite(real_of(file), from, fault != SQLITE_OK ? size / 2 : size, at);
  return fault != SQLITE_OK ? fault : written;
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  const int fault = file_of(file).disk->change();
  if (fault != SQLITE_OK) return fault;
  remember(file, size, std::numeric_limits<int>::max());
  return methods_of(file).xTruncate(real_of(file), size);
}
int sync_file(sqlite3_file* file, int) {
  const auto& [base, disk, real, path] = file_of(file);
  if (const int fault = disk->sync(); fault != SQLITE_OK) return fault;
  if (path != nullptr) disk->forget(path);
  return SQLITE_OK;  // no power is cut but by cut_power(), which knows what was synced: the real disk may take its time
}
int size_of_file(sqlite3_file* file, sqlite3_int64* size) { return methods_of(file).xFileSize(real_of(file), size); }
int lock_file(sqlite3_file* file, int how) { return methods_of(file).xLock(real_of(file), how); }
int unlock_file(sqlite3_file* file, int how) { return methods_of(file).xUnlock(real_of(file), how); }
int is_reserved(sqlite3_file* file, int* out) { return methods_of(file).xCheckReservedLock(real_of(file), out); }
int control_file(sqlite3_file* file, int what, void* with) { return methods_of(file).xFileControl(real_of(file), what, with); }
int sector_size(sqlite3_file* file) { return methods_of(file).xSectorSize(real_of(file)); }
int characteristics(sqlite3_file* file) { return methods_of(file).xDeviceCharacteristics(real_of(file)); }
int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  return methods_of(file).xShmMap(real_of(file), page, size, extend, out);
}
int lock_shared(sqlite3_file* file, int at, int count, int flags) {
  file_of(file).disk->count_lock();
  return methods_of(file).xShmLock(real_of(file), at, count, flags);
}
void barrier(sqlite3_file* file) { methods_of(file).xShmBarrier(real_of(file)); }
int unmap_shared(sqlite3_file* file, int remove) { return methods_of(file).xShmUnmap(real_of(file), remove); }

constexpr sqlite3_io_methods methods = {
    2,           close_file,  read_file,    write_file,   truncate_file, sync_file,       size_of_file,
    lock_file,   unlock_file, is_reserved,  control_file, sector_size,   characteristics, map_shared,
    lock_shared, barrier,     unmap_shared, nullptr,      nullptr};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* out, int flags, int* out_flags) {
  auto* real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(out) + sizeof(File));
  new (out) File{{nullptr}, &disk_of(vfs), real, name};
  auto* below = disk_of(vfs).real();
  const int code = below->xOpen(below, name, real, flags, out_flags);
  if (real->pMethods != nullptr) out->pMethods = &methods;
  return code;
}

int remove_file(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  auto& disk = disk_of(vfs);
  const int fault = disk.change();
  if (fault != SQLITE_OK) return SQLITE_IOERR_DELETE;
  disk.forget(name);
  return disk.real()->xDelete(disk.real(), name, sync_folder);
}

}  // namespace

FaultyDisk::FaultyDisk() : real_(sqlite3_vfs_find(nullptr)), shim_(*real_) {
  shim_.szOsFile += static_cast<int>(sizeof(File));
  shim_.zName = "faulty";
  shim_.pAppData = this;
  shim_.xOpen = open_file;
  shim_.xDelete = remove_file;
  sqlite3_vfs_register(&shim_, 1);
}

FaultyDisk::~FaultyDisk() { sqlite3_vfs_unregister(&shim_); }

void FaultyDisk::fail_changes(int nth, int times, int code) {
  failed_ = false;
  code_ = code;
  faults_left_ = times;
  changes_until_fault_ = nth;
}

void FaultyDisk::fail_sync(int nth) {
  failed_ = false;
  syncs_until_fault_ = nth;
}

void FaultyDisk::tear_change(int nth) {
  fail_changes(nth, 1, SQLITE_IOERR_WRITE);
  tearing_ = true;
}

void FaultyDisk::cut_power(int nth) { fail_changes(nth, for_ever, SQLITE_IOERR_WRITE); }

void FaultyDisk::lose_unsynced(Unsynced how) {
  const std::scoped_lock hold(mutex_);
  for (std::size_t at = unsynced_.size(); at > 0; --at) {
    const auto& [path, size, offset, bytes] = unsynced_[at - 1];
    if (how == Unsynced::kept || (how == Unsynced::half && at % 2 == 0)) continue;
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    if (!file) continue;
    file.seekp(offset);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (how == Unsynced::lost) std::filesystem::resize_file(path, static_cast<std::uintmax_t>(size));
  }
  unsynced_.clear();
}

void FaultyDisk::remember(const std::filesystem::path& file, std::int64_t size, std::int64_t at, std::string old) {
  const std::scoped_lock hold(mutex_);
  unsynced_.push_back({file, size, at, std::move(old)});
}

void FaultyDisk::forget(const std::filesystem::path& file) {
  const std::scoped_lock hold(mutex_);
  std::erase_if(unsynced_, [&](const Replaced& each) { return each.file == file; });
}

bool FaultyDisk::tears() { return tearing_ && failed_; }

void FaultyDisk::heal() {
  faults_left_ = 0;
  tearing_ = false;
  syncs_until_fault_ = for_ever;
}

int FaultyDisk::change() {
  if (--changes_until_fault_ > 0 || faults_left_ == 0) return SQLITE_OK;
  --faults_left_;
  failed_ = true;
  return code_;
}

int FaultyDisk::sync() {
  ++syncs_;
  if (--syncs_until_fault_ == 0) {
    failed_ = true;
    return SQLITE_IOERR_FSYNC;
  }
  const int fault = change();
  return fault == SQLITE_IOERR_WRITE ? SQLITE_IOERR_FSYNC : fault;
}

}  // namespace kinora::testing
