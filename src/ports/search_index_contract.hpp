#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "base/tests/run.hpp"
#include "ports/search_index.hpp"

namespace kinora {

/// What every search index must do. `World` has `SearchIndex& index()` on an empty index and `void reopen()`, after which
/// index() is the same index, opened again as after a restart.
template <class World>
class SearchIndexContract : public ::testing::Test {
 protected:
  static constexpr auto model = "directions-3d";

  template <class SomeId>
  static SomeId id(std::size_t number) {
    SomeId made;
    made.uuid.bytes[0] = 1;
    made.uuid.bytes[14] = static_cast<std::uint8_t>(number >> 8);
    made.uuid.bytes[15] = static_cast<std::uint8_t>(number);
    return made;
  }
  static UserId ana() { return id<UserId>(1); }
  static UserId ben() { return id<UserId>(2); }

  struct Said {
    std::string text;
    Vector vector{};
  };
  /// A private English video of Ana's; its chunks are 10 s long, their ids are 16 * video + chunk.
  static IndexedVideo video(std::size_t number, std::vector<Said> chunks) {
    IndexedVideo made{.id = id<VideoId>(number), .owner = ana(), .language = "en"};
    for (std::size_t i = 0; i < chunks.size(); ++i) {
      const Seconds start(10.0 * static_cast<double>(i));
      if (!chunks[i].vector.empty()) made.embedding_model = model;
      made.chunks.push_back({id<ChunkId>(16 * number + i), start, start + Seconds(10), chunks[i].text, chunks[i].vector});
    }
    return made;
  }
  static IndexedVideo of(UserId owner, IndexedVideo video) {
    video.owner = owner;
    return video;
  }
  static IndexedVideo published(IndexedVideo video) {
    video.is_public = true;
    return video;
  }

  static SearchQuery words(std::string text, SearchScope scope = {.owner = ana()}) {
    return {.scope = std::move(scope), .mode = SearchMode::keyword, .text = std::move(text)};
  }
  static SearchQuery meaning(Vector vector, SearchScope scope = {.owner = ana()}) {
    return {.scope = std::move(scope), .mode = SearchMode::semantic, .vector = std::move(vector), .embedding_model = model};
  }
  static SearchQuery both(std::string text, Vector vector) {
    auto query = words(std::move(text));
    query.mode = SearchMode::hybrid;
    query.vector = std::move(vector);
    query.embedding_model = model;
    return query;
  }

  void put(IndexedVideo video) {
    const auto done = testing::run(world_.index().replace(std::move(video)));
    ASSERT_TRUE(done.has_value()) << done.error().message;
  }
  void remove(std::size_t number) {
    const auto done = testing::run(world_.index().remove(id<VideoId>(number)));
    ASSERT_TRUE(done.has_value()) << done.error().message;
  }
  std::vector<SearchHit> find(SearchQuery query) {
    auto found = testing::run(world_.index().query(std::move(query)));
    EXPECT_TRUE(found.has_value()) << found.error().message;
    return found.value_or(std::vector<SearchHit>{});
  }
  /// The texts of the hits, best first.
  std::vector<std::string> texts(SearchQuery query) {
    std::vector<std::string> texts;
    for (const auto& hit : find(std::move(query))) texts.push_back(hit.text);
    return texts;
  }

