#pragma once

#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <limits>
#include <mutex>
#include <string>
#include <vector>

namespace kinora::testing {

/// What a power cut leaves of the bytes that were not synced.
enum class Unsynced : std::uint8_t { lost, half, kept };

/// While it lives, SQLite opens its files through it: it counts and fails writes, syncs and removals. One at a time.
class FaultyDisk {
 public:
  FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  ~FaultyDisk();

  /// From the nth change (write, truncate or sync) counted from now, `times` changes fail with SQLite's `code`.
  void fail_changes(int nth, int times, int code);
  /// The nth sync from now fails, once.
  void fail_sync(int nth);
  /// The nth change from now, if it is a write, is done by half and fails; once.
  void tear_change(int nth);
  /// The nth change from now fails, and all that come after it.
  void cut_power(int nth);
  /// When the files are closed after that: takes away what had not been synced, as far as told.
  void lose_unsynced(Unsynced how);
  void heal();
  /// A fault was met since it was asked for.
  bool has_failed() const { return failed_; }
  int syncs() const { return syncs_; }
  /// Locks that were taken or given back to read or to write.
  int locks() const { return locks_; }

  static constexpr int for_ever = std::numeric_limits<int>::max();

  /// What the next change, or sync, comes to.
  int change();
  int sync();
  bool tears();
  void count_lock() { ++locks_; }
  /// What a write is about to replace; until it is synced, a power cut may bring it back.
  void remember(const std::filesystem::path& file, std::int64_t size, std::int64_t at, std::string old);
  void forget(const std::filesystem::path& file);
  sqlite3_vfs* real() const { return real_; }

 private:
  sqlite3_vfs* real_;
  sqlite3_vfs shim_;
  std::atomic<int> changes_until_fault_ = for_ever;
  std::atomic<int> faults_left_ = 0;
  std::atomic<int> code_ = SQLITE_OK;
  std::atomic<int> syncs_until_fault_ = for_ever;
  std::atomic<int> syncs_ = 0;
  std::atomic<int> locks_ = 0;
  std::atomic<bool> failed_ = false;
  std::atomic<bool> tearing_ = false;
  struct Replaced {
    std::filesystem::path file;
    std::int64_t size;  ///< of the whole file then
    std::int64_t at;
    std::string bytes;
  };
  std::mutex mutex_;
  std::vector<Replaced> unsynced_;
};

}  // namespace kinora::testing
