#include "app/commands/eval_report.hpp"

#include <gmock/gmock.h>

namespace kinora::app {
namespace {

using ::testing::HasSubstr;

EvalQuestion asked_about(double start, double end) { return {"When?", "Lecture", start, end}; }
EvalPassage passage(double start, double end) { return {"vid_1", "Lecture", start, end, "Then."}; }

TEST(EvalQuestions, AreReadLineByLine) {
  const auto questions =
      parse_questions("{\"question\":\"When?\",\"video\":\"Lecture\",\"start\":1}\n\n{\"question\":\"Who?\"}\n");

  ASSERT_TRUE(questions.has_value()) << questions.error().message;
  ASSERT_EQ(questions->size(), 2U);
  EXPECT_EQ(questions->at(0).start, 1);
  EXPECT_FALSE(questions->at(1).video);
}

TEST(EvalQuestions, AreRefusedWithTheirLine) {
  const auto questions = parse_questions("{\"question\":\"When?\"}\nWho?\n");

  ASSERT_FALSE(questions.has_value());
  EXPECT_THAT(questions.error().message, HasSubstr("line 2"));
  EXPECT_FALSE(parse_questions("").has_value());
}

TEST(EvalPassages, AreRightWithinTheRangeOfTheRightVideo) {
  EXPECT_TRUE(is_right(asked_about(10, 20), passage(12, 18)));
  EXPECT_TRUE(is_right({"When?", "vid_1"}, passage(12, 18)));
  EXPECT_FALSE(is_right(asked_about(10, 20), passage(19, 40)));
  EXPECT_FALSE(is_right({"When?", "Another"}, passage(12, 18)));
  EXPECT_FALSE(is_right({"When?"}, passage(12, 18)));
}

TEST(EvalRows, CountWhatIsRight) {
  const std::vector<EvalAnswer> answers{{asked_about(10, 20), {passage(12, 18)}, {passage(12, 18), passage(50, 60)}, 1},
                                        {asked_about(10, 20), {passage(0, 1), passage(1, 2), passage(12, 18)}, {}, 0},
                                        {{"Who?"}, {passage(0, 1)}, {}, 0},
                                        {{"Why?"}, {passage(0, 1)}, {passage(0, 1)}, 1}};

  const auto rows = rows_of(answers, {.top3 = 1, .refused = 0.75});

  const std::vector<std::pair<std::size_t, std::size_t>> expected{{1, 2}, {2, 2}, {1, 2}, {1, 2}, {1, 2}, {2, 3}};
  ASSERT_EQ(rows.size(), expected.size());
  for (std::size_t at = 0; at < rows.size(); ++at)
    EXPECT_EQ(std::pair(rows[at].count, rows[at].of), expected[at]) << rows[at].name;
  EXPECT_FALSE(rows[1].is_short());
  EXPECT_TRUE(rows[4].is_short());
}

TEST(EvalRows, AreNotShortOfNothing) {
  for (const auto& row : rows_of({}, {.refused = 1})) EXPECT_FALSE(row.is_short()) << row.name;
}

}  // namespace
}  // namespace kinora::app
