#include "adapters/search_index/embedded/compaction.hpp"

#include <optional>
#include <vector>

#include "adapters/search_index/embedded/vectors.hpp"

namespace kinora::search_file {

namespace {

// Below this a rewrite costs more than the dead slots do: a scan never reads them, they only lie on the disk.
constexpr std::int64_t dead_slots_min = 10'000;

// Slots are copied in pieces of about this size, each made durable on its own.
constexpr std::size_t piece_bytes = std::size_t{4} << 20;

struct Run {
  std::int64_t video;
  std::int64_t first_slot;
  std::int64_t slots;
};

std::optional<std::int64_t> mostly_dead(Connection& connection) {
  Statement due(connection, "SELECT number FROM vector_files WHERE slots - alive > max(alive, ?1) LIMIT 1");
  due.start(dead_slots_min);
  return due.next() ? std::optional(due.integer(0)) : std::nullopt;
}

std::int64_t begin_generation(Connection& connection, const VectorSpace& old) {
  Statement make(connection, "INSERT INTO vector_files (model, dimension, slots, alive) VALUES (?1, ?2, 0, 0)");
  make.run(old.model, static_cast<std::int64_t>(old.dimension));
  return connection.last_row();
}

std::vector<Run> runs_of(Connection& connection, std::int64_t generation) {
  std::vector<Run> runs;
  Statement videos(connection, "SELECT number, first_slot, chunks FROM videos WHERE vector_file = ?1 ORDER BY first_slot");
  for (videos.start(generation); videos.next();) runs.push_back({videos.integer(0), videos.integer(1), videos.integer(2)});
  return runs;
}

/// Gathers runs of slots and writes them one after the other.
class Copier {
 public:
  Copier(const VectorSpace& from, const VectorSpace& to)
      : from_(from.file->mapping()), to_(to), slot_size_(search_vectors::slot_size(from.dimension)) {}

  /// Yields the first slot of the run in the new file.
  Result<std::int64_t> add(const Run& run) {
    const auto first = static_cast<std::int64_t>((written_bytes_ + piece_.size()) / slot_size_);
    const auto slots = from_->bytes().subspan(static_cast<std::size_t>(run.first_slot) * slot_size_,
                                              static_cast<std::size_t>(run.slots) * slot_size_);
    piece_.insert(piece_.end(), slots.begin(), slots.end());
    if (piece_.size() < piece_bytes) return first;
    if (auto written = write(); !written) return std::unexpected(std::move(written.error()));
    return first;
  }
  Result<void> write() {
    auto written = to_.file->write(written_bytes_, piece_);
    written_bytes_ += piece_.size();
    piece_.clear();
    return written;
  }

 private:
  std::shared_ptr<const search_vectors::Mapping> from_;
  const VectorSpace& to_;
  std::size_t slot_size_;
  std::size_t written_bytes_ = 0;
  Bytes piece_;
};

Result<std::int64_t> move_runs(Connection& connection, std::int64_t old_number, std::int64_t new_number, Copier copier) {
  Statement point(connection, "UPDATE videos SET vector_file = ?2, first_slot = ?3 WHERE number = ?1");
  std::int64_t alive = 0;
  for (const auto& run : runs_of(connection, old_number)) {
    const auto first = copier.add(run);
    if (!first) return std::unexpected(first.error());
    point.run(run.video, new_number, *first);
    alive += run.slots;
  }
  if (auto written = copier.write(); !written) return std::unexpected(std::move(written.error()));
  return alive;
}

}  // namespace

Result<void> compact_if_due(Connection& connection, Files& files) {
  const auto old_number = mostly_dead(connection);
  if (!old_number) return connection.outcome();
  const auto old = files.vectors(*old_number);

  Session writing(connection, Access::write);
  const auto new_number = begin_generation(connection, *old);
  auto fresh = files.open_vectors(new_number, old->model, old->dimension);
  if (!fresh) return std::unexpected(std::move(fresh.error()));
  const auto alive = move_runs(connection, *old_number, new_number, Copier(*old, **fresh));
  if (!alive) return std::unexpected(alive.error());
  Statement(connection, "UPDATE vector_files SET slots = ?2, alive = ?2 WHERE number = ?1").run(new_number, *alive);
  Statement(connection, "DELETE FROM vector_files WHERE number = ?1").run(*old_number);
  auto moved = writing.end();
  if (moved) files.retire_vectors(*old_number);
  return moved;
}

}  // namespace kinora::search_file
