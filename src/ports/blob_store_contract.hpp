#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "base/encoding.hpp"
#include "base/tests/run.hpp"
#include "ports/blob_store.hpp"

/// What every BlobStore adapter must do: each sentence of the port's header as a test. An Engine is default-constructible,
/// gives an empty `store()`, by `reopen()` another BlobStore over the same blobs (the next start of the server, or another
/// node), and by `child_output(content)` a file as a child leaves it in its folder.
namespace kinora::blob_store_contract {

using testing::run;

inline constexpr std::string_view sha256_of_hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

/// Differs in every byte from its neighbours, so that a shifted or repeated part shows.
inline std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  std::uint32_t state = 1;
  for (auto& letter : text) {
    state = state * 1664525 + 1013904223;
    letter = static_cast<char>(state >> 24);
  }
  return text;
}

inline Task<Result<std::string>> read_all(BlobStore& store, std::string key, ByteRange range = {}) {
  auto reader = co_await ok(store.open({key}, range));
  std::string text;
  std::string buffer(40'000, '\0');
  for (;;) {
    const auto count = co_await ok(reader->read(std::as_writable_bytes(std::span(buffer))));
    if (count == 0) co_return text;
    text.append(buffer, 0, count);
  }
}

inline Task<Result<Sha256>> put(BlobStore& store, std::string key, std::string text, std::optional<Sha256> expected = {}) {
  auto writer = co_await ok(store.open_writer({key}));
  co_await ok(writer->append(bytes_of(text)));
  co_return co_await writer->finish(expected);
}

/// Appends and commits `durable`, appends `lost`, and goes without a word. Yields the token.
inline Task<Result<std::string>> leave_unfinished(BlobStore& store, std::string key, std::string durable, std::string lost) {
  auto writer = co_await ok(store.open_writer({key}));
  co_await ok(writer->append(bytes_of(durable)));
  const auto offset = co_await ok(writer->commit());
  EXPECT_EQ(offset, durable.size());
  EXPECT_EQ(writer->committed_offset(), offset);
  co_await ok(writer->append(bytes_of(lost)));
  co_return writer->token();
}

/// Goes on with `rest` and publishes. Yields the offset it went on from.
inline Task<Result<std::uint64_t>> go_on(BlobStore& store, std::string token, std::string rest) {
  auto writer = co_await ok(store.reopen_writer(token));
  const auto offset = writer->committed_offset();
  co_await ok(writer->append(bytes_of(rest)));
  co_await ok(writer->finish(std::nullopt));
  co_return offset;
}

template <class Engine>
class BlobStoreContract : public ::testing::Test {
 protected:
  BlobStore& store() { return engine_.store(); }
  std::string read(std::string key, ByteRange range = {}) {
    auto text = run(read_all(store(), std::move(key), range));
    EXPECT_TRUE(text) << text.error().message;
    return text.value_or(std::string());
  }
  ErrorKind error_of_reading(std::string key, ByteRange range = {}) {
    const auto text = run(read_all(store(), std::move(key), range));
    EXPECT_FALSE(text);
    return text ? ErrorKind::internal : text.error().kind;
  }

  Engine engine_;
};

TYPED_TEST_SUITE_P(BlobStoreContract);

TYPED_TEST_P(BlobStoreContract, ReadsWhatWasFinishedAndTellsItsHash) {
  const auto hash = run(put(this->store(), "a/hello", "hello"));

  ASSERT_TRUE(hash) << hash.error().message;
  EXPECT_EQ(hash->hex, sha256_of_hello);
  EXPECT_EQ(this->read("a/hello"), "hello");
  EXPECT_EQ(run(this->store().stat({"a/hello"}))->size_bytes, 5U);
}

TYPED_TEST_P(BlobStoreContract, KeepsAnEmptyBlob) {
  ASSERT_TRUE(run(put(this->store(), "empty", "")));

  EXPECT_EQ(this->read("empty"), "");
}

TYPED_TEST_P(BlobStoreContract, KeepsBlobsForTheNextStart) {
  ASSERT_TRUE(run(put(this->store(), "a/hello", "hello")));

  this->engine_.reopen();

  EXPECT_EQ(this->read("a/hello"), "hello");
}

TYPED_TEST_P(BlobStoreContract, KeepsEveryByteOfALargeBlobWrittenInOddPieces) {
  const auto text = pattern(3'456'789);
  auto writer = run(this->store().open_writer({"large"}));
  ASSERT_TRUE(writer);

  for (std::size_t at = 0, size = 1; at < text.size(); at += size, size = size * 3 % 1'500'007)
    ASSERT_TRUE(run((*writer)->append(bytes_of(std::string_view(text).substr(at, size)))));
  ASSERT_TRUE(run((*writer)->finish(std::nullopt)));

  EXPECT_TRUE(this->read("large") == text);
  EXPECT_EQ((*writer)->committed_offset(), text.size());
}

TYPED_TEST_P(BlobStoreContract, TakesTheLongestKey) {
  const std::string key(512, 'k');
  const std::string other = std::string(511, 'k') + 'l';

  ASSERT_TRUE(run(put(this->store(), key, "long")));
  ASSERT_TRUE(run(put(this->store(), other, "other")));

  EXPECT_EQ(this->read(key), "long");
  EXPECT_EQ(this->read(other), "other");
}

TYPED_TEST_P(BlobStoreContract, KeepsKeysApartThatLookAlike) {
  ASSERT_TRUE(run(put(this->store(), "a/b", "slash")));
  ASSERT_TRUE(run(put(this->store(), "a_b", "line")));
  ASSERT_TRUE(run(put(this->store(), "a/b/c", "below")));
  ASSERT_TRUE(run(put(this->store(), "A/b", "capital")));

  EXPECT_EQ(this->read("a/b") + this->read("a_b") + this->read("a/b/c") + this->read("A/b"), "slashlinebelowcapital");
}

TYPED_TEST_P(BlobStoreContract, ShowsNothingBeforeItIsFinished) {
  ASSERT_TRUE(run(leave_unfinished(this->store(), "draft", "durable", "lost")));

  EXPECT_EQ(this->error_of_reading("draft"), ErrorKind::not_found);
}

TYPED_TEST_P(BlobStoreContract, NeverWritesAKeyTwice) {
  ASSERT_TRUE(run(put(this->store(), "once", "first")));

  const auto second = run(put(this->store(), "once", "second"));

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::conflict);
  EXPECT_EQ(this->read("once"), "first");
}

