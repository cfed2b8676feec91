#include "modules/search/store.hpp"

#include <array>
#include <cstring>
#include <span>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/sha256.hpp"

namespace kinora::search {

namespace {

constexpr Sql delete_chunks{R"sql(DELETE FROM search_chunks WHERE video_id = $1)sql"};
constexpr Sql insert_chunk{R"sql(
  INSERT INTO search_chunks (id, video_id, position, start_s, end_s, text, language) VALUES ($1, $2, $3, $4, $5, $6, $7))sql"};
constexpr Sql chunks_by_video{R"sql(
  SELECT id, start_s, end_s, text FROM search_chunks WHERE video_id = $1 ORDER BY position)sql"};
constexpr Sql insert_vector{R"sql(
  INSERT INTO search_vectors (chunk_id, model, vector) VALUES ($1, $2, $3)
  ON CONFLICT (chunk_id, model) DO UPDATE SET vector = excluded.vector)sql"};
constexpr Sql vectors_by_video{R"sql(
  SELECT v.chunk_id, v.vector FROM search_vectors v JOIN search_chunks c ON c.id = v.chunk_id
  WHERE c.video_id = $1 AND v.model = $2 ORDER BY c.position)sql"};
constexpr Sql delete_index_state{R"sql(DELETE FROM index_states WHERE video_id = $1)sql"};
constexpr Sql all_indexed{R"sql(SELECT video_id FROM index_states ORDER BY video_id)sql"};
constexpr Sql indexed{R"sql(
  INSERT INTO index_states (video_id, engine, version, indexed_at) VALUES ($1, $2, 1, db_now())
  ON CONFLICT (video_id) DO UPDATE SET engine = excluded.engine, version = index_states.version + 1,
    indexed_at = excluded.indexed_at)sql"};

constexpr Sql words_of_text{R"sql(SELECT words, vectors FROM text_words WHERE model = $1 AND text_sha256 = $2)sql"};
constexpr Sql insert_words{R"sql(
  INSERT INTO text_words (model, text_sha256, words, vectors) VALUES ($1, $2, $3, $4)
  ON CONFLICT (model, text_sha256) DO NOTHING)sql"};
constexpr Sql delete_words{R"sql(DELETE FROM text_words WHERE model = $1)sql"};

struct WordsRow {
  std::string words{};  ///< JSON
  Bytes vectors{};      ///< of each word, one behind the other
};
struct VectorRow {
  ChunkId chunk{};
  Bytes vector{};
};

// Little-endian 32-bit floats, as every machine we run on has them in memory.
Bytes bytes_of_vector(const Vector& vector) {
  Bytes bytes(vector.size() * sizeof(float));
  std::memcpy(bytes.data(), vector.data(), bytes.size());
  return bytes;
}
Vector vector_of_bytes(const Bytes& bytes) {
  Vector vector(bytes.size() / sizeof(float));
  std::memcpy(vector.data(), bytes.data(), vector.size() * sizeof(float));
  return vector;
}

WordsRow row_of(const WordVectors& words) {
  std::vector<std::string> texts;
  Vector vectors;
  for (const auto& word : words) {
    texts.push_back(word.word);
    vectors.insert(vectors.end(), word.vector.begin(), word.vector.end());
  }
  return {to_json(texts), bytes_of_vector(vectors)};
}
Result<WordVectors> words_from(const WordsRow& row) {
  auto texts = from_json_text<std::vector<std::string>>(row.words);
  if (!texts) return std::unexpected(std::move(texts.error()));
  const auto numbers = vector_of_bytes(row.vectors);
  const auto each = texts->empty() ? 0 : numbers.size() / texts->size();
  WordVectors words;
  for (std::size_t at = 0; at < texts->size(); ++at) {
    const auto first = numbers.begin() + static_cast<std::ptrdiff_t>(at * each);
    words.push_back({std::move((*texts)[at]), Vector(first, first + static_cast<std::ptrdiff_t>(each))});
  }
  return words;
}

}  // namespace

Task<Result<void>> put_chunks(Transaction tx, VideoId video, std::string language, std::vector<Chunk> chunks) {
  co_await ok(tx.change(delete_chunks, video));
  std::int64_t position = 0;
  for (const auto& chunk : chunks)
    co_await ok(tx.change(insert_chunk, chunk.id, video, position++, chunk.start, chunk.end, chunk.text, language));
  co_return {};
}

Task<Result<std::vector<Chunk>>> chunks_of(Transaction tx, VideoId video) { return tx.all<Chunk>(chunks_by_video, video); }

Task<Result<void>> put_vectors(Transaction tx, std::string model, std::vector<ChunkVector> vectors) {
  for (const auto& each : vectors) co_await ok(tx.change(insert_vector, each.chunk, model, bytes_of_vector(each.vector)));
  co_return {};
}

Task<Result<std::vector<ChunkVector>>> vectors_of(Transaction tx, VideoId video, std::string model) {
  std::vector<ChunkVector> vectors;
  const auto rows = co_await ok(tx.all<VectorRow>(vectors_by_video, video, std::move(model)));
  for (const auto& row : rows) vectors.push_back({row.chunk, vector_of_bytes(row.vector)});
  co_return vectors;
}

Task<Result<std::vector<WordVectors>>> find_words(Transaction tx, std::string model, std::vector<std::string> texts) {
  std::vector<WordVectors> found;
  for (const auto& text : texts) {
    const auto row = co_await ok(tx.find<WordsRow>(words_of_text, model, sha256_of(text)));
    if (!row) co_return std::vector<WordVectors>();
    found.push_back(co_await ok(words_from(*row)));
  }
  co_return found;
}

Task<Result<void>> put_words(Transaction tx, std::string model, std::vector<std::string> texts,
                             std::vector<WordVectors> words) {
  co_await ok(tx.change(delete_words, model));
  for (std::size_t at = 0; at < texts.size(); ++at) {
    auto row = row_of(words[at]);
    co_await ok(tx.change(insert_words, model, sha256_of(texts[at]), std::move(row.words), std::move(row.vectors)));
  }
  co_return {};
}

Task<Result<void>> forget_video(Transaction tx, VideoId video) {
  co_await ok(tx.change(delete_chunks, video));
  co_await ok(tx.change(delete_index_state, video));
  co_return {};
}

Task<Result<std::vector<VideoId>>> indexed_videos(Transaction tx) { return tx.all<VideoId>(all_indexed); }

Task<Result<void>> note_indexed(Transaction tx, VideoId video, std::string engine) {
  co_await ok(tx.change(indexed, video, std::move(engine)));
  co_return {};
}

}  // namespace kinora::search
