#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/search_index/embedded/files.hpp"
#include "ports/search_index.hpp"

namespace kinora::search_file {

/// The words of a video as they will lie on its shelves.
struct Inverted {
  std::map<std::string, std::vector<Posting>> postings;  ///< sorted as the table is: neighbours land on one page
  std::int64_t terms = 0;                                ///< spoken, all chunks together
};
/// The title counts as said once in every chunk: it tells what each of them is about.
Inverted invert(const std::string& title, std::span<const std::string> chunks);

/// Yields invalid for what the index cannot hold: too many chunks, vectors of several dimensions, numbers that are no
/// direction.
Result<void> check(const IndexedVideo& video);

/// The one that writes. One thread at a time. Vectors are durable before the transaction that names them commits.
class Writer {
 public:
  /// `files` must outlive it.
  static Result<std::unique_ptr<Writer>> open(Files& files);

  Result<void> replace(const IndexedVideo& video);
  Result<void> remove(VideoId video);
  /// After either.
  Result<void> compact_if_due();

 private:
  struct Stored {
    std::int64_t number;
    std::int64_t shelf;
    bool is_public;
    std::string title;
    std::int64_t chunks;
    std::int64_t vector_file;
  };
  struct Place {
    std::int64_t vector_file = 0;
    std::int64_t first_slot = 0;
  };
  struct Generation {
    std::int64_t number = 0;
    std::int64_t slots = 0;
  };

  Writer(Files& files, std::unique_ptr<Connection> connection);

  void erase(VideoId video);
  std::optional<Stored> find(VideoId video);
  void erase_postings(const Stored& video);
  void insert(const IndexedVideo& video, const Inverted& words);
  void insert_chunks(std::int64_t number, const IndexedVideo& video);
  void insert_postings(std::int64_t shelf, std::int64_t number, const Inverted& words);
  std::int64_t shelf_of(UserId owner);

  Place append_vectors(const IndexedVideo& video);
  Generation generation_of(const std::string& model, std::size_t dimension);

  Files& files_;
  std::unique_ptr<Connection> connection_;
  Statement find_, chunk_texts_, delete_posting_, delete_chunks_, delete_video_;
  Statement make_shelf_, find_shelf_, insert_video_, insert_chunk_, insert_posting_;
  Statement find_generation_, make_generation_, use_slots_, free_slots_;
};

}  // namespace kinora::search_file
