#include "modules/media/jobs/workers.hpp"

#include "base/json.hpp"

namespace kinora::media {

namespace {

struct Found {
  MediaInfo output;
};

}  // namespace

Task<Result<Source>> open_source(Bench bench, jobs::Job job) {
  auto video = co_await ok(bench.media.for_job(std::move(job)));
  auto file = co_await ok(bench.blobs.materialise({video.video().source_key}));
  auto info = video.video().info.value_or(MediaInfo{});
  co_return Source{std::move(video), std::move(file), std::move(info)};
}

Task<jobs::Outcome> ProbeWorker::work(jobs::Context context, Probe args) {
  auto info = co_await probe(std::move(context));
  if (!info) co_return jobs::outcome_of(info.error());
  // All that later stages see of it: when a new probe finds the same, they need not run again.
  auto result = to_json(Found{*info});
  co_return jobs::with_result(jobs::done(store_probe, args.video, *std::move(info)), std::move(result));
}

Task<Result<MediaInfo>> ProbeWorker::probe(jobs::Context context) {
  const auto source = co_await ok(open_source(bench_, context.job()));
  co_return co_await bench_.tool.probe(source.file.path(), context.scratch());
}

}  // namespace kinora::media
