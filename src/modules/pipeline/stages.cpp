#include "modules/pipeline/stages.hpp"

#include <algorithm>

namespace kinora::pipeline {

namespace {

using enum When;
using enum OnFailure;
using media::Status;

template <class... Names>
constexpr StageNames needs(Names... names) {
  return {names...};
}
template <class... Names>
constexpr StageNames after(Names... names) {
  return {names...};
}

// What happens to a video that arrives, in order: the whole product on one screen.
// clang-format off
constexpr Stage all_stages[] = {
    // name            job                     needs                after           when                  failure      v  shown as              weight
    {"probe",          "media.probe",          needs(),             after(),        always,               fails_video, 1, Status::transcoding,  1},
    {"poster",         "media.poster",         needs("probe"),      after(),        has_video,            degrades,    1, Status::transcoding,  1},
    {"storyboard",     "media.storyboard",     needs("probe"),      after(),        has_video,            degrades,    1, Status::transcoding,  1},
    {"first_rung",     "media.first_rung",     needs("probe"),      after(),        has_picture_or_sound, fails_video, 1, Status::transcoding,  4},
    {"rest_of_ladder", "media.rest_of_ladder", needs("first_rung"), after(),        has_video,            degrades,    1, Status::transcoding,  6},
    {"audio",          "media.audio",          needs("probe"),      after(),        has_audio,            degrades,    1, Status::transcribing, 1},
    {"transcribe",     "ai.transcribe",        needs("audio"),      after(),        has_audio,            degrades,    1, Status::transcribing, 8},
    {"captions",       "ai.captions",          needs("transcribe"), after(),        has_speech,           degrades,    1, Status::transcribing, 1},
    {"chapters",       "ai.chapters",          needs("transcribe"), after(),        has_speech,           degrades,    1, Status::summarizing,  1},
    {"summary",        "ai.summary",           needs("chapters"),   after(),        has_speech,           degrades,    1, Status::summarizing,  1},
    {"chunk",          "search.chunk",         needs("transcribe"), after(),        has_speech,           degrades,    1, Status::indexing,     1},
    {"embed",          "search.embed",         needs("chunk"),      after(),        has_speech,           degrades,    1, Status::indexing,     3},
    {"index",          "search.index",         needs("chunk"),      after("embed"), has_speech,           degrades,    1, Status::indexing,     1},
};
// clang-format on

}  // namespace

std::span<const Stage> stages() { return all_stages; }

const Stage* find_stage(std::string_view name) {
  const auto found = std::ranges::find(all_stages, name, &Stage::name);
  return found == std::end(all_stages) ? nullptr : found;
}

const Stage* stage_of_job(std::string_view job_kind) {
  const auto found = std::ranges::find(all_stages, job_kind, &Stage::job_kind);
  return found == std::end(all_stages) ? nullptr : found;
}

}  // namespace kinora::pipeline
