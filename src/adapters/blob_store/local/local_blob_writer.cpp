#include "adapters/blob_store/local/local_blob_writer.hpp"

#include <algorithm>

namespace kinora {

Task<Result<void>> LocalBlobWriter::append(std::span<const std::byte> bytes) {
  if (broken_) co_return std::unexpected(*broken_);
  auto taken = co_await take(bytes);
  if (!taken) broken_ = taken.error();
  co_return taken;
}

Task<Result<void>> LocalBlobWriter::take(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    bytes = fill(bytes);
    if (filled_ == buffer_->bytes.size()) co_await ok(on(files_, [this] { return flush(); }));
  }
  co_return {};
}

std::span<const std::byte> LocalBlobWriter::fill(std::span<const std::byte> bytes) {
  if (buffer_ == nullptr) buffer_ = std::make_unique_for_overwrite<Buffer>();
  const auto room = std::span(buffer_->bytes).subspan(filled_);
  const auto count = std::min(bytes.size(), room.size());
  std::ranges::copy(bytes.first(count), room.begin());
  filled_ += count;
  return bytes.subspan(count);
}

Result<void> LocalBlobWriter::flush() {
  if (filled_ == 0) return {};
  return blob_.write(std::span(buffer_->bytes).first(std::exchange(filled_, 0)));
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
