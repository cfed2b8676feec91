#pragma once

#include <string>
#include <vector>

#include "modules/search/chunks.hpp"
#include "modules/search/search.hpp"

/// All SQL of search. Every function is, or runs inside, a transaction body.
namespace kinora::search {

struct Chunk {
  ChunkId id{};
  Seconds start{0};
  Seconds end{0};
  std::string text;
};
/// Replaces the video's chunks; their vectors go with them.
Task<Result<void>> put_chunks(Transaction tx, VideoId video, std::string language, std::vector<Chunk> chunks);
Task<Result<std::vector<Chunk>>> chunks_of(Transaction tx, VideoId video);

struct ChunkVector {
  ChunkId chunk{};
  Vector vector;
};
Task<Result<void>> put_vectors(Transaction tx, std::string model, std::vector<ChunkVector> vectors);
Task<Result<std::vector<ChunkVector>>> vectors_of(Transaction tx, VideoId video, std::string model);

/// The words of texts that are asked about again and again, under the hashes of the texts. Empty unless all are there.
Task<Result<std::vector<WordVectors>>> find_words(Transaction tx, std::string model, std::vector<std::string> texts);
/// Instead of whatever was kept before.
Task<Result<void>> put_words(Transaction tx, std::string model, std::vector<std::string> texts, std::vector<WordVectors> words);

/// All rows about a video that is gone.
Task<Result<void>> forget_video(Transaction tx, VideoId video);
/// Videos whose last word is that they are in the index.
Task<Result<std::vector<VideoId>>> indexed_videos(Transaction tx);
Task<Result<void>> note_indexed(Transaction tx, VideoId video, std::string engine);

}  // namespace kinora::search
