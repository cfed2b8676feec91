#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "adapters/embedder/llama/passages.hpp"
#include "adapters/embedder/llama/word_vectors.hpp"
#include "adapters/embedder/open.hpp"
#include "base/tests/run.hpp"
#include "base/time.hpp"
#include "children/tests/scratch.hpp"

namespace kinora {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

class NoLog final : public Log {
  void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

TEST(EmbedderPassages, CarryThePrefixTheModelWasTaughtWith) {
  EXPECT_EQ(embedding::prepared(embedding::prefix_of(EmbeddingRole::query), "tea"), "query: tea");
  EXPECT_EQ(embedding::prepared(embedding::prefix_of(EmbeddingRole::passage), "tea"), "passage: tea");
}

TEST(EmbedderPassages, AreComposedCharactersOnOneLine) {
  EXPECT_EQ(embedding::prepared("", "cha\xcc\x80o\nb\xff"), "chào b\xef\xbf\xbd");
}

TEST(EmbedderPassages, AreCutAtAWordToWhatTheModelTakes) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "greenhouse ";

  const auto cut = embedding::prepared("passage: ", text);

  EXPECT_THAT(cut, EndsWith("greenhouse"));
  EXPECT_GT(cut.size(), 1000U);
  EXPECT_LE(embedding::estimated_tokens(cut), embedding::tokens_max + 10);
}

TEST(EmbedderPassages, WithoutSpacesAreCutAtACharacter) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "茶";

  const auto cut = embedding::prepared("passage: ", text);

  EXPECT_EQ((cut.size() - std::string_view("passage: ").size()) % 3, 0U);
  EXPECT_EQ(embedding::halved("茶茶茶"), "茶");
}

TEST(EmbedderPassages, GoInBatchesAPersonCanWaitFor) {
  EXPECT_THAT(embedding::batch_sizes(std::vector<std::string>(20, "short")), ElementsAre(16, 4));
  EXPECT_THAT(embedding::batch_sizes(std::vector<std::string>(5, std::string(1300, 'a'))), ElementsAre(2, 2, 1));
  EXPECT_TRUE(embedding::batch_sizes({}).empty());
}

TEST(EmbedderWords, ArePutTogetherFromTheTokensThatCanBeSaid) {
  const std::vector<embedding::TokenVectors> texts{{{9, 9}, {9, 9}, {9, 9}, {2, 0}, {0, 2}, {9, 9}, {9, 9}},
                                                   {{9, 9}, {9, 9}, {0, 3}, {9, 9}}};
  const embedding::Pieces pieces{" que", "ry:", " un", "lock", "?", " query:", " tea"};

  const auto words = embedding::words_of(texts, pieces, 1);

  ASSERT_TRUE(words.has_value()) << words.error().message;
  ASSERT_EQ(words->size(), 2U);
  ASSERT_EQ(words->at(0).size(), 1U);
  EXPECT_EQ(words->at(0)[0].word, "unlock?");
  EXPECT_NEAR(words->at(0)[0].vector[0], std::sqrt(0.5), 1e-6);
  EXPECT_THAT(words->at(1)[0].vector, ElementsAre(0, 1));
}

TEST(EmbedderWords, AreNoneWhenPiecesAndVectorsDoNotFit) {
  const std::vector<embedding::TokenVectors> text{{{1}, {1}, {1}}};

  EXPECT_FALSE(embedding::words_of(text, {" a", " b"}, 1).has_value());
  EXPECT_FALSE(embedding::words_of(text, {}, 1).has_value());
}

class EmbedderTest : public ::testing::Test {
 protected:
  ~EmbedderTest() override { pool_.join(); }

  Result<std::vector<Vector>> embed(std::filesystem::path program) {
    EmbedderSettings settings{
        .program = std::move(program), .model = folder_.path() / "e5.gguf", .folder = folder_.path() / "run"};
    const auto embedder = open_embedder(std::move(settings), launcher_, pool_, log_);
    return testing::run(embedder->embed(EmbeddingRole::query, {"tea"}));
  }

  testing::ScratchFolder folder_;
  Launcher launcher_{LauncherSettings{}};
  Pool pool_{"text", 1, 10};
  NoLog log_;
};

TEST_F(EmbedderTest, SaysHowToBringAMissingProgramOrModel) {
  for (const auto* program : {"/nowhere/llama-server", "/bin/true"}) {
    const auto vectors = embed(program);

    ASSERT_FALSE(vectors.has_value());
    EXPECT_EQ(vectors.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(vectors.error().code, "no_model");
    EXPECT_THAT(vectors.error().message, HasSubstr("make setup"));
  }
}

Task<Result<std::vector<Vector>>> embed_served(ServedEmbedder& embedder) {
  TaskGroup service((co_await this_fiber).executor);
  service.spawn(embedder.serve());
  std::vector<std::string> texts{"tea"};
  auto vectors = co_await embedder.embed(EmbeddingRole::query, std::move(texts));
  service.stop();
  co_await service.join();
  co_return vectors;
}

TEST_F(EmbedderTest, SaysThatAServerThatDoesNotStartIsUnavailable) {
  EmbedderSettings settings{
      .program = "/bin/false", .model = folder_.file("e5.gguf", "weights"), .folder = folder_.path() / "run"};
  const auto embedder = open_embedder(std::move(settings), launcher_, pool_, log_);

  const auto vectors = testing::run(embed_served(*embedder));

  ASSERT_FALSE(vectors.has_value());
  EXPECT_EQ(vectors.error().kind, ErrorKind::unavailable);
}

}  // namespace
}  // namespace kinora
