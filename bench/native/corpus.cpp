#include "corpus.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>

namespace kinora::bench {

namespace {

constexpr std::size_t dimension = 384;
constexpr std::size_t people = 50;
constexpr std::size_t vocabulary = 30'000;
constexpr std::size_t words_per_chunk = 60;
constexpr std::size_t topics = 400;
constexpr float chunk_from_topic = 1.2F;
constexpr float query_from_chunk = 0.6F;
constexpr std::uint64_t seed = 20'261'128;

template <class SomeId>
SomeId id_of(std::size_t number) {
  SomeId id{};
  for (std::size_t byte = 0; byte < sizeof(std::uint32_t); ++byte) {
    id.uuid.bytes[15 - byte] = static_cast<std::uint8_t>(number & 0xFF);
    number >>= 8;
  }
  return id;
}

/// Of two letters for each digit of its rank, so that common words are short.
std::string spelled(std::size_t rank) {
  constexpr std::string_view consonants = "bdfgklmnprst";
  constexpr std::string_view vowels = "aeiou";
  std::string word;
  do {
    const auto digit = rank % (consonants.size() * vowels.size());
    word += {consonants[digit / vowels.size()], vowels[digit % vowels.size()]};
    rank /= consonants.size() * vowels.size();
  } while (rank > 0);
  return word;
}

std::string text_of(const std::vector<std::size_t>& words) {
  std::string text;
  for (const auto rank : words) text += (text.empty() ? "" : " ") + spelled(rank);
  return text;
}

Vector unit(Vector vector) {
  double squares = 0;
  for (const float each : vector) squares += double{each} * each;
  for (float& each : vector) each = static_cast<float>(each / std::sqrt(squares));
  return vector;
}

std::mt19937_64 source_of(std::size_t number) { return std::mt19937_64(seed + number); }

std::string language_of(std::size_t video) { return video % 2 == 0 ? "en" : "de"; }
std::size_t owner_of(std::size_t video) { return video / 2 % people; }

void append(std::ofstream& file, const Vector& vector) {
  file.write(reinterpret_cast<const char*>(vector.data()), static_cast<std::streamsize>(vector.size() * sizeof(float)));
}

}  // namespace

Corpus::Corpus(std::size_t videos) : videos_(videos) {
  double all = 0;
  for (std::size_t rank = 0; rank < vocabulary; ++rank) cumulated_.push_back(all += 1 / (static_cast<double>(rank) + 2.7));
  auto random = source_of(~std::size_t{0});
  for (std::size_t topic = 0; topic < topics; ++topic) topics_.push_back(near(Vector(dimension), 1, random));
}

IndexedVideo Corpus::video(std::size_t number) const {
  auto random = source_of(number);
  IndexedVideo video{.id = id_of<VideoId>(number),
                     .owner = id_of<UserId>(owner_of(number)),
                     .is_public = true,
                     .language = language_of(number),
                     .embedding_model = "bench"};
  const auto& topic = topics_[number % topics];
  for (std::size_t at = 0; at < chunks_per_video; ++at) {
    const Seconds start(18.0 * static_cast<double>(at));
    auto text = text_of(words(random));
    auto vector = near(topic, chunk_from_topic, random);
    video.chunks.push_back(
        {id_of<ChunkId>(number * chunks_per_video + at), start, start + 18s, std::move(text), std::move(vector)});
  }
  return video;
}

SearchQuery Corpus::query(std::size_t number) const {
  const auto asked = number * 46 % videos_;  // even: the language that is asked for
  auto random = source_of(asked);
  auto from = words(random);
  const auto vector = near(topics_[asked % topics], chunk_from_topic, random);
  std::ranges::sort(from);
  const auto [repeated, end] = std::ranges::unique(from);
  from.erase(repeated, end);
  from.erase(from.begin() + 3, from.end() - 3);
  return {.scope = {.owner = id_of<UserId>(owner_of(asked))},
          .text = text_of(from),
          .vector = near(vector, query_from_chunk, random),
          .limit = 10,
          .embedding_model = "bench"};
}

std::size_t Corpus::number_of(ChunkId chunk) {
  std::size_t number = 0;
  for (std::size_t byte = 12; byte < 16; ++byte) number = number << 8 | chunk.uuid.bytes[byte];
  return number;
}

void Corpus::write(const std::filesystem::path& folder, std::size_t queries) const {
  std::ofstream texts(folder / "chunks.tsv");
  std::ofstream vectors(folder / "vectors.f32", std::ios::binary);
  for (std::size_t number = 0; number < videos_; ++number)
    for (const auto& chunk : video(number).chunks) {
      texts << owner_of(number) << '\t' << language_of(number) << '\t' << chunk.text << '\n';
      append(vectors, chunk.vector);
    }
  std::ofstream questions(folder / "queries.tsv");
  std::ofstream meanings(folder / "queries.f32", std::ios::binary);
  for (std::size_t number = 0; number < queries; ++number) {
    const auto asked = query(number);
    questions << owner_of(number * 46 % videos_) << "\ten\t" << asked.text << '\n';
    append(meanings, asked.vector);
  }
}

Corpus::Words Corpus::words(std::mt19937_64& random) const {
  std::uniform_real_distribution<double> anywhere(0, cumulated_.back());
  Words words;
  for (std::size_t at = 0; at < words_per_chunk; ++at) {
    const auto found = std::ranges::upper_bound(cumulated_, anywhere(random));
    words.push_back(static_cast<std::size_t>(std::min(found - cumulated_.begin(), std::ptrdiff_t{vocabulary} - 1)));
  }
  return words;
}

Vector Corpus::near(const Vector& middle, float distance, std::mt19937_64& random) const {
  std::normal_distribution<float> component(0, distance / std::sqrt(static_cast<float>(dimension)));
  auto vector = middle;
  for (float& each : vector) each += component(random);
  return unit(std::move(vector));
}

}  // namespace kinora::bench
