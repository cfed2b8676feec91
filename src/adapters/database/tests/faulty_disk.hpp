#pragma once

#include <sqlite3.h>

#include <atomic>
#include <limits>

namespace kinora::testing {

/// While it lives, SQLite opens its files through it: it counts and fails writes and syncs. One at a time.
class FaultyDisk {
 public:
  FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  ~FaultyDisk();

  /// From the nth change (write, truncate or sync) counted from now, `times` changes fail with SQLite's `code`.
  void fail_changes(int nth, int times, int code);
  /// The nth sync from now fails, once.
  void fail_sync(int nth);
  void heal();
  /// A fault was met since it was asked for.
  bool has_failed() const { return failed_; }
  int syncs() const { return syncs_; }

  static constexpr int for_ever = std::numeric_limits<int>::max();

  /// What the next change, or sync, comes to.
  int change();
  int sync();
  sqlite3_vfs* real() const { return real_; }

 private:
  sqlite3_vfs* real_;
  sqlite3_vfs shim_;
  std::atomic<int> changes_until_fault_ = for_ever;
  std::atomic<int> faults_left_ = 0;
  std::atomic<int> code_ = SQLITE_OK;
  std::atomic<int> syncs_until_fault_ = for_ever;
  std::atomic<int> syncs_ = 0;
  std::atomic<bool> failed_ = false;
};

}  // namespace kinora::testing
