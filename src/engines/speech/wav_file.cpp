#include "engines/speech/wav_file.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace kinora::speech {

static_assert(std::endian::native == std::endian::little, "WAV is little-endian, and so are all machines we run on");

namespace {

constexpr std::uint16_t pcm_tag = 1;
constexpr std::uint16_t extensible_tag = 0xfffe;
constexpr int chunks_max = 64;

struct ChunkHeader {
  std::array<char, 4> name;
  std::uint32_t size_bytes;
  std::string_view text() const { return {name.data(), name.size()}; }
};

struct Format {
  std::uint16_t tag;
  std::uint16_t channels;
  std::uint32_t rate;
  std::uint32_t bytes_per_second;
  std::uint16_t frame_bytes;
  std::uint16_t sample_bits;
};
static_assert(sizeof(Format) == 16 && sizeof(ChunkHeader) == 8);

template <class T>
bool read_into(std::FILE* file, T& value) {
  return std::fread(&value, sizeof value, 1, file) == 1;
}

std::unexpected<Error> not_speech_audio(std::string why) {
  return fail(ErrorKind::invalid, "the audio is not a 16 kHz mono 16-bit WAV: " + std::move(why));
}

Result<void> check(const Format& format) {
  const bool pcm = format.tag == pcm_tag || format.tag == extensible_tag;
  if (pcm && format.channels == 1 && format.rate == sample_rate && format.sample_bits == 16) return {};
  return not_speech_audio("format " + std::to_string(format.tag) + ", " + std::to_string(format.channels) + " channels, " +
                          std::to_string(format.rate) + " Hz, " + std::to_string(format.sample_bits) + " bits");
}

std::int64_t size_of(std::FILE* file) {
  const auto here = ftello(file);
  fseeko(file, 0, SEEK_END);
  const auto size_bytes = ftello(file);
  fseeko(file, here, SEEK_SET);
  return size_bytes;
}

/// Leaves the file at the first byte of `data` and yields its size as the header tells it.
Result<std::int64_t> find_data(std::FILE* file) {
  std::optional<Format> format;
  for (int i = 0; i < chunks_max; ++i) {
    ChunkHeader chunk{};
    if (!read_into(file, chunk)) return not_speech_audio("it ends before its samples");
    const auto start = ftello(file);
    if (chunk.text() == "data")
      return format ? Result<std::int64_t>(chunk.size_bytes) : not_speech_audio("samples before their format");
    if (chunk.text() == "fmt ") {
      format.emplace();
      if (chunk.size_bytes < sizeof(Format) || !read_into(file, *format)) return not_speech_audio("its format is cut short");
      if (auto fits = check(*format); !fits) return std::unexpected(std::move(fits.error()));
    }
    // Chunks are padded to even sizes.
    fseeko(file, start + chunk.size_bytes + (chunk.size_bytes & 1), SEEK_SET);
  }
  return not_speech_audio("no samples among its first " + std::to_string(chunks_max) + " chunks");
}

}  // namespace

Result<WavFile> WavFile::open(const std::filesystem::path& path) {
  File file(std::fopen(path.c_str(), "rbe"));
  if (!file) return fail(ErrorKind::invalid, "the audio file cannot be opened: " + std::string(std::strerror(errno)));
  std::array<char, 12> head{};
  const bool riff =
      read_into(file.get(), head) && std::memcmp(head.data(), "RIFF", 4) == 0 && std::memcmp(head.data() + 8, "WAVE", 4) == 0;
  if (!riff) return not_speech_audio("no RIFF/WAVE header");
  const auto told_bytes = find_data(file.get());
  if (!told_bytes) return std::unexpected(told_bytes.error());
  // A writer that was cut off, or wrote to a pipe, tells a size that is not there.
  const auto data_offset = ftello(file.get());
  const auto there_bytes = std::max<std::int64_t>(0, size_of(file.get()) - data_offset);
  const auto samples = std::min(*told_bytes, there_bytes) / static_cast<std::int64_t>(sizeof(std::int16_t));
  return WavFile(std::move(file), data_offset, samples);
}

std::vector<float> WavFile::read(std::int64_t first, std::int64_t count) const {
  const auto wanted = std::clamp<std::int64_t>(samples_ - first, 0, count);
  std::vector<std::int16_t> raw(static_cast<std::size_t>(wanted));
  fseeko(file_.get(), data_offset_ + first * static_cast<std::int64_t>(sizeof(std::int16_t)), SEEK_SET);
  raw.resize(std::fread(raw.data(), sizeof(std::int16_t), raw.size(), file_.get()));
  std::vector<float> samples(raw.size());
  std::ranges::transform(raw, samples.begin(), [](std::int16_t each) { return static_cast<float>(each) / 32768.0F; });
  return samples;
}

}  // namespace kinora::speech
