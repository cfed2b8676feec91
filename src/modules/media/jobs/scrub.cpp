#include "modules/media/jobs/scrub.hpp"

#include <algorithm>
#include <utility>

#include "modules/media/store.hpp"

namespace kinora::media {

namespace {

constexpr std::int64_t batch_size = 64;
// A run reads so much at most; the next one, an hour later, goes on.
constexpr std::int64_t run_bytes_max = 16LL << 30;

/// The stages that make files of a kind.
constexpr std::pair<std::string_view, std::string_view> makers[] = {
    {"poster", R"("poster")"},       {"storyboard", R"("storyboard")"}, {"picture", R"("first_rung", "rest_of_ladder")"},
    {"sound", R"("first_rung")"},    {"plain", R"("rest_of_ladder")"},  {"speech_audio", R"("audio")"},
    {"captions", R"("transcribe")"},
};
std::string how_to_make_again(std::string_view kind) {
  const auto* found = std::ranges::find(makers, kind, &std::pair<std::string_view, std::string_view>::first);
  const auto stages = found != std::end(makers) ? found->second : "";
  return R"(POST /api/v1/videos/{id}/reprocess with {"stages": [)" + std::string(stages) + "]}";
}

}  // namespace

Task<jobs::Outcome> ScrubWorker::work(jobs::Context context, Scrub) {
  const auto scrubbed = co_await scrub(context.caller());
  co_return scrubbed ? jobs::done() : jobs::outcome_of(scrubbed.error());
}

Task<Result<void>> ScrubWorker::scrub(Caller caller) {
  for (std::int64_t bytes = 0; bytes < run_bytes_max;) {
    auto blobs = co_await ok(database_.read(caller, blobs_not_verified_for, trusted_for, batch_size));
    if (blobs.empty()) break;
    for (auto each = blobs.begin(); each != blobs.end() && bytes < run_bytes_max; ++each) {
      bytes += each->size_bytes;
      co_await ok(look_at(caller, std::move(*each)));
    }
  }
  co_return {};
}

/// Noted one by one: a run that reaches its limit, or its end, has done what it has done.
Task<Result<void>> ScrubWorker::look_at(Caller caller, LiveBlob blob) {
  const auto hash = co_await blobs_.digest({blob.key});
  const bool is_there = hash || hash.error().kind != ErrorKind::not_found;
  if (!hash && is_there)
    // Not set aside: a disk that is away for a moment would take everything with it.
    log_.error("file cannot be read", {{"key", blob.key},
                                       {"error", std::string_view(hash.error().message)},
                                       {"fix", "look at the disk; bring the file back from a backup"}});
  const bool is_damaged = !is_there || (hash && hash->hex != blob.sha256);
  if (is_damaged) co_await ok(give_up(caller, blob));
  co_return co_await database_.transact(caller, note_verified, std::move(blob.key));
}

/// An output is forgotten, and can be made again; a source stays named, and `kinora check` tells of it.
Task<Result<void>> ScrubWorker::give_up(Caller caller, LiveBlob blob) {
  const auto aside = co_await blobs_.set_aside({blob.key});
  if (!aside && aside.error().kind != ErrorKind::not_found) co_return aside;
  const auto kind = co_await ok(database_.transact(caller, forget_output, blob.key));
  const auto fix = kind ? how_to_make_again(*kind) : std::string("bring it back from a backup");
  log_.error("damaged file set aside",
             {{"key", blob.key}, {"wanted_sha256", blob.sha256}, {"was_there", aside.has_value()}, {"fix", fix}});
  co_return {};
}

}  // namespace kinora::media
