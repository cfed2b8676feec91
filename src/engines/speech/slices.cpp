#include "engines/speech/slices.hpp"

#include <algorithm>
#include <optional>

namespace kinora::speech {

namespace {

constexpr float speech_begins = 0.5F;
constexpr float speech_ends = 0.35F;
constexpr std::int64_t silence_min = sample_rate / 10;
constexpr std::int64_t speech_min = sample_rate / 10;

constexpr std::int64_t gap_max = sample_rate;
constexpr std::int64_t air = sample_rate / 10;

constexpr std::int64_t samples_per_step = sample_rate / 50;
constexpr std::int64_t margin_steps = 128;
constexpr std::int64_t steps_min = 512;
constexpr std::int64_t steps_all = 1500;
constexpr std::int64_t step_unit = 64;

/// Finds the runs of speech while it walks over the probabilities.
class Runs {
 public:
  void take(float probability) {
    if (!open_ && probability >= speech_begins) open_ = Span{at_, at_};
    if (open_ && probability >= speech_ends) open_->end = at_ + detector_step;
    at_ += detector_step;
    if (open_ && at_ - open_->end >= silence_min) close();
  }
  std::vector<Span> runs() && {
    close();
    return std::move(runs_);
  }

 private:
  void close() {
    if (open_ && open_->size() >= speech_min) runs_.push_back(*open_);
    open_.reset();
  }
  std::int64_t at_ = 0;
  std::optional<Span> open_;
  std::vector<Span> runs_;
};

/// Where a run that never pauses is best cut: the least certain step of the second half of what fits a slice.
std::int64_t weakest_step(std::span<const float> probabilities, const Span& run) {
  const auto step = [](std::int64_t sample) { return static_cast<std::ptrdiff_t>(sample / detector_step); };
  const auto first = probabilities.begin() + step(run.start + slice_max / 2);
  const auto last = probabilities.begin() + step(run.start + slice_max);
  return (std::min_element(first, last) - probabilities.begin()) * detector_step;
}

/// After how many stretches to cut: behind the widest pause that leaves at least half a slice, counted in front of the last
/// one.
std::size_t widest_pause(std::span<const Span> run) {
  std::size_t best = run.size() - 1;
  for (std::size_t i = run.size() - 1; i > 0 && run[i - 1].end - run.front().start >= slice_max / 2; --i)
    if (run[i].start - run[i - 1].end > run[best].start - run[best - 1].end) best = i;
  return best;
}

/// Slices of one run of speech without wide gaps.
void cut(std::span<const Span> run, std::vector<Slice>& slices) {
  while (!run.empty()) {
    std::size_t count = 1;
    while (count < run.size() && run[count].end - run.front().start <= slice_max) ++count;
    if (count < run.size()) count = widest_pause(run.first(count + 1));
    slices.push_back({{}, {run.begin(), run.begin() + static_cast<std::ptrdiff_t>(count)}});
    run = run.subspan(count);
  }
}

}  // namespace

std::vector<Span> find_speech(std::span<const float> probabilities) {
  Runs walk;
  for (const float each : probabilities) walk.take(each);
  std::vector<Span> speech;
  for (auto run : std::move(walk).runs()) {
    while (run.size() > slice_max) {
      const auto cut_at = weakest_step(probabilities, run);
      speech.push_back({run.start, cut_at});
      run.start = cut_at;
    }
    speech.push_back(run);
  }
  return speech;
}

std::vector<Slice> plan_slices(std::span<const Span> speech, std::int64_t samples) {
  std::vector<Slice> slices;
  while (!speech.empty()) {
    std::size_t count = 1;
    while (count < speech.size() && speech[count].start - speech[count - 1].end < gap_max) ++count;
    cut(speech.first(count), slices);
    speech = speech.subspan(count);
  }
  for (std::size_t i = 0; i < slices.size(); ++i) {
    // Air never reaches into a neighbour: its first word would be heard twice.
    const auto before = i == 0 ? 0 : slices[i - 1].speech.back().end;
    const auto after = i + 1 == slices.size() ? samples : slices[i + 1].speech.front().start;
    slices[i].audio.start = std::max(before, slices[i].speech.front().start - air);
    slices[i].audio.end = std::min(after, slices[i].speech.back().end + air);
  }
  return slices;
}

int encoder_steps(std::int64_t samples) {
  const auto needed = std::max(samples / samples_per_step + margin_steps, steps_min);
  const auto rounded = (needed + step_unit - 1) / step_unit * step_unit;
  return rounded > steps_all ? 0 : static_cast<int>(rounded);
}

}  // namespace kinora::speech