TYPED_TEST_P(BlobStoreContract, LetsOneOfTwoWritersOfAKeyFinish) {
  auto one = run(this->store().open_writer({"race"}));
  auto two = run(this->store().open_writer({"race"}));
  ASSERT_TRUE(one && two);
  ASSERT_TRUE(run((*one)->append(bytes_of("one"))));
  ASSERT_TRUE(run((*two)->append(bytes_of("two"))));

  ASSERT_TRUE(run((*two)->finish(std::nullopt)));
  const auto late = run((*one)->finish(std::nullopt));

  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::conflict);
  EXPECT_EQ(this->read("race"), "two");
}

TYPED_TEST_P(BlobStoreContract, PublishesNothingWhenTheHashIsNotTheExpectedOne) {
  const auto refused = run(put(this->store(), "a", "other bytes", Sha256{std::string(sha256_of_hello)}));

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::conflict);
  EXPECT_EQ(this->error_of_reading("a"), ErrorKind::not_found);
}

TYPED_TEST_P(BlobStoreContract, PublishesWhenTheHashIsTheExpectedOne) {
  EXPECT_TRUE(run(put(this->store(), "a", "hello", Sha256{std::string(sha256_of_hello)})));
}

TYPED_TEST_P(BlobStoreContract, GoesOnAtTheCommittedOffsetAfterAStart) {
  const auto more_than_any_buffer = std::string(20 << 20, 'X');
  const auto token = run(leave_unfinished(this->store(), "a", "hel", more_than_any_buffer));
  ASSERT_TRUE(token) << token.error().message;

  this->engine_.reopen();
  const auto offset = run(go_on(this->store(), *token, "lo"));

  ASSERT_TRUE(offset) << offset.error().message;
  EXPECT_EQ(*offset, 3U);
  EXPECT_EQ(this->read("a"), "hello");
}

