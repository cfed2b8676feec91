#include <stdlib.h>

#include <atomic>
#include <fstream>

#include "adapters/search_index/embedded/sqlite.hpp"
#include "adapters/search_index/open.hpp"
#include "ports/search_index_contract.hpp"

namespace kinora {
namespace {

struct SilentLog final : Log {
  void write(LogLevel, std::string_view event, std::initializer_list<LogField>) override { events.emplace_back(event); }
  std::vector<std::string> events;
};

/// A folder of its own, gone with the test.
class EmbeddedInOwnFolder {
 public:
  EmbeddedInOwnFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "kinora-search-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    reopen();
  }
  ~EmbeddedInOwnFolder() {
    index_.reset();
    pool_.join();
    std::filesystem::remove_all(folder_);
  }

  SearchIndex& index() { return *index_; }
  void reopen() {
    index_.reset();
    auto opened = open_embedded_search_index(folder_, pool_, log_);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    index_ = *std::move(opened);
  }
  void close() { index_.reset(); }
  const std::filesystem::path& folder() const { return folder_; }
  const std::vector<std::string>& events() const { return log_.events; }

 private:
  std::filesystem::path folder_;
  Pool pool_{"search", 2, 100};
  SilentLog log_;
  std::unique_ptr<SearchIndex> index_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Embedded, SearchIndexContract, EmbeddedInOwnFolder);

class EmbeddedSearchIndexTest : public SearchIndexContract<EmbeddedInOwnFolder> {
 protected:
  std::vector<std::string> vector_files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(world_.folder()))
      if (entry.path().extension() == ".bin") names.push_back(entry.path().filename().string());
    return names;
  }
  static void overwrite(const std::filesystem::path& file, std::string_view with) {
    std::ofstream(file, std::ios::trunc | std::ios::binary) << with;
  }
};
using EmbeddedSearchIndex = EmbeddedSearchIndexTest;

