#include "modules/search/jobs/workers.hpp"

#include <algorithm>

#include "base/failpoints.hpp"
#include "modules/search/chunks.hpp"
#include "modules/search/store.hpp"

namespace kinora::search {

namespace {

// Enough for the model to be busy, few enough that progress shows and a waiting question gets in between.
constexpr std::size_t batch_size = 16;
constexpr int passes_max = 8;

}  // namespace

Task<jobs::Outcome> ChunkWorker::work(jobs::Context context, ChunkVideo args) {
  auto video = co_await media_.for_job(context.job());
  if (!video) co_return jobs::outcome_of(std::move(video.error()));
  const auto transcript = co_await ai_.transcript_for_job(*std::move(video));
  if (!transcript) co_return jobs::outcome_of(transcript.error());
  std::vector<Chunk> chunks;
  for (auto& passage : passages_of(transcript->segments))
    chunks.push_back({random_.id<ChunkId>(clock_), passage.start, passage.end, std::move(passage.text)});
  co_return jobs::done(put_chunks, args.video, transcript->language, std::move(chunks));
}

Task<jobs::Outcome> EmbedWorker::work(jobs::Context context, EmbedVideo args) {
  const auto embedded = co_await embed(std::move(context), args.video);
  co_return embedded ? jobs::done() : jobs::outcome_of(embedded.error());
}

// Each batch is kept as it is made; a retry goes on behind the last one.
Task<Result<void>> EmbedWorker::embed(jobs::Context context, VideoId video) {
  const auto model = embedder_.model();
  auto chunks = co_await ok(database_.scan(context.caller(), chunks_of, video));
  const auto kept = co_await ok(database_.scan(context.caller(), vectors_of, video, model));
  const auto total = chunks.size();
  std::erase_if(chunks,
                [&](const Chunk& chunk) { return std::ranges::find(kept, chunk.id, &ChunkVector::chunk) != kept.end(); });
  for (std::size_t at = 0; at < chunks.size(); at += batch_size) {
    const auto end = std::min(at + batch_size, chunks.size());
    std::vector<std::string> texts;
    for (std::size_t each = at; each < end; ++each) texts.push_back(chunks[each].text);
    auto made = co_await ok(embedder_.embed(EmbeddingRole::passage, std::move(texts)));
    std::vector<ChunkVector> vectors;
    for (std::size_t each = at; each < end; ++each) vectors.push_back({chunks[each].id, std::move(made[each - at])});
    co_await ok(context.write(put_vectors, model, std::move(vectors)));
    context.progress(static_cast<double>(kept.size() + end) / static_cast<double>(total));
  }
  co_return {};
}

Task<Result<void>> index_video(Database& database, SearchIndex& index, std::string model, Caller caller, media::Video video) {
  auto chunks = co_await ok(database.scan(caller, chunks_of, video.id));
  auto vectors = co_await ok(database.scan(caller, vectors_of, video.id, model));
  IndexedVideo entry{.id = video.id,
                     .owner = video.owner,
                     .is_public = video.visibility == media::Visibility::public_,
                     .language = video.language.value_or(""),
                     .title = video.title,
                     .embedding_model = vectors.empty() ? "" : model};
  for (auto& chunk : chunks) {
    const auto vector = std::ranges::find(vectors, chunk.id, &ChunkVector::chunk);
    entry.chunks.push_back({chunk.id, chunk.start, chunk.end, std::move(chunk.text),
                            vector != vectors.end() ? std::move(vector->vector) : Vector{}});
  }
  co_await ok(index.replace(std::move(entry)));
  may_end("search.committed");
  co_return {};
}

/// As often as it is changed while it is written: of two jobs at once the slower must not leave what it read first.
Task<Result<void>> FollowWorker::index(jobs::Context context, media::Video video) {
  for (int pass = 0; pass < passes_max; ++pass) {
    co_await ok(index_video(database_, index_, embedder_.model(), context.caller(), video));
    const auto now = co_await media_.owned(context.caller(), video.id);
    if (!now && now.error().kind == ErrorKind::not_found) break;  // purged: that has an event of its own
    if (!now) co_return std::unexpected(now.error());
    if (now->video().version == video.version) break;
    video = now->video();
  }
  co_return {};
}

Task<jobs::Outcome> IndexWorker::work(jobs::Context context, IndexVideo args) {
  const auto video = co_await media_.for_job(context.job());
  if (!video) co_return jobs::outcome_of(video.error());
  const auto indexed = co_await index_video(database_, index_, embedder_.model(), context.caller(), video->video());
  co_return indexed ? jobs::done(note_indexed, args.video, std::string("embedded")) : jobs::outcome_of(indexed.error());
}

Task<jobs::Outcome> FollowWorker::work(jobs::Context context, FollowVideo args) {
  const auto id = VideoId::parse(args.subject);
  if (!id) co_return jobs::Fail{{ErrorKind::invalid, "an event about no video: " + args.subject}};
  // Read now, not as the event told it: whatever the order of events, the last one to be handled leaves the truth.
  const auto video = co_await media_.owned(context.caller(), *id);
  if (!video && video.error().kind != ErrorKind::not_found) co_return jobs::outcome_of(video.error());
  if (video && !video->video().deleted_at) {
    const auto indexed = co_await index(context, video->video());
    co_return indexed ? jobs::done() : jobs::outcome_of(indexed.error());
  }
  const auto removed = co_await index_.remove(*id);
  if (!removed) co_return jobs::outcome_of(removed.error());
  may_end("search.removed");
  // Of a deleted video the passages stay, because it may be restored.
  co_return video ? jobs::done() : jobs::done(forget_video, *id);
}

}  // namespace kinora::search
