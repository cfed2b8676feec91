#include <algorithm>
#include <cmath>
#include <iostream>

#include "modules/ai/outline.hpp"
#include "tests/quality/library.hpp"

namespace kinora {
namespace {

const std::filesystem::path folder = "tests/media/tour";

struct Reference {
  struct Passage {
    double start = 0;
  };
  std::vector<Passage> segments{};
};

ai::Transcript heard() {
  ai::Transcript transcript;
  transcript.language = "en";
  for (auto& segment : testing::json_of_file<testing::Heard>(folder / "heard.json").segments) {
    ai::Segment made{.start = segment.words.front().start, .end = segment.words.back().end, .text = {}};
    made.words = std::move(segment.words);
    transcript.segments.push_back(std::move(made));
  }
  return transcript;
}

template <class Starts>
long near(double start, const Starts& others, auto start_of) {
  return std::ranges::any_of(others, [&](const auto& other) { return std::abs(start_of(other) - start) <= 3; }) ? 1 : 0;
}

TEST(TourChapters, BeginWhereTheSubjectChanges) {
  const auto reference = testing::json_of_file<Reference>(folder / "reference.json").segments;

  const auto chapters = ai::chapters_of(heard().segments);

  long right = 0;
  long found = 0;
  for (const auto& chapter : chapters) {
    std::cout << chapter.start.count() << "  " << chapter.title << '\n';
    right += near(chapter.start.count(), reference, [](const auto& passage) { return passage.start; });
  }
  for (const auto& passage : reference)
    found += near(passage.start, chapters, [](const auto& chapter) { return chapter.start.count(); });
  EXPECT_GE(found, 15) << "of 16";
  EXPECT_GE(right, static_cast<long>(chapters.size()) - 1) << "of " << chapters.size();
}

TEST(TourSummary, IsAFewSentencesOfTheTalk) {
  const auto transcript = heard();

  const auto summary = ai::summary_of(transcript, ai::chapters_of(transcript.segments));

  std::cout << summary.text << "\nquality " << summary.quality << '\n';
  EXPECT_GE(summary.key_points.size(), 4U);
  EXPECT_LE(summary.key_points.size(), 6U);
  EXPECT_GT(summary.quality, 0.2);
  EXPECT_LT(summary.quality, 0.9);
}

}  // namespace
}  // namespace kinora
