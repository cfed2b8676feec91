#include "adapters/search_index/embedded/writer.hpp"

#include <algorithm>
#include <limits>

#include "adapters/search_index/embedded/compaction.hpp"
#include "adapters/search_index/embedded/tokenizer.hpp"
#include "adapters/search_index/embedded/vectors.hpp"
#include "base/failpoints.hpp"

namespace kinora::search_file {

namespace {

constexpr std::size_t count_max = std::numeric_limits<std::uint16_t>::max();

bool is_direction(std::span<const float> vector) {
  double squares = 0;
  for (const float each : vector) squares += double{each} * each;
  return squares > 0.9 && squares < 1.1;  // false for NaN too
}

/// Of the vectors; 0 when there are none.
std::size_t dimension_of(const IndexedVideo& video) {
  std::size_t dimension = 0;
  for (const auto& chunk : video.chunks) dimension = std::max(dimension, chunk.vector.size());
  return dimension;
}

std::vector<std::string> distinct(std::vector<std::string> terms) {
  std::ranges::sort(terms);
  const auto repeated = std::ranges::unique(terms);
  terms.erase(repeated.begin(), repeated.end());
  return terms;
}

/// Fills the postings chunk by chunk.
class Inverter {
 public:
  void add(std::size_t chunk, std::size_t chunk_terms, const std::vector<std::string>& terms) {
    for (const auto& term : terms) {
      auto& list = words_.postings[term];
      const auto number = static_cast<std::uint16_t>(chunk);
      if (list.empty() || list.back().chunk != number)
        list.push_back({number, 0, static_cast<std::uint16_t>(std::min(chunk_terms, count_max))});
      if (list.back().count < count_max) ++list.back().count;
    }
  }
  void count(std::size_t terms) { words_.terms += static_cast<std::int64_t>(terms); }
  Inverted words() && { return std::move(words_); }

