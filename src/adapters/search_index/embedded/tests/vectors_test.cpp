#include "adapters/search_index/embedded/vectors.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

namespace kinora::search_vectors {
namespace {

Vector random_direction(std::mt19937& random, std::size_t dimension) {
  std::normal_distribution<float> component;
  Vector vector(dimension);
  double squares = 0;
  for (auto& each : vector) {
    each = component(random);
    squares += double{each} * each;
  }
  for (auto& each : vector) each /= static_cast<float>(std::sqrt(squares));
  return vector;
}

float exact(const Vector& left, const Vector& right) {
  float sum = 0;
  for (std::size_t i = 0; i < left.size(); ++i) sum += left[i] * right[i];
  return sum;
}

std::vector<float> scanned(const Vector& query, const std::vector<Vector>& stored) {
  const auto size = slot_size(query.size());
  Bytes slots(size * stored.size());
  for (std::size_t i = 0; i < stored.size(); ++i) write_slot(stored[i], std::span(slots).subspan(i * size, size));
  std::vector<float> cosines(stored.size());
  ScanQuery(query).scan(slots.data(), cosines);
  return cosines;
}

std::set<std::uint32_t> best_ten(const std::vector<float>& scores) {
  Best best(10);
  for (std::uint32_t i = 0; i < scores.size(); ++i) best.offer(scores[i], i);
  std::set<std::uint32_t> keys;
  for (const auto& each : std::move(best).sorted()) keys.insert(each.key);
  return keys;
}

class ScanOf : public ::testing::TestWithParam<std::size_t> {};

TEST_P(ScanOf, ComesCloseToTheExactCosine) {
  std::mt19937 random(1);
  const auto query = random_direction(random, GetParam());
  std::vector<Vector> stored{query};
  for (int i = 0; i < 50; ++i) stored.push_back(random_direction(random, GetParam()));

  const auto cosines = scanned(query, stored);

  for (std::size_t i = 0; i < stored.size(); ++i) EXPECT_NEAR(cosines[i], exact(query, stored[i]), 0.006);
}
INSTANTIATE_TEST_SUITE_P(Dimensions, ScanOf, ::testing::Values(1, 3, 384, 768, 1023, 4096));

TEST(Scan, SurvivesTheLargestSumsOfAWideVector) {
  const Vector flat(4096, 1.0F / 64);

  EXPECT_NEAR(scanned(flat, {flat})[0], 1, 0.006);
}

TEST(Scan, KeepsTheBestOfARescoredSet) {
  // Crowded as real embeddings are: all cosines within a few hundredths.
  std::mt19937 random(2);
  const auto centre = random_direction(random, 384);
  const auto near_centre = [&] {
    auto vector = random_direction(random, 384);
    for (std::size_t i = 0; i < vector.size(); ++i) vector[i] = centre[i] * 0.9F + vector[i] * 0.436F;
    return vector;
  };
  std::vector<Vector> stored;
  for (int i = 0; i < 2000; ++i) stored.push_back(near_centre());
  std::size_t kept = 0;
  for (int round = 0; round < 5; ++round) {
    const auto query = near_centre();
    std::vector<float> truth;
    for (const auto& each : stored) truth.push_back(exact(query, each));
    const auto scores = scanned(query, stored);
    Best candidates(100);
    for (std::uint32_t i = 0; i < scores.size(); ++i) candidates.offer(scores[i], i);
    std::vector<float> rescored(scores.size(), -1);
    for (const auto& each : std::move(candidates).sorted())
      rescored[each.key] = static_cast<float>(cosine_of(query, fixed_point_of(stored[each.key])));
    for (const auto key : best_ten(rescored)) kept += best_ten(truth).contains(key) ? 1 : 0;
  }

  EXPECT_GE(kept, 49U);
}

TEST(FixedPoint, ComparesOnlyVectorsOfOneDimension) {
  EXPECT_NEAR(cosine_of(Vector{0.6F, 0.8F}, fixed_point_of(Vector{0.6F, 0.8F})), 1, 1e-4);
  EXPECT_EQ(cosine_of(Vector{0.6F, 0.8F}, fixed_point_of(Vector{1.0F})), 0);
}

TEST(Best, KeepsEqualScoresInTheOrderOfTheirKeys) {
  Best best(2);
  for (const std::uint32_t key : {3U, 1U, 2U}) best.offer(1, key);

  const auto kept = std::move(best).sorted();

  ASSERT_EQ(kept.size(), 2U);
  EXPECT_LT(kept[0].key, kept[1].key);
}

TEST(Best, KeepsNothingWhenItHasNoRoom) {
  Best best(0);
  best.offer(1, 1);

  EXPECT_TRUE(std::move(best).sorted().empty());
}

}  // namespace
}  // namespace kinora::search_vectors