TYPED_TEST_P(BlobStoreContract, GoesOnAfterManyCommitsWithTheRightHash) {
  const auto text = pattern(300'001);
  auto token = run(leave_unfinished(this->store(), "a", text.substr(0, 100'000), "lost"));
  for (std::size_t at = 100'000; at < 300'000; at += 50'000) {
    auto writer = run(this->store().reopen_writer(*token));
    ASSERT_TRUE(writer) << writer.error().message;
    ASSERT_EQ((*writer)->committed_offset(), at);
    ASSERT_TRUE(run((*writer)->append(bytes_of(std::string_view(text).substr(at, 50'000)))));
    ASSERT_TRUE(run((*writer)->commit()));
  }

  auto last = run(this->store().reopen_writer(*token));
  ASSERT_TRUE(run((*last)->append(bytes_of(std::string_view(text).substr(300'000)))));
  const auto resumed = run((*last)->finish(std::nullopt));

  EXPECT_TRUE(this->read("a") == text);
  EXPECT_EQ(resumed->hex, run(put(this->store(), "at once", text))->hex);
}

TYPED_TEST_P(BlobStoreContract, FindsNoWriterForAnUnknownOrFinishedToken) {
  const auto token = run(leave_unfinished(this->store(), "a", "x", ""));
  ASSERT_TRUE(run(go_on(this->store(), *token, "y")));

  for (const auto& asked : {*token, std::string("nonsense"), std::string()}) {
    const auto writer = run(this->store().reopen_writer(asked));
    ASSERT_FALSE(writer) << asked;
    EXPECT_EQ(writer.error().kind, ErrorKind::not_found) << asked;
  }
}

TYPED_TEST_P(BlobStoreContract, ForgetsAnAbortedWriter) {
  auto writer = run(this->store().open_writer({"a"}));
  ASSERT_TRUE(run((*writer)->append(bytes_of("x"))));
  ASSERT_TRUE(run((*writer)->commit()));

  ASSERT_TRUE(run((*writer)->abort()));

  EXPECT_EQ(run(this->store().reopen_writer((*writer)->token())).error().kind, ErrorKind::not_found);
  EXPECT_TRUE(run(put(this->store(), "a", "free again")));
}

TYPED_TEST_P(BlobStoreContract, ReadsExactlyTheRange) {
  ASSERT_TRUE(run(put(this->store(), "a", "0123456789")));

  EXPECT_EQ(this->read("a", {.offset = 2, .length = 3}), "234");
  EXPECT_EQ(this->read("a", {.offset = 7}), "789");
  EXPECT_EQ(this->read("a", {.offset = 7, .length = 100}), "789");
  EXPECT_EQ(this->read("a", {.offset = 10}), "");
}

TYPED_TEST_P(BlobStoreContract, RefusesARangeThatStartsPastTheEnd) {
  ASSERT_TRUE(run(put(this->store(), "a", "0123456789")));

  EXPECT_EQ(this->error_of_reading("a", {.offset = 11}), ErrorKind::invalid);
}

TYPED_TEST_P(BlobStoreContract, FindsNothingUnderAMissingKey) {
  EXPECT_EQ(this->error_of_reading("missing"), ErrorKind::not_found);
  EXPECT_EQ(run(this->store().stat({"missing"})).error().kind, ErrorKind::not_found);
  EXPECT_EQ(run(this->store().materialise({"missing"})).error().kind, ErrorKind::not_found);
}

TYPED_TEST_P(BlobStoreContract, RemovesABlobAndAMissingOneAlike) {
  ASSERT_TRUE(run(put(this->store(), "a", "x")));

  EXPECT_TRUE(run(this->store().remove({"a"})));
  EXPECT_TRUE(run(this->store().remove({"a"})));

  EXPECT_EQ(this->error_of_reading("a"), ErrorKind::not_found);
}

TYPED_TEST_P(BlobStoreContract, FindsNothingUnderAKeyThatWasReadAndThenRemoved) {
  ASSERT_TRUE(run(put(this->store(), "a", "x")));
  ASSERT_EQ(this->read("a"), "x");

  ASSERT_TRUE(run(this->store().remove({"a"})));

  EXPECT_EQ(this->error_of_reading("a"), ErrorKind::not_found);
}

TYPED_TEST_P(BlobStoreContract, FindsNothingUnderAKeyThatWasSetAside) {
  ASSERT_TRUE(run(put(this->store(), "a", "x")));
  ASSERT_EQ(this->read("a"), "x");

  ASSERT_TRUE(run(this->store().set_aside({"a"})));

  EXPECT_EQ(this->error_of_reading("a"), ErrorKind::not_found);
  EXPECT_EQ(run(this->store().set_aside({"a"})).error().kind, ErrorKind::not_found);
  EXPECT_TRUE(run(this->store().strays({}))->empty());
}

TYPED_TEST_P(BlobStoreContract, RemovesWhatWasNeverFinished) {
  const auto token = run(leave_unfinished(this->store(), "a", "durable", "lost"));
  const auto other = run(leave_unfinished(this->store(), "b", "durable", "lost"));

  ASSERT_TRUE(run(this->store().remove({"a"})));

  EXPECT_EQ(run(this->store().reopen_writer(*token)).error().kind, ErrorKind::not_found);
  EXPECT_TRUE(run(this->store().reopen_writer(*other)));
}

TYPED_TEST_P(BlobStoreContract, LetsAReaderOutliveTheRemoval) {
  ASSERT_TRUE(run(put(this->store(), "a", "hello")));
  auto reader = run(this->store().open({"a"}, {}));
  ASSERT_TRUE(run(this->store().remove({"a"})));

  std::string buffer(5, '\0');
  const auto count = run((*reader)->read(std::as_writable_bytes(std::span(buffer))));

  EXPECT_EQ(count.value_or(0), 5U);
  EXPECT_EQ(buffer, "hello");
}

inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TYPED_TEST_P(BlobStoreContract, MaterialisesAFileThatOutlivesTheRemovalAndGoesWithItsObject) {
  ASSERT_TRUE(run(put(this->store(), "a", "hello")));
  std::filesystem::path path;
  {
    const auto file = run(this->store().materialise({"a"}));
    ASSERT_TRUE(file) << file.error().message;
    path = file->path();
    ASSERT_TRUE(run(this->store().remove({"a"})));
    EXPECT_EQ(content_of(path), "hello");
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TYPED_TEST_P(BlobStoreContract, AdoptsAFileWhichIsGoneAfterwards) {
  const auto file = this->engine_.child_output("hello");

  const auto hash = run(this->store().adopt({"a"}, file));

  ASSERT_TRUE(hash) << hash.error().message;
  EXPECT_EQ(hash->hex, sha256_of_hello);
  EXPECT_EQ(this->read("a"), "hello");
  EXPECT_FALSE(std::filesystem::exists(file));
}

TYPED_TEST_P(BlobStoreContract, AdoptsNothingOverAnExistingKey) {
  ASSERT_TRUE(run(put(this->store(), "a", "first")));
  const auto file = this->engine_.child_output("second");

  const auto hash = run(this->store().adopt({"a"}, file));

  ASSERT_FALSE(hash);
  EXPECT_EQ(hash.error().kind, ErrorKind::conflict);
  EXPECT_EQ(this->read("a"), "first");
}

TYPED_TEST_P(BlobStoreContract, TellsTheHashOfWhatIsThere) {
  ASSERT_TRUE(run(put(this->store(), "a", "hello")));

  const auto hash = run(this->store().digest({"a"}));

  ASSERT_TRUE(hash) << hash.error().message;
  EXPECT_EQ(hash->hex, sha256_of_hello);
  EXPECT_EQ(run(this->store().digest({"b"})).error().kind, ErrorKind::not_found);
}

TYPED_TEST_P(BlobStoreContract, FindsEveryObjectThatNobodyKnows) {
  const std::string longest(512, 'k');
  for (const auto& key : {std::string("users/a/source"), std::string("users/b/source"), longest})
    ASSERT_TRUE(run(put(this->store(), key, "hello")));

  EXPECT_EQ(run(this->store().strays({{"users/a/source"}, {"users/b/source"}, {longest}})).value().size(), 0U);
  EXPECT_EQ(run(this->store().strays({{longest}})).value().size(), 2U);
}

TYPED_TEST_P(BlobStoreContract, CallsNothingAStrayThatIsStillBeingWritten) {
  ASSERT_TRUE(run(leave_unfinished(this->store(), "a", "kept", "lost")));

  EXPECT_TRUE(run(this->store().strays({})).value().empty());
}

REGISTER_TYPED_TEST_SUITE_P(BlobStoreContract, ReadsWhatWasFinishedAndTellsItsHash, KeepsAnEmptyBlob, KeepsBlobsForTheNextStart,
                            KeepsEveryByteOfALargeBlobWrittenInOddPieces, TakesTheLongestKey, KeepsKeysApartThatLookAlike,
                            ShowsNothingBeforeItIsFinished, NeverWritesAKeyTwice, LetsOneOfTwoWritersOfAKeyFinish,
                            PublishesNothingWhenTheHashIsNotTheExpectedOne, PublishesWhenTheHashIsTheExpectedOne,
                            GoesOnAtTheCommittedOffsetAfterAStart, GoesOnAfterManyCommitsWithTheRightHash,
                            FindsNoWriterForAnUnknownOrFinishedToken, ForgetsAnAbortedWriter, ReadsExactlyTheRange,
                            FindsNothingUnderAKeyThatWasReadAndThenRemoved, RefusesARangeThatStartsPastTheEnd,
                            FindsNothingUnderAMissingKey, RemovesABlobAndAMissingOneAlike, RemovesWhatWasNeverFinished,
                            FindsNothingUnderAKeyThatWasSetAside, LetsAReaderOutliveTheRemoval,
                            MaterialisesAFileThatOutlivesTheRemovalAndGoesWithItsObject, AdoptsAFileWhichIsGoneAfterwards,
                            AdoptsNothingOverAnExistingKey, TellsTheHashOfWhatIsThere, FindsEveryObjectThatNobodyKnows,
                            CallsNothingAStrayThatIsStillBeingWritten);

}  // namespace kinora::blob_store_contract