TEST_F(EmbeddedSearchIndex, IsMadeAnewWhenItsDatabaseIsDamaged) {
  put(video(1, {{"tea", {1, 0, 0}}}));
  world_.close();
  std::filesystem::remove(world_.folder() / "search.db-wal");
  overwrite(world_.folder() / "search.db", std::string(10'000, 'x'));

  world_.reopen();

  EXPECT_THAT(world_.events(), ElementsAre("search index made anew"));
  EXPECT_THAT(testing::run(world_.index().missing({id<VideoId>(1)})).value(), ElementsAre(id<VideoId>(1)));
  put(video(1, {{"tea", {1, 0, 0}}}));
  EXPECT_THAT(texts(words("tea")), ElementsAre("tea"));
}

TEST_F(EmbeddedSearchIndex, SaysSoWhenItIsDamagedWhileItIsInUse) {
  for (std::size_t number = 1; number <= 50; ++number) put(video(number, {{"tea", {1, 0, 0}}}));
  std::fstream log(world_.folder() / "search.db-wal", std::ios::in | std::ios::out | std::ios::binary);
  log.seekp(32);
  log << std::string(std::filesystem::file_size(world_.folder() / "search.db-wal") - 32, '\xff');
  log.close();

  const auto missing = testing::run(world_.index().missing({video(1, {{"tea", {1, 0, 0}}}).id}));

  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::internal) << "it is no fault of who searches";
}

TEST_F(EmbeddedSearchIndex, IsMadeAnewWhenItsVectorsAreCutShort) {
  put(video(1, {{"tea", {1, 0, 0}}}));
  world_.close();
  overwrite(world_.folder() / vector_files().front(), "short");

  world_.reopen();

  EXPECT_THAT(world_.events(), ElementsAre("search index made anew"));
  EXPECT_THAT(texts(words("tea")), IsEmpty());
}

TEST_F(EmbeddedSearchIndex, LeavesNoRowOfARemovedVideo) {
  put(published(video(1, {{"tea", {1, 0, 0}}, {"bread"}})));

  remove(1);

  const auto connection = search_file::Connection::open(world_.folder() / "search.db");
  ASSERT_TRUE(connection.has_value());
  for (const auto* table : {"videos", "chunks", "postings"}) {
    search_file::Statement count(**connection, std::string("SELECT count(*) FROM ") + table);
    count.start();
    ASSERT_TRUE(count.next());
    EXPECT_EQ(count.integer(0), 0) << table;
  }
}

TEST_F(EmbeddedSearchIndex, OverwritesSlotsThatACrashLeftBehind) {
  put(video(1, {{"tea", {1, 0, 0}}}));
  world_.close();
  std::fstream file(world_.folder() / vector_files().front(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(7);
  file << std::string(70, '\x7f');
  file.close();

  world_.reopen();
  put(video(2, {{"bread", {0, 1, 0}}}));

  const auto hits = find(meaning({1, 0, 0}));
  ASSERT_EQ(hits.size(), 2U);
  EXPECT_EQ(hits[0].text, "tea");
  EXPECT_NEAR(hits[1].semantic.value_or(1), 0, 0.001);
}

TEST_F(EmbeddedSearchIndex, RemovesVectorFilesThatNoRowNames) {
  world_.close();
  overwrite(world_.folder() / "vectors.77.bin", "left by a crash");

  world_.reopen();

  EXPECT_THAT(vector_files(), IsEmpty());
}

TEST_F(EmbeddedSearchIndex, MovesTheLivingVectorsIntoANewFileWhenMostAreDead) {
  const std::vector<Said> many(6000, {"", {0, 1, 0}});
  put(video(1, {{"tea", {1, 0, 0}}}));
  put(video(2, many));
  put(video(3, {{"bread", {0, 0, 1}}}));
  const auto before = vector_files();

  put(video(2, many));
  remove(2);

  EXPECT_NE(vector_files(), before);
  EXPECT_EQ(vector_files().size(), 1U);
  EXPECT_EQ(texts(meaning({0, 0, 1})).front(), "bread");
  world_.reopen();
  EXPECT_EQ(texts(meaning({1, 0, 0})).front(), "tea");
  EXPECT_EQ(texts(meaning({0, 0, 1})).front(), "bread");
}

TEST_F(EmbeddedSearchIndex, FindsOneChunkAmongTenThousand) {
  for (std::size_t number = 1; number <= 10; ++number) {
    std::vector<Said> chunks(1000, {"the same words in every chunk", {0, 1, 0}});
    if (number == 7) chunks[500] = {"the needle in every chunk", {1, 0, 0}};
    put(video(number, chunks));
  }

  const auto hits = find(both("the needle", {1, 0, 0}));

  ASSERT_EQ(hits.size(), 20U);
  EXPECT_EQ(hits[0].text, "the needle in every chunk");
  EXPECT_EQ(hits[0].start, Seconds(5000));
  EXPECT_NEAR(hits[0].score, 1, 0.001);
}

Task<void> write_and_ask(SearchIndex& index, IndexedVideo video, SearchQuery query, std::atomic<int>& found) {
  for (int i = 0; i < 20; ++i) {
    const auto replaced = co_await index.replace(video);
    const auto hits = co_await index.query(query);
    if (replaced && hits) found += static_cast<int>(hits->size());
  }
}

Task<void> together(Task<void> first, Task<void> second) {
  TaskGroup group((co_await this_fiber).executor);
  group.spawn(std::move(first));
  group.spawn(std::move(second));
  co_await group.join();
}

TEST_F(EmbeddedSearchIndex, AnswersWhileItIsWrittenTo) {
  std::atomic<int> found = 0;
  auto tea = write_and_ask(world_.index(), video(1, {{"tea", {1, 0, 0}}}), words("tea"), found);
  auto lamp = write_and_ask(world_.index(), video(2, {{"lamp", {0, 1, 0}}}), words("lamp"), found);

  testing::run(together(std::move(tea), std::move(lamp)));

  EXPECT_EQ(found, 40);
}

}  // namespace
}  // namespace kinora
