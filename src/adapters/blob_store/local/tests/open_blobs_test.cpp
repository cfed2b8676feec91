#include <unistd.h>

#include <iterator>

#include "adapters/blob_store/local/tests/local_engine.hpp"
#include "ports/blob_store_contract.hpp"

namespace kinora {
namespace {

using blob_store_contract::pattern;
using blob_store_contract::put;
using blob_store_contract::read_all;
using testing::run;

std::size_t open_files() {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

Task<Result<std::string>> read_pieces(BlobStore& store, std::string key, ByteRange range) {
  auto reader = co_await ok(store.open({key}, range));
  std::string text;
  while (const auto piece = co_await ok(reader->next_piece(300'000))) {
    if (piece->size == 0) break;
    std::string bytes(piece->size, '\0');
    const auto count = ::pread(piece->descriptor, bytes.data(), bytes.size(), static_cast<off_t>(piece->offset));
    EXPECT_EQ(count, static_cast<ssize_t>(bytes.size()));
    text += bytes;
  }
  co_return text;
}

TEST(LocalBlobReader, HandsOutExactlyTheRangeInPieces) {
  testing::LocalBlobEngine engine;
  const auto content = pattern(1'000'000);
  ASSERT_TRUE(run(put(engine.store(), "a", content)));

  const auto pieces = run(read_pieces(engine.store(), "a", {.offset = 1, .length = 900'000}));

  ASSERT_TRUE(pieces);
  EXPECT_TRUE(*pieces == content.substr(1, 900'000));
}

TEST(OpenBlobs, KeepFewFilesOpenHoweverManyAreRead) {
  testing::LocalBlobEngine engine;
  for (int number = 0; number < 200; ++number) ASSERT_TRUE(run(put(engine.store(), std::to_string(number), "x")));
  const auto before = open_files();

  for (int number = 0; number < 200; ++number) ASSERT_TRUE(run(read_all(engine.store(), std::to_string(number))));

  EXPECT_LE(open_files() - before, 64U);
}

TEST(OpenBlobs, GiveNothingWhoseFileWasTakenAway) {
  testing::LocalBlobEngine engine;
  ASSERT_TRUE(run(put(engine.store(), "a", "x")));
  ASSERT_TRUE(run(read_all(engine.store(), "a")));

  std::filesystem::remove(BlobLayout{engine.folder() / "store"}.blob({"a"}));

  const auto read = run(read_all(engine.store(), "a"));
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().kind, ErrorKind::not_found);
}

TEST(OpenBlobs, GiveNothingWhoseFileStandsElsewhere) {
  testing::LocalBlobEngine engine;
  ASSERT_TRUE(run(put(engine.store(), "a", "x")));
  ASSERT_TRUE(run(read_all(engine.store(), "a")));

  std::filesystem::rename(BlobLayout{engine.folder() / "store"}.blob({"a"}), engine.folder() / "damaged");

  EXPECT_EQ(run(read_all(engine.store(), "a")).error().kind, ErrorKind::not_found);
}

}  // namespace
}  // namespace kinora