  World world_;
};
TYPED_TEST_SUITE_P(SearchIndexContract);

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TYPED_TEST_P(SearchIndexContract, FindsAChunkByAWordAndTellsWhereItIs) {
  this->put(this->video(1, {{"tea and bread"}, {"coffee from the hills"}}));

  const auto hits = this->find(this->words("COFFEE"));

  ASSERT_EQ(hits.size(), 1U);
  EXPECT_EQ(hits[0].chunk, this->template id<ChunkId>(17));
  EXPECT_EQ(hits[0].video, this->template id<VideoId>(1));
  EXPECT_EQ(hits[0].start, Seconds(10));
  EXPECT_EQ(hits[0].end, Seconds(20));
  EXPECT_EQ(hits[0].text, "coffee from the hills");
  EXPECT_GT(hits[0].keyword.value_or(0), 0);
  EXPECT_FALSE(hits[0].semantic.has_value());
}

TYPED_TEST_P(SearchIndexContract, FindsVietnameseTypedWithoutAccents) {
  this->put(this->video(1, {{"Chọn cà phê rang đậm ở Đắk Lắk"}, {"Sữa đặc"}}));

  EXPECT_THAT(this->texts(this->words("ca phe dak lak")), ElementsAre("Chọn cà phê rang đậm ở Đắk Lắk"));
  EXPECT_THAT(this->texts(this->words("sữa dac")), ElementsAre("Sữa đặc"));
}

TYPED_TEST_P(SearchIndexContract, FindsWordsInsideChineseSentences) {
  this->put(this->video(1, {{"今天我们去喝绿茶"}, {"明天下雨"}}));

  EXPECT_THAT(this->texts(this->words("绿茶")), ElementsAre("今天我们去喝绿茶"));
}

TYPED_TEST_P(SearchIndexContract, RanksTheRareWordOfAQuestionAboveItsCommonOnes) {
  this->put(this->video(1, {{"what is the time"}, {"what is the plan"}, {"solenoid valves open"}, {"what is the news"}}));

  EXPECT_EQ(this->texts(this->words("What is the solenoid?")).front(), "solenoid valves open");
}

TYPED_TEST_P(SearchIndexContract, TakesSearchSyntaxAsText) {
  this->put(this->video(1, {{"cats AND dogs"}, {"birds"}}));

  for (const auto* hostile :
       {"\"", "cats\" OR \"birds", "*", "text:cats NEAR(", "-dogs", "'; DROP TABLE videos; --", "{\"match_all\":{}}", ""})
    this->find(this->words(hostile));

  EXPECT_THAT(this->texts(this->words("cats\" AND -\"dogs")), ElementsAre("cats AND dogs"));
  EXPECT_THAT(this->texts(this->words("*")), IsEmpty());
}

TYPED_TEST_P(SearchIndexContract, FindsByTheTitleOfTheVideo) {
  auto titled = this->video(1, {{"press two"}});
  titled.title = "Voicemail tour";
  this->put(titled);

  EXPECT_THAT(this->texts(this->words("voicemail")), ElementsAre("press two"));
}

TYPED_TEST_P(SearchIndexContract, FindsTheNearestVectorsFirst) {
  this->put(this->video(1, {{"east", {1, 0, 0}}, {"north", {0, 1, 0}}, {"north-east", {0.6F, 0.8F, 0}}}));

  const auto hits = this->find(this->meaning({0, 1, 0}));

  ASSERT_EQ(hits.size(), 3U);
  EXPECT_EQ(hits[0].text, "north");
  EXPECT_EQ(hits[1].text, "north-east");
  EXPECT_NEAR(hits[1].semantic.value_or(0), 0.8, 0.001);
  EXPECT_FALSE(hits[0].keyword.has_value());
}

TYPED_TEST_P(SearchIndexContract, PutsFirstWhatBothWordsAndMeaningFind) {
  this->put(this->video(1, {{"warm tea", {1, 0, 0}}, {"cold tea tea", {0, 1, 0}}, {"hot drink", {0.9F, 0.435F, 0}}}));

  const auto hits = this->find(this->both("warm tea", {1, 0, 0}));

  ASSERT_EQ(hits.size(), 3U);
  EXPECT_EQ(hits[0].text, "warm tea");
  EXPECT_NEAR(hits[0].score, 1, 0.001);
  for (const auto& hit : hits) {
    EXPECT_GT(hit.score, 0);
    EXPECT_LE(hit.score, 1);
    EXPECT_TRUE(hit.semantic.has_value());
  }
}

TYPED_TEST_P(SearchIndexContract, SearchesByWordsWhenTheQueryHasNoVector) {
  this->put(this->video(1, {{"warm tea", {1, 0, 0}}, {"bread", {0, 1, 0}}}));

  EXPECT_THAT(this->texts(this->both("tea", {})), ElementsAre("warm tea"));
}

TYPED_TEST_P(SearchIndexContract, ComparesVectorsOfOneModelOnly) {
  auto other = this->video(1, {{"other model", {1, 0, 0}}});
  other.embedding_model = "another-3d";
  this->put(other);
  this->put(this->video(2, {{"wider", {1, 0, 0, 0}}}));
  this->put(this->video(3, {{"no vector"}}));
  this->put(this->video(4, {{"same model", {1, 0, 0}}}));

  EXPECT_THAT(this->texts(this->meaning({1, 0, 0})), ElementsAre("same model"));
}

TYPED_TEST_P(SearchIndexContract, FindsChunksWithoutAVectorByTheirWordsOnly) {
  this->put(this->video(1, {{"plain tea"}, {"tea", {1, 0, 0}}}));

  EXPECT_THAT(this->texts(this->meaning({0, 1, 0})), ElementsAre("tea"));
  const auto hits = this->find(this->both("plain", {1, 0, 0}));
  ASSERT_EQ(hits.size(), 2U);
  EXPECT_FALSE((hits[0].text == "tea" ? hits[1] : hits[0]).semantic.has_value());
}

TYPED_TEST_P(SearchIndexContract, NeverShowsAnotherOwnersPrivateChunk) {
  this->put(this->of(this->ben(), this->video(1, {{"secret recipe", {1, 0, 0}}})));
  this->put(this->video(2, {{"recipe", {0, 1, 0}}}));

  EXPECT_THAT(this->texts(this->words("secret recipe")), ElementsAre("recipe"));
  EXPECT_THAT(this->texts(this->meaning({1, 0, 0})), ElementsAre("recipe"));
  EXPECT_THAT(this->texts(this->words("secret", {.owner = this->ana(), .videos = {this->template id<VideoId>(1)}})), IsEmpty());
  EXPECT_THAT(this->texts(this->words("secret", {.public_videos = true})), IsEmpty());
  EXPECT_THAT(this->texts(this->meaning({1, 0, 0}, {.public_videos = true})), IsEmpty());
  EXPECT_THAT(this->texts(this->meaning({1, 0, 0}, {.owner = this->ana(), .public_videos = true})), ElementsAre("recipe"));
  EXPECT_THAT(this->texts(this->words("secret", {})), IsEmpty());
}

TYPED_TEST_P(SearchIndexContract, RanksAsIfAnotherOwnersChunksDidNotExist) {
  this->put(this->video(1, {{"kettle and stove"}, {"stove"}, {"kettle"}, {"lamp"}, {"kettle lamp"}}));
  const auto before = this->find(this->words("kettle stove lamp"));
  std::vector<typename TestFixture::Said> many(200, {"stove stove lamp and many other words that make chunks long"});
  this->put(this->of(this->ben(), this->video(2, many)));

  const auto after = this->find(this->words("kettle stove lamp"));

  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(after[i].chunk, before[i].chunk);
    EXPECT_DOUBLE_EQ(after[i].keyword.value_or(0), before[i].keyword.value_or(-1));
  }
}

