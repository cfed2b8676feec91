#include "modules/pipeline/graph.hpp"

#include <algorithm>

namespace kinora::pipeline {

namespace {

/// What was cancelled is as little there as what failed.
bool has_failed(StageState state) { return state == StageState::failed || state == StageState::cancelled; }

enum class Verdict : std::uint8_t { wait, start, skip };

/// Nothing when it is not known yet.
std::optional<bool> applies(When when, const Known& known) {
  switch (when) {
    case When::always: return true;
    case When::has_video: return known.has_video;
    case When::has_audio: return known.has_audio;
    case When::has_picture_or_sound:
      if (!known.has_video || !known.has_audio) return std::nullopt;
      return *known.has_video || *known.has_audio;
    case When::has_speech: return known.has_speech;
  }
  return std::nullopt;
}

Verdict judge(const Stage& stage, const States& states, const Known& known) {
  bool waits = false;
  for (const auto need : stage.needs) {
    if (need.empty()) continue;
    const auto state = states.at(need);
    if (is_over(state) && state != StageState::done) return Verdict::skip;
    waits = waits || !is_over(state);
  }
  for (const auto before : stage.after) waits = waits || (!before.empty() && !is_over(states.at(before)));
  if (waits) return Verdict::wait;
  const auto wanted = applies(stage.when, known);
  if (!wanted) return Verdict::wait;
  return *wanted ? Verdict::start : Verdict::skip;
}

media::Status status_of(const States& states, bool over) {
  if (over) return media::Status::ready;
  auto earliest = media::Status::ready;
  bool begun = false;
  for (const auto& stage : stages()) {
    const auto state = states.at(stage.name);
    begun = begun || is_over(state);
    if (!is_over(state)) earliest = std::min(earliest, stage.shown_as);
  }
  return begun ? earliest : media::Status::pending;
}

double progress_of(const States& states) {
  double all = 0;
  double over = 0;
  for (const auto& stage : stages()) {
    all += stage.weight;
    if (is_over(states.at(stage.name))) over += stage.weight;
  }
  return over / all;
}

}  // namespace

Decision decide(States states, const Known& known) {
  Decision decision;
  for (const auto& stage : stages())
    if (stage.on_failure == OnFailure::fails_video && has_failed(states.at(stage.name))) decision.failed = &stage;

  // In the order of the list every stage comes behind what it needs, so one pass settles chains of skips.
  for (const auto& stage : stages()) {
    auto& state = states.at(stage.name);
    if (state != StageState::waiting) continue;
    const auto verdict = decision.failed != nullptr ? Verdict::skip : judge(stage, states, known);
    if (verdict == Verdict::wait) continue;
    (verdict == Verdict::start ? decision.start : decision.skip).push_back(&stage);
    state = verdict == Verdict::start ? StageState::queued : StageState::skipped;
  }
  decision.over = std::ranges::all_of(states, [](const auto& each) { return is_over(each.second); });
  decision.status = decision.failed != nullptr ? media::Status::failed : status_of(states, decision.over);
  decision.progress = progress_of(states);
  return decision;
}

}  // namespace kinora::pipeline
