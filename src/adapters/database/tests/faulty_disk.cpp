#include "adapters/database/tests/faulty_disk.hpp"

#include <new>

namespace kinora::testing {

namespace {

/// SQLite allots it together with the real file, which lies right behind it.
struct File {
  sqlite3_file base;
  FaultyDisk* disk;
  sqlite3_file* real;
};

File& file_of(sqlite3_file* base) { return *reinterpret_cast<File*>(base); }
sqlite3_file* real_of(sqlite3_file* base) { return file_of(base).real; }
const sqlite3_io_methods& methods_of(sqlite3_file* base) { return *real_of(base)->pMethods; }
FaultyDisk& disk_of(sqlite3_vfs* vfs) { return *static_cast<FaultyDisk*>(vfs->pAppData); }

int close_file(sqlite3_file* file) { return methods_of(file).xClose(real_of(file)); }
int read_file(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  return methods_of(file).xRead(real_of(file), to, size, at);
}
int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  const int fault = file_of(file).disk->change();
  return fault != SQLITE_OK ? fault : methods_of(file).xWrite(real_of(file), from, size, at);
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  const int fault = file_of(file).disk->change();
  return fault != SQLITE_OK ? fault : methods_of(file).xTruncate(real_of(file), size);
}
int sync_file(sqlite3_file* file, int flags) {
  const int fault = file_of(file).disk->sync();
  return fault != SQLITE_OK ? fault : methods_of(file).xSync(real_of(file), flags);
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
  new (out) File{{nullptr}, &disk_of(vfs), real};
  auto* below = disk_of(vfs).real();
  const int code = below->xOpen(below, name, real, flags, out_flags);
  if (real->pMethods != nullptr) out->pMethods = &methods;
  return code;
}

}  // namespace

FaultyDisk::FaultyDisk() : real_(sqlite3_vfs_find(nullptr)), shim_(*real_) {
  shim_.szOsFile += static_cast<int>(sizeof(File));
  shim_.zName = "faulty";
  shim_.pAppData = this;
  shim_.xOpen = open_file;
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

void FaultyDisk::heal() {
  faults_left_ = 0;
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
