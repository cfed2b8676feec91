#include "tests/jobs/simulation.hpp"

#include <cstdlib>

/// Many lives of jobs on a virtual clock. KINORA_SOAK says how many, KINORA_SEED with which dice to begin:
///
///   KINORA_SOAK=1000000 build/release/tests/product_tests --gtest_filter='SimulatedQueue.*'
namespace kinora {
namespace {

constexpr std::size_t lives_of_one = 100;

std::uint64_t number_in(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

Task<Result<void>> live(testing::Stage& stage, std::uint64_t first_seed, std::size_t lives) {
  for (std::size_t lived = 0; lived < lives; lived += lives_of_one) {
    const auto seed = first_seed + lived / lives_of_one;
    testing::Simulation simulation(stage, seed);
    auto done = co_await simulation.live(lives_of_one);
    if (!done)
      co_return fail(done.error().kind, done.error().message + "; KINORA_SEED=" + std::to_string(seed) + " shows it again");
  }
  co_return {};
}

TEST(SimulatedQueue, LosesNoJobAndDoesNoneTwiceWhateverComes) {
  testing::Stage stage;

  const auto lived = testing::run(live(stage, number_in("KINORA_SEED", 1), number_in("KINORA_SOAK", 3'000)));

  EXPECT_TRUE(lived) << lived.error().message;
}

}  // namespace
}  // namespace kinora