 private:
  Inverted words_;
};

std::vector<std::string> texts_of(const IndexedVideo& video) {
  std::vector<std::string> texts;
  texts.reserve(video.chunks.size());
  for (const auto& chunk : video.chunks) texts.push_back(chunk.text);
  return texts;
}

}  // namespace

Inverted invert(const std::string& title, std::span<const std::string> chunks) {
  Inverter inverter;
  const auto title_terms = distinct(search_terms::of_text(title));
  for (std::size_t chunk = 0; chunk < chunks.size(); ++chunk) {
    const auto terms = search_terms::of_text(chunks[chunk]);
    inverter.count(terms.size());
    inverter.add(chunk, terms.size(), terms);
    inverter.add(chunk, terms.size(), title_terms);
  }
  return std::move(inverter).words();
}

Result<void> check(const IndexedVideo& video) {
  if (video.chunks.size() > chunks_max)
    return fail(ErrorKind::invalid, "a video has " + std::to_string(video.chunks.size()) + " chunks; the index takes " +
                                        std::to_string(chunks_max) + ": make them longer");
  const auto dimension = dimension_of(video);
  if (dimension == 0) return {};
  if (video.embedding_model.empty()) return fail(ErrorKind::invalid, "chunks with vectors must name their embedding model");
  for (const auto& chunk : video.chunks) {
    if (chunk.vector.empty()) continue;
    if (chunk.vector.size() != dimension) return fail(ErrorKind::invalid, "the vectors of a video must be of one dimension");
    if (!is_direction(chunk.vector)) return fail(ErrorKind::invalid, "a chunk's vector is not of length 1");
  }
  return {};
}

Result<std::unique_ptr<Writer>> Writer::open(Files& files) {
  auto connection = files.connect();
  if (!connection) return std::unexpected(std::move(connection.error()));
  std::unique_ptr<Writer> writer(new Writer(files, *std::move(connection)));
  if (auto prepared = writer->connection_->outcome(); !prepared) return std::unexpected(std::move(prepared.error()));
  return writer;
}

Writer::Writer(Files& files, std::unique_ptr<Connection> connection)
    : files_(files),
      connection_(std::move(connection)),
      find_(*connection_, "SELECT number, shelf, is_public, title, chunks, vector_file FROM videos WHERE id = ?1"),
      chunk_texts_(*connection_, "SELECT text FROM chunks WHERE number BETWEEN ?1 AND ?2 ORDER BY number"),
      delete_posting_(*connection_, "DELETE FROM postings WHERE shelf = ?1 AND term = ?2 AND video = ?3"),
      delete_chunks_(*connection_, "DELETE FROM chunks WHERE number BETWEEN ?1 AND ?2"),
      delete_video_(*connection_, "DELETE FROM videos WHERE number = ?1"),
      make_shelf_(*connection_, "INSERT INTO shelves (owner) VALUES (?1) ON CONFLICT DO NOTHING"),
      find_shelf_(*connection_, "SELECT number FROM shelves WHERE owner = ?1"),
      insert_video_(*connection_,
                    "INSERT INTO videos (id, shelf, is_public, language, title, chunks, terms, vector_file, first_slot)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
      insert_chunk_(*connection_,
                    "INSERT INTO chunks (number, id, starts, ends, text, vector) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"),
      insert_posting_(*connection_, "INSERT INTO postings (shelf, term, video, list) VALUES (?1, ?2, ?3, ?4)"),
      find_generation_(*connection_, "SELECT number, slots FROM vector_files WHERE model = ?1 AND dimension = ?2"),
      make_generation_(*connection_, "INSERT INTO vector_files (model, dimension, slots, alive) VALUES (?1, ?2, ?3, ?3)"),
      use_slots_(*connection_, "UPDATE vector_files SET slots = slots + ?2, alive = alive + ?2 WHERE number = ?1"),
      free_slots_(*connection_, "UPDATE vector_files SET alive = alive - ?2 WHERE number = ?1") {}

Result<void> Writer::replace(const IndexedVideo& video) {
  if (auto fits = check(video); !fits) return fits;
  const auto texts = texts_of(video);
  const auto words = invert(video.title, texts);
  Session writing(*connection_, Access::write);
  erase(video.id);
  insert(video, words);
  if (auto wanted = may_fail("search.commit"); !wanted) connection_->note(std::move(wanted.error()));
  return writing.end();
}

Result<void> Writer::remove(VideoId video) {
  Session writing(*connection_, Access::write);
  erase(video);
  return writing.end();
}

Result<void> Writer::compact_if_due() { return search_file::compact_if_due(*connection_, files_); }

std::optional<Writer::Stored> Writer::find(VideoId video) {
  const auto id = video.canonical();
  find_.start(id);
  if (!find_.next()) return std::nullopt;
  Stored stored{find_.integer(0),           find_.integer(1), find_.integer(2) != 0,
                std::string(find_.text(3)), find_.integer(4), find_.integer(5)};
  find_.reset();
  return stored;
}

void Writer::erase(VideoId video) {
  const auto stored = find(video);
  if (!stored) return;
  erase_postings(*stored);
  delete_chunks_.run(chunk_row(stored->number, 0), chunk_row(stored->number, chunks_max - 1));
  delete_video_.run(stored->number);
  if (stored->vector_file != 0) free_slots_.run(stored->vector_file, stored->chunks);
}

// Which postings a video has, its texts tell: cheaper than a second index over the largest table.
void Writer::erase_postings(const Stored& video) {
  std::vector<std::string> texts;
  chunk_texts_.start(chunk_row(video.number, 0), chunk_row(video.number, chunks_max - 1));
  while (chunk_texts_.next()) texts.emplace_back(chunk_texts_.text(0));
  for (const auto& [term, list] : invert(video.title, texts).postings) {
    delete_posting_.run(video.shelf, term, video.number);
    if (video.is_public) delete_posting_.run(public_shelf, term, video.number);
  }
}

void Writer::insert(const IndexedVideo& video, const Inverted& words) {
  const auto place = append_vectors(video);
  const auto shelf = shelf_of(video.owner);
  const auto id = video.id.canonical();
  insert_video_.run(id, shelf, std::int64_t{video.is_public}, video.language, video.title,
                    static_cast<std::int64_t>(video.chunks.size()), words.terms, place.vector_file, place.first_slot);
  const auto number = connection_->last_row();
  insert_chunks(number, video);
  insert_postings(shelf, number, words);
  if (video.is_public) insert_postings(public_shelf, number, words);
}

void Writer::insert_chunks(std::int64_t number, const IndexedVideo& video) {
  for (std::size_t i = 0; i < video.chunks.size(); ++i) {
    const auto& chunk = video.chunks[i];
    const auto id = chunk.id.canonical();
    const auto vector = search_vectors::fixed_point_of(chunk.vector);
    insert_chunk_.run(chunk_row(number, i), id, chunk.start.count(), chunk.end.count(), chunk.text,
                      std::span<const std::byte>(vector));
  }
}

void Writer::insert_postings(std::int64_t shelf, std::int64_t number, const Inverted& words) {
  for (const auto& [term, list] : words.postings) insert_posting_.run(shelf, term, number, std::as_bytes(std::span(list)));
}

std::int64_t Writer::shelf_of(UserId owner) {
  const auto id = owner.canonical();
  make_shelf_.run(id);
  find_shelf_.start(id);
  const auto shelf = find_shelf_.next() ? find_shelf_.integer(0) : 0;
  find_shelf_.reset();
  return shelf;
}

Writer::Generation Writer::generation_of(const std::string& model, std::size_t dimension) {
  const auto width = static_cast<std::int64_t>(dimension);
  find_generation_.start(model, width);
  if (find_generation_.next()) {
    Generation found{find_generation_.integer(0), find_generation_.integer(1)};
    find_generation_.reset();
    return found;
  }
  make_generation_.run(model, width, std::int64_t{0});
  return {connection_->last_row(), 0};
}

Writer::Place Writer::append_vectors(const IndexedVideo& video) {
  const auto dimension = dimension_of(video);
  if (dimension == 0) return {};
  const auto generation = generation_of(video.embedding_model, dimension);
  if (!connection_->good()) return {};
  auto space = files_.open_vectors(generation.number, video.embedding_model, dimension);
  if (!space) {
    connection_->note(std::move(space.error()));
    return {};
  }
  const auto size = search_vectors::slot_size(dimension);
  Bytes slots(size * video.chunks.size());
  for (std::size_t i = 0; i < video.chunks.size(); ++i)
    search_vectors::write_slot(video.chunks[i].vector, std::span(slots).subspan(i * size, size));
  auto written = (*space)->file->write(static_cast<std::size_t>(generation.slots) * size, slots);
  if (!written) connection_->note(std::move(written.error()));
  use_slots_.run(generation.number, static_cast<std::int64_t>(video.chunks.size()));
  return {generation.number, generation.slots};
}

}  // namespace kinora::search_file
