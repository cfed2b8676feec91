#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "adapters/search_index/embedded/sqlite.hpp"
#include "adapters/search_index/embedded/vector_file.hpp"
#include "base/sync.hpp"

namespace kinora::search_file {

/// A row of videos is one video; of chunks one chunk, whose row id is made of the video's number and its own. Postings lie on
/// shelves: one per owner, and shelf 0 with everybody's public videos, so that a search reads nothing it may not show.
inline constexpr std::int64_t public_shelf = 0;
inline constexpr int chunk_bits = 16;
inline constexpr std::size_t chunks_max = std::size_t{1} << chunk_bits;
inline std::int64_t chunk_row(std::int64_t video, std::size_t chunk) {
  return video << chunk_bits | static_cast<std::int64_t>(chunk);
}

/// One element of postings.list, in the machine's byte order: the index never leaves its machine.
struct Posting {
  std::uint16_t chunk;
  std::uint16_t count;
  std::uint16_t chunk_terms;
};

struct VectorSpace {
  std::string model;
  std::size_t dimension = 0;
  std::shared_ptr<search_vectors::VectorFile> file;  // shared with the queries under way when a generation replaces it
};

/// The folder of the index: search.db and its vector files. Any thread.
class Files {
 public:
  /// Opens the index; one of another format, or a damaged one, is removed and made anew, empty: `made_anew` then says why.
  static Result<std::unique_ptr<Files>> open(std::filesystem::path folder);

  Result<std::unique_ptr<Connection>> connect() const { return Connection::open(folder_ / "search.db"); }
  const std::string& made_anew() const { return made_anew_; }

  std::shared_ptr<const VectorSpace> vectors(std::int64_t number) const;
  /// The same, made empty if it is not there: for a row of vector_files that is about to be committed. Under the writer only.
  Result<std::shared_ptr<const VectorSpace>> open_vectors(std::int64_t number, const std::string& model, std::size_t dimension);
  /// Its rows are gone. Queries that began before still find it, until the next one retires.
  void retire_vectors(std::int64_t number);

 private:
  using Spaces = std::map<std::int64_t, std::shared_ptr<const VectorSpace>>;
  struct Retired {
    std::int64_t number = 0;
    std::shared_ptr<const VectorSpace> space{};
  };

  explicit Files(std::filesystem::path folder) : folder_(std::move(folder)) {}
  Result<void> load();
  Result<void> load_vectors(Connection& connection);
  Result<void> remove_all() const;
  void remove_strays() const;
  std::filesystem::path vector_path(std::int64_t number) const;

  std::filesystem::path folder_;
  std::string made_anew_;
  Guarded<Spaces> spaces_;
  Guarded<Retired> retired_;
};

}  // namespace kinora::search_file