TYPED_TEST_P(SearchIndexContract, ShowsPublicVideosToWhoAsksForThem) {
  this->put(this->of(this->ben(), this->published(this->video(1, {{"open tea"}}))));
  this->put(this->published(this->video(2, {{"my open tea"}})));
  this->put(this->video(3, {{"my own tea"}}));

  EXPECT_THAT(this->texts(this->words("tea", {.public_videos = true})), UnorderedElementsAre("open tea", "my open tea"));
  EXPECT_THAT(this->texts(this->words("tea")), UnorderedElementsAre("my open tea", "my own tea"));
  EXPECT_THAT(this->texts(this->words("tea", {.owner = this->ana(), .public_videos = true})),
              UnorderedElementsAre("open tea", "my open tea", "my own tea"));
}

TYPED_TEST_P(SearchIndexContract, KeepsToTheVideosAndTheLanguageAskedFor) {
  this->put(this->video(1, {{"tea one"}}));
  this->put(this->video(2, {{"tea two"}}));
  auto french = this->video(3, {{"tea trois"}});
  french.language = "fr";
  this->put(french);
  const auto two = this->template id<VideoId>(2);
  const auto three = this->template id<VideoId>(3);

  EXPECT_THAT(this->texts(this->words("tea", {.owner = this->ana(), .videos = {two, three}})),
              UnorderedElementsAre("tea two", "tea trois"));
  EXPECT_THAT(this->texts(this->words("tea", {.owner = this->ana(), .language = "fr"})), ElementsAre("tea trois"));
  EXPECT_THAT(this->texts(this->words("tea", {.owner = this->ana(), .videos = {two}, .language = "fr"})), IsEmpty());
}

TYPED_TEST_P(SearchIndexContract, ReplacesAllOfAVideo) {
  this->put(this->published(this->video(1, {{"old tea", {1, 0, 0}}, {"old bread", {0, 1, 0}}})));
  const auto renewed = this->video(1, {{"new coffee", {0, 0, 1}}});

  this->put(renewed);
  this->put(renewed);

  EXPECT_THAT(this->texts(this->words("tea bread old", {.owner = this->ana(), .public_videos = true})), IsEmpty());
  EXPECT_THAT(this->texts(this->words("coffee", {.public_videos = true})), IsEmpty());
  EXPECT_THAT(this->texts(this->words("coffee")), ElementsAre("new coffee"));
  EXPECT_THAT(this->texts(this->meaning({1, 0, 0})), ElementsAre("new coffee"));
}

TYPED_TEST_P(SearchIndexContract, ForgetsARemovedVideo) {
  this->put(this->video(1, {{"tea", {1, 0, 0}}}));
  this->put(this->video(2, {{"more tea", {0, 1, 0}}}));

  this->remove(1);
  this->remove(1);

  EXPECT_THAT(this->texts(this->words("tea")), ElementsAre("more tea"));
  EXPECT_THAT(this->texts(this->meaning({1, 0, 0})), ElementsAre("more tea"));
}

