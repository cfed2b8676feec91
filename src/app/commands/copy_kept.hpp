#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "app/config.hpp"

/// Copies of a data directory. A backup is a data directory itself: `kinora check` examines it, and a server could run on it.
namespace kinora::app {

/// What of it holds what must survive. The search index does not: the next start makes it again.
struct Kept {
  std::filesystem::path root;
  std::string database_url;

  static Kept by(const Config& config) { return {config.data, config.database_url}; }
  static Kept in(const std::filesystem::path& folder) { return {folder, "sqlite:" + (folder / "kinora.db").string()}; }
};

/// How far a copy has come.
struct CopyProgress {
  std::size_t files = 0;
  std::size_t files_of = 0;
  std::uint64_t bytes = 0;
  std::uint64_t bytes_of = 0;
};

struct Copied {
  CopyProgress all{};
  std::uint64_t bytes_written = 0;     ///< the rest lay there already
  std::vector<std::string> damaged{};  ///< a sentence for each file that could not be copied
};

/// Brings a copy up to date, while a server uses what is copied: the database as it is at one moment, and every file that it
/// names, each compared with its hash on the way. Until the new database is whole, the copy stays what it was; ended in the
/// middle, it goes on the next time. Blocks. Errors: not_found (nothing to copy), conflict (`to` is in use), unavailable.
Result<Copied> copy_kept(const Kept& from, const Kept& to, const std::function<void(const CopyProgress&)>& tell);

}  // namespace kinora::app
