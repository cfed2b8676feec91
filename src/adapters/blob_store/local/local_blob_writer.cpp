#include "adapters/blob_store/local/local_blob_writer.hpp"

#include <algorithm>

namespace kinora {

namespace {

constexpr std::size_t buffer_bytes = 1 << 20;

}  // namespace

Task<Result<void>> LocalBlobWriter::append(std::span<const std::byte> bytes) {
  if (broken_) co_return std::unexpected(*broken_);
  auto taken = co_await take(bytes);
  if (!taken) broken_ = taken.error();
  co_return taken;
}

Task<Result<void>> LocalBlobWriter::take(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    if (buffer_.empty() && bytes.size() >= buffer_bytes) {
      const auto whole = bytes.first(bytes.size() - bytes.size() % buffer_bytes);
      co_await ok(on(files_, [this, whole] { return blob_.write(whole); }));
      bytes = bytes.subspan(whole.size());
      continue;
    }
    bytes = fill(bytes);
    if (buffer_.size() == buffer_bytes) co_await ok(on(files_, [this] { return flush(); }));
  }
  co_return {};
}

std::span<const std::byte> LocalBlobWriter::fill(std::span<const std::byte> bytes) {
  const auto count = std::min(bytes.size(), buffer_bytes - buffer_.size());
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
  return bytes.subspan(count);
}

Result<void> LocalBlobWriter::flush() {
  auto done = buffer_.empty() ? Result<void>() : blob_.write(buffer_);
  buffer_.clear();
  return done;
}

Task<Result<std::uint64_t>> LocalBlobWriter::commit() {
  if (broken_) co_return std::unexpected(*broken_);
  auto committed = co_await on(files_, [this]() -> Result<std::uint64_t> {
    if (auto flushed = flush(); !flushed) return std::unexpected(std::move(flushed.error()));
    return blob_.commit();
  });
  if (!committed) broken_ = committed.error();
  co_return committed;
}

Task<Result<Sha256>> LocalBlobWriter::finish(std::optional<Sha256> expected) {
  if (broken_) co_return std::unexpected(*broken_);
  auto published = co_await on(files_, [this, expected = std::move(expected)]() -> Result<Sha256> {
    if (auto flushed = flush(); !flushed) return std::unexpected(std::move(flushed.error()));
    return blob_.publish(expected);
  });
  broken_ = published ? Error{ErrorKind::conflict, "this blob is finished"} : published.error();
  co_return published;
}

Task<Result<void>> LocalBlobWriter::abort() {
  broken_ = Error{ErrorKind::conflict, "this blob was given up"};
  co_return co_await on(files_, [this] { return blob_.discard(); });
}

}  // namespace kinora
