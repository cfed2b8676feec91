#include "adapters/blob_store/local/local_blob_reader.hpp"

#include <sys/uio.h>

#include <algorithm>

#include "base/encoding.hpp"

namespace kinora {

namespace {

// A copy of this size takes about 25 microseconds: less than going to a pool and back.
constexpr std::size_t inline_bytes_max = 256 << 10;

std::unexpected<Error> became_shorter() {
  return fail(ErrorKind::unavailable, "a blob is shorter than it was when it was opened");
}

/// Without waiting for the disk; -1 when that is not possible.
ssize_t read_cached(const BlobFile& file, std::span<std::byte> buffer, std::uint64_t offset) {
  const iovec part{buffer.data(), std::min(buffer.size(), inline_bytes_max)};
  return ::preadv2(file.fd(), &part, 1, static_cast<off_t>(offset), RWF_NOWAIT);
}

/// Whether the kernel has both ends in memory; what it reads ahead lies between.
bool is_cached(const BlobFile& file, const FilePiece& piece) {
  std::byte one{};
  return read_cached(file, {&one, 1}, piece.offset) == 1 && read_cached(file, {&one, 1}, piece.offset + piece.size - 1) == 1;
}

/// Brings the piece into the kernel's memory.
Result<void> warm(const BlobFile& file, FilePiece piece) {
  Bytes unused(std::min(piece.size, inline_bytes_max));
  while (piece.size > 0) {
    const auto count = BlobFiles::read(file, std::span(unused).first(std::min(unused.size(), piece.size)), piece.offset);
    if (!count) return std::unexpected(count.error());
    if (*count == 0) return became_shorter();
    piece.offset += *count;
    piece.size -= *count;
  }
  return {};
}

}  // namespace

Task<Result<std::size_t>> LocalBlobReader::read(std::span<std::byte> buffer) {
  const auto wanted = buffer.first(static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left_)));
  if (wanted.empty()) co_return std::size_t{0};
  const auto cached = read_cached(*file_, wanted, offset_);
  auto count = static_cast<std::size_t>(std::max<ssize_t>(cached, 0));
  if (count == 0) count = co_await ok(on(files_, [this, wanted] { return BlobFiles::read(*file_, wanted, offset_); }));
  if (count == 0) co_return became_shorter();
  pass(count);
  co_return count;
}

Task<Result<std::optional<FilePiece>>> LocalBlobReader::next_piece(std::size_t size_max) {
  const FilePiece piece{file_->fd(), offset_, static_cast<std::size_t>(std::min<std::uint64_t>(size_max, left_))};
  if (piece.size > 0 && !is_cached(*file_, piece)) co_await ok(on(files_, [this, piece] { return warm(*file_, piece); }));
  pass(piece.size);
  co_return piece;
}

void LocalBlobReader::pass(std::size_t count) {
  offset_ += count;
  left_ -= count;
}

}  // namespace kinora