TYPED_TEST_P(SearchIndexContract, TellsWhichVideosAreMissing) {
  this->put(this->video(1, {{"tea"}}));
  this->put(this->video(2, {}));
  const auto one = this->template id<VideoId>(1);
  const auto two = this->template id<VideoId>(2);
  const auto three = this->template id<VideoId>(3);

  const auto missing = testing::run(this->world_.index().missing({one, two, three}));

  ASSERT_TRUE(missing.has_value());
  EXPECT_THAT(*missing, ElementsAre(three));
}

TYPED_TEST_P(SearchIndexContract, RemembersAfterAReopening) {
  this->put(this->video(1, {{"tea", {1, 0, 0}}, {"bread", {0, 1, 0}}}));
  this->put(this->video(2, {{"more tea", {0, 0, 1}}}));
  this->remove(2);

  this->world_.reopen();
  this->put(this->video(3, {{"late tea", {0, 0, 1}}}));

  EXPECT_THAT(this->texts(this->words("tea")), UnorderedElementsAre("tea", "late tea"));
  EXPECT_EQ(this->texts(this->meaning({0, 1, 0})).front(), "bread");
  EXPECT_EQ(this->texts(this->meaning({0, 0, 1})).front(), "late tea");
}

TYPED_TEST_P(SearchIndexContract, GivesNoMoreThanTheLimit) {
  std::vector<typename TestFixture::Said> many(30, {"tea", {1, 0, 0}});
  this->put(this->video(1, many));
  auto query = this->both("tea", {1, 0, 0});
  query.limit = 7;

  EXPECT_EQ(this->find(query).size(), 7U);
}

TYPED_TEST_P(SearchIndexContract, BeginsWithWhatALesserLimitFinds) {
  constexpr std::size_t videos = 12;
  std::vector<typename TestFixture::Said> said;
  for (std::size_t number = 1; number <= videos; ++number) {
    said.clear();
    for (std::size_t i = 0; i < 16; ++i) {
      // The more often it is said, the farther it is in meaning.
      const auto times = (number - 1) * 16 + i + 1;
      const auto angle = static_cast<float>(times) / 200;
      std::string text = std::to_string(times);
      for (std::size_t each = 0; each < times; ++each) text += " tea";
      said.push_back({std::move(text), {std::cos(angle), std::sin(angle), 0}});
    }
    this->put(this->video(number, said));
  }
  auto query = this->both("tea", {1, 0, 0});
  query.limit = 180;
  const auto whole = this->texts(query);

  for (const std::size_t limit : {1U, 20U, 51U, 100U, 150U}) {
    query.limit = limit;
    EXPECT_EQ(this->texts(query), std::vector(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(limit))) << limit;
  }
}

TYPED_TEST_P(SearchIndexContract, RefusesVectorsThatAreNoDirections) {
  for (const auto& bad : std::vector<Vector>{{0, 0, 0}, {NAN, 0, 0}, {5, 0, 0}, {INFINITY, 0, 0}}) {
    const auto done = testing::run(this->world_.index().replace(this->video(1, {{"x", bad}})));

    ASSERT_FALSE(done.has_value());
    EXPECT_EQ(done.error().kind, ErrorKind::invalid);
  }
}

REGISTER_TYPED_TEST_SUITE_P(SearchIndexContract, FindsAChunkByAWordAndTellsWhereItIs, FindsVietnameseTypedWithoutAccents,
                            FindsWordsInsideChineseSentences, RanksTheRareWordOfAQuestionAboveItsCommonOnes,
                            TakesSearchSyntaxAsText, FindsByTheTitleOfTheVideo, FindsTheNearestVectorsFirst,
                            PutsFirstWhatBothWordsAndMeaningFind, SearchesByWordsWhenTheQueryHasNoVector,
                            ComparesVectorsOfOneModelOnly, FindsChunksWithoutAVectorByTheirWordsOnly,
                            NeverShowsAnotherOwnersPrivateChunk, RanksAsIfAnotherOwnersChunksDidNotExist,
                            ShowsPublicVideosToWhoAsksForThem, KeepsToTheVideosAndTheLanguageAskedFor, ReplacesAllOfAVideo,
                            ForgetsARemovedVideo, TellsWhichVideosAreMissing, RemembersAfterAReopening, GivesNoMoreThanTheLimit,
                            BeginsWithWhatALesserLimitFinds, RefusesVectorsThatAreNoDirections);

}  // namespace kinora
