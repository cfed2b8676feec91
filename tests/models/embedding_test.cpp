#include <cmath>
#include <numeric>

#include "adapters/embedder/open.hpp"
#include "base/pool.hpp"
#include "base/task_group.hpp"
#include "base/tests/run.hpp"
#include "base/time.hpp"
#include "tests/models/parts.hpp"

namespace kinora {
namespace {

using Vectors = std::vector<Vector>;

double cosine(const Vector& left, const Vector& right) {
  return std::inner_product(left.begin(), left.end(), right.begin(), 0.0);
}

class EmbeddingOf : public testing::ModelsTest {
 protected:
  ~EmbeddingOf() override { pool_.join(); }

  struct Asked {
    EmbeddingRole role;
    std::vector<std::string> texts;
  };

  std::vector<WordVectors> words_of(const char* file, WordModel asked, std::vector<std::string> texts) {
    const auto embedder = open_word_embedder(settings(file), std::move(asked), launcher_, pool_, log_);
    auto made = testing::run(words_served(*embedder, std::move(texts)));
    EXPECT_TRUE(made.has_value()) << made.error().message;
    return made.value_or(std::vector<WordVectors>());
  }

  /// The vectors of each, over one server.
  std::vector<Vectors> embed(std::vector<Asked> all) {
    const auto embedder = opened();
    auto made = testing::run(embed_served(*embedder, std::move(all)));
    EXPECT_TRUE(made.has_value()) << made.error().message;
    return made.value_or(std::vector<Vectors>());
  }

 private:
  static Task<Result<std::vector<Vectors>>> embed_all(ServedEmbedder& embedder, std::vector<Asked> all) {
    std::vector<Vectors> made;
    for (auto& asked : all) {
      auto vectors = co_await ok(embedder.embed(asked.role, std::move(asked.texts)));
      made.push_back(std::move(vectors));
    }
    co_return made;
  }
  static Task<Result<std::vector<Vectors>>> embed_served(ServedEmbedder& embedder, std::vector<Asked> all) {
    TaskGroup service((co_await this_fiber).executor);
    service.spawn(embedder.serve());
    auto made = co_await embed_all(embedder, std::move(all));
    service.stop();
    co_await service.join();
    co_return made;
  }

  EmbedderSettings settings(const char* file) {
    return {.program = KINORA_LLAMA_SERVER_DEFAULT, .model = model(file), .folder = folder_.path() / "run"};
  }
  std::unique_ptr<ServedEmbedder> opened() {
    return open_embedder(settings("multilingual-e5-small-q4_0.gguf"), launcher_, pool_, log_);
  }
  static Task<Result<std::vector<WordVectors>>> words_served(ServedWordEmbedder& embedder, std::vector<std::string> texts) {
    TaskGroup service((co_await this_fiber).executor);
    service.spawn(embedder.serve());
    auto made = co_await embedder.embed_words(std::move(texts));
    service.stop();
    co_await service.join();
    co_return made;
  }

  Pool pool_{"text", 1, 10};
};

TEST_F(EmbeddingOf, AQuestionLiesNearestToItsAnswer) {
  const std::vector<std::string> passages{"The valve opens when the soil is dry and closes after two minutes.",
                                          "Rang hạt cà phê ở lửa nhỏ trong mười lăm phút.",
                                          "Our train leaves the station at half past seven."};

  const auto made =
      embed({{EmbeddingRole::passage, passages},
             {EmbeddingRole::query, {"When does the train leave?", "How is watering controlled?", "Rang cà phê bao lâu?"}}});

  ASSERT_EQ(made.size(), 2U);
  const std::vector<std::size_t> expected{2, 0, 1};
  for (std::size_t question = 0; question < expected.size(); ++question)
    for (std::size_t passage = 0; passage < passages.size(); ++passage)
      EXPECT_LE(cosine(made[1][question], made[0][passage]), cosine(made[1][question], made[0][expected[question]]))
          << question << passage;
}

TEST_F(EmbeddingOf, EveryTextIsADirectionHoweverLong) {
  std::string words;
  std::string numbers;
  for (int i = 0; i < 5000; ++i) {
    words += "greenhouse ";
    numbers += std::to_string(i * 7919) + '%';
  }

  const auto made = embed({{EmbeddingRole::passage, {"", words, numbers, "\xff\xfe", "好茶"}}});

  ASSERT_EQ(made.size(), 1U);
  ASSERT_EQ(made[0].size(), 5U);
  for (const auto& vector : made[0]) {
    EXPECT_EQ(vector.size(), 384U);
    EXPECT_NEAR(cosine(vector, vector), 1, 1e-4);
  }
}

TEST_F(EmbeddingOf, ARepeatedQueryIsTheSameVector) {
  const auto made = embed({{EmbeddingRole::query, {"tea"}}, {EmbeddingRole::query, {"tea"}}});

  ASSERT_EQ(made.size(), 2U);
  EXPECT_EQ(made[0], made[1]);
}

TEST_F(EmbeddingOf, AWordDependsOnItsSentence) {
  const std::vector<std::string> texts{"The bank lends money.", "We sat on the bank of the river.", "The bank lends money."};
  const std::vector<std::pair<const char*, WordModel>> models{{"multilingual-e5-small-q4_0.gguf", multilingual_e5},
                                                              {"all-minilm-l6-v2-q8_0.gguf", english_minilm}};
  for (const auto& [file, asked] : models) {
    const auto made = words_of(file, asked, texts);

    ASSERT_EQ(made.size(), 3U) << file;
    ASSERT_EQ(made[0].size(), 4U) << file;
    EXPECT_EQ(made[0][1].word, "bank") << file;
    EXPECT_EQ(made[0][1].vector, made[2][1].vector) << file;
    EXPECT_LT(cosine(made[0][1].vector, made[1][4].vector), 0.98) << file;
    EXPECT_NEAR(cosine(made[1][4].vector, made[1][4].vector), 1, 1e-4) << file;
  }
}

}  // namespace
}  // namespace kinora
