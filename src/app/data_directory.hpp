#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "ports/random.hpp"

namespace kinora::app {

/// The one folder in which a server keeps all that must survive, and the proof that no other server uses it: the lock holds
/// while this lives, and ends with the process whatever happens. Used while starting, by one thread.
class DataDirectory {
 public:
  /// Makes what is missing, for nobody's eyes but ours. Errors: conflict (another server holds it: the message names its
  /// process id), unavailable (it cannot be made, written or locked).
  static Result<DataDirectory> open(std::filesystem::path root);
  /// The lock alone, of a folder that is there: what is in it stays as it is. Errors: not_found, and those of open().
  static Result<DataDirectory> hold(std::filesystem::path root);
  DataDirectory(DataDirectory&& other) noexcept;
  DataDirectory& operator=(DataDirectory&&) = delete;
  ~DataDirectory();

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path blobs() const { return root_ / "blobs"; }    ///< sources and renditions
  std::filesystem::path search() const { return root_ / "search"; }  ///< disposable: can be built again
  std::filesystem::path run() const { return root_ / "run"; }        ///< sockets of children; emptied at each start
  std::filesystem::path logs() const { return root_ / "logs"; }

  /// A secret of this installation: 32 random bytes as base64url, made at first use, the same from then on. `name` is a plain
  /// word. Errors: unavailable (cannot be kept), invalid (its file was damaged).
  Result<std::string> secret(std::string_view name, Random& random) const;

  /// Tells other commands of this machine where the server listens. See announced_url().
  Result<void> announce(std::string_view url) const;

 private:
  DataDirectory(std::filesystem::path root, int lock) : root_(std::move(root)), lock_(lock) {}

  std::filesystem::path root_;
  int lock_;  ///< descriptor that holds the flock; -1 once moved from
};

/// Whether a server holds the lock of this data directory.
bool is_in_use(const std::filesystem::path& root);

/// Where the server of this data directory listens, as it said when it started last; nothing before it ever started.
std::optional<std::string> announced_url(const std::filesystem::path& root);

/// A folder that only we can enter, with its parents. One that exists keeps its rights. Errors: unavailable.
Result<void> make_private_folder(const std::filesystem::path& folder);

}  // namespace kinora::app
