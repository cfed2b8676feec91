#include "modules/ai/store.hpp"

#include "base/json.hpp"

namespace kinora::ai {

namespace {

constexpr Sql delete_transcript{R"sql(DELETE FROM video_transcripts WHERE video_id = $1)sql"};
constexpr Sql insert_transcript{R"sql(
  INSERT INTO video_transcripts (id, video_id, transcript_text, language, duration_seconds, model_info, ver, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, db_now(), db_now()))sql"};
constexpr Sql version_of{R"sql(SELECT ver FROM video_transcripts WHERE video_id = $1)sql"};
constexpr Sql date_edits{R"sql(
  UPDATE video_transcripts SET edited_at = (SELECT MAX(created_at) FROM transcript_edits WHERE video_id = $1)
  WHERE video_id = $1)sql"};
constexpr Sql update_transcript{R"sql(
  UPDATE video_transcripts SET transcript_text = $2, duration_seconds = $3, ver = ver + 1, updated_at = db_now()
  WHERE id = $1)sql"};
constexpr Sql update_segment{R"sql(
  UPDATE transcript_segments SET start_s = $2, end_s = $3, text = $4, words = $5 WHERE id = $1)sql"};
constexpr Sql delete_segment{R"sql(DELETE FROM transcript_segments WHERE id = $1)sql"};
constexpr Sql insert_segment{R"sql(
  INSERT INTO transcript_segments (id, transcript_id, position, start_s, end_s, text, words)
  VALUES ($1, $2, $3, $4, $5, $6, $7))sql"};
constexpr Sql transcript_by_video{R"sql(
  SELECT id, video_id, language, transcript_text, duration_seconds, model_info, edited_at, ver, created_at, updated_at
  FROM video_transcripts WHERE video_id = $1)sql"};
constexpr Sql segments_of{R"sql(
  SELECT id, start_s, end_s, text, words FROM transcript_segments WHERE transcript_id = $1 ORDER BY position)sql"};
constexpr Sql count_segments{R"sql(
  SELECT COUNT(*) FROM transcript_segments s JOIN video_transcripts t ON t.id = s.transcript_id WHERE t.video_id = $1)sql"};

constexpr Sql edits_by_video{R"sql(
  SELECT start_s, end_s, text FROM transcript_edits WHERE video_id = $1 ORDER BY created_at, id)sql"};
constexpr Sql delete_edits_within{R"sql(
  DELETE FROM transcript_edits WHERE video_id = $1 AND start_s >= $2 AND end_s <= $3)sql"};
constexpr Sql insert_edit{R"sql(
  INSERT INTO transcript_edits (id, video_id, start_s, end_s, text, user_id, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, db_now()))sql"};
constexpr Sql delete_edits{R"sql(DELETE FROM transcript_edits WHERE video_id = $1)sql"};

constexpr Sql upsert_summary{R"sql(
  INSERT INTO video_summaries (id, video_id, language, summary_text, overview, key_points, timestamps, quality_score,
                               model_info, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, db_now(), db_now())
  ON CONFLICT (video_id, language) DO UPDATE SET summary_text = excluded.summary_text, overview = excluded.overview,
    key_points = excluded.key_points, timestamps = excluded.timestamps, quality_score = excluded.quality_score,
    model_info = excluded.model_info, updated_at = excluded.updated_at)sql"};
constexpr Sql latest_summary{R"sql(
  SELECT id, video_id, language, summary_text, overview, key_points, timestamps, quality_score, model_info, created_at,
         updated_at
  FROM video_summaries WHERE video_id = $1 AND ($2 = '' OR language = $2) ORDER BY updated_at DESC LIMIT 1)sql"};
constexpr Sql delete_summaries{R"sql(DELETE FROM video_summaries WHERE video_id = $1)sql"};
constexpr Sql insert_chapter{R"sql(
  INSERT INTO chapters (id, video_id, position, start_s, end_s, title, summary, by_person)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8))sql"};
constexpr Sql chapters_by_video{R"sql(
  SELECT start_s, end_s, title, summary, id FROM chapters WHERE video_id = $1 ORDER BY position)sql"};
constexpr Sql count_chapters_by_person{R"sql(
  SELECT COUNT(*) FROM chapters WHERE video_id = $1 AND by_person = $2)sql"};
constexpr Sql delete_chapters{R"sql(DELETE FROM chapters WHERE video_id = $1)sql"};

struct SummaryRow {
  SummaryId id{};
  VideoId video{};
  std::string language{};
  std::string text{};
  std::string overview{};
  std::string key_points{};
  std::string timestamps{};
  double quality = 0;
  std::string model_info{};
  Time created_at{};
  Time updated_at{};
};

struct TranscriptRow {
  TranscriptId id{};
  VideoId video{};
  std::string language{};
  std::string text{};
  Seconds duration{};
  std::string model_info{};
  std::optional<Time> edited_at{};
  std::int64_t version = 0;
  Time created_at{};
  Time updated_at{};
};
struct SegmentRow {
  SegmentId id{};
  Seconds start{};
  Seconds end{};
  std::string text{};
  std::string words{};
};

Result<Segment> segment_of(SegmentRow row) {
  auto words = from_json_text<std::vector<Word>>(row.words);
  if (!words) return std::unexpected(std::move(words.error()));
  return Segment{row.id, row.start, row.end, std::move(row.text), *std::move(words)};
}

}  // namespace

Task<Result<void>> put_transcript(Transaction tx, Transcript transcript) {
  const auto before = co_await ok(tx.find<std::int64_t>(version_of, transcript.video));
  co_await ok(tx.change(delete_transcript, transcript.video));
  co_await ok(tx.change(insert_transcript, transcript.id, transcript.video, transcript.text, transcript.language,
                        transcript.duration, to_json(transcript.model_info), before.value_or(0) + 1));
  std::int64_t position = 0;
  for (const auto& segment : transcript.segments)
    co_await ok(tx.change(insert_segment, segment.id, transcript.id, position++, segment.start, segment.end, segment.text,
                          to_json(segment.words)));
  co_await ok(tx.change(date_edits, transcript.video));
  co_return {};
}

Task<Result<void>> rewrite_transcript(Transaction tx, Transcript before, Transcript now) {
  co_await ok(tx.change(update_transcript, now.id, now.text, now.duration));
  co_await ok(tx.change(date_edits, now.video));
  auto kept = now.segments.begin();  // in the same order, and none that is new
  for (const auto& old : before.segments) {
    if (kept == now.segments.end() || kept->id != old.id) {
      co_await ok(tx.change(delete_segment, old.id));
      continue;
    }
    if (kept->words != old.words)
      co_await ok(tx.change(update_segment, kept->id, kept->start, kept->end, kept->text, to_json(kept->words)));
    ++kept;
  }
  co_return {};
}

Task<Result<std::vector<Correction>>> corrections_of(Transaction tx, VideoId video) {
  return tx.all<Correction>(edits_by_video, video);
}

Task<Result<void>> put_correction(Transaction tx, EditId id, VideoId video, Correction correction, UserId user) {
  co_await ok(tx.change(delete_edits_within, video, correction.start, correction.end));
  co_await ok(tx.change(insert_edit, id, video, correction.start, correction.end, std::move(correction.text), user));
  co_return {};
}

Task<Result<void>> put_summary(Transaction tx, Summary summary) {
  co_await ok(tx.change(upsert_summary, summary.id, summary.video, summary.language, summary.text, summary.overview,
                        to_json(summary.key_points), to_json(summary.timestamps), summary.quality,
                        to_json(summary.model_info)));
  co_return {};
}

Task<Result<std::optional<Summary>>> find_summary(Transaction tx, VideoId video, std::string language) {
  auto row = co_await ok(tx.find<SummaryRow>(latest_summary, video, std::move(language)));
  if (!row) co_return std::optional<Summary>();
  co_return Summary{.id = row->id,
                    .video = row->video,
                    .language = std::move(row->language),
                    .text = std::move(row->text),
                    .overview = std::move(row->overview),
                    .key_points = co_await ok(from_json_text<std::vector<std::string>>(row->key_points)),
                    .timestamps = co_await ok(from_json_text<std::vector<KeyMoment>>(row->timestamps)),
                    .quality = row->quality,
                    .model_info = co_await ok(from_json_text<WriterInfo>(row->model_info)),
                    .created_at = row->created_at,
                    .updated_at = row->updated_at};
}

Task<Result<void>> put_chapters(Transaction tx, VideoId video, std::vector<Chapter> chapters, WrittenBy by) {
  const bool by_person = by == WrittenBy::person;
  if (!by_person && co_await ok(tx.one<std::int64_t>(count_chapters_by_person, video, true)) > 0) co_return {};
  co_await ok(tx.change(delete_chapters, video));
  std::int64_t position = 0;
  for (const auto& chapter : chapters)
    co_await ok(tx.change(insert_chapter, chapter.id, video, position++, chapter.start, chapter.end, chapter.title,
                          chapter.summary, by_person));
  co_return {};
}

Task<Result<std::vector<Chapter>>> chapters_of_video(Transaction tx, VideoId video) {
  return tx.all<Chapter>(chapters_by_video, video);
}

Task<Result<void>> forget_video(Transaction tx, VideoId video) {
  co_await ok(tx.change(delete_transcript, video));
  co_await ok(tx.change(delete_edits, video));
  co_await ok(tx.change(delete_summaries, video));
  co_await ok(tx.change(delete_chapters, video));
  co_return {};
}

Task<Result<std::optional<Transcript>>> find_transcript(Transaction tx, VideoId video) {
  auto row = co_await ok(tx.find<TranscriptRow>(transcript_by_video, video));
  if (!row) co_return std::optional<Transcript>();
  Transcript transcript{.id = row->id,
                        .video = row->video,
                        .language = std::move(row->language),
                        .text = std::move(row->text),
                        .duration = row->duration,
                        .model_info = co_await ok(from_json_text<ModelInfo>(row->model_info)),
                        .edited_at = row->edited_at,
                        .version = row->version,
                        .created_at = row->created_at,
                        .updated_at = row->updated_at};
  auto segments = co_await ok(tx.all<SegmentRow>(segments_of, row->id));
  for (auto& segment : segments) transcript.segments.push_back(co_await ok(segment_of(std::move(segment))));
  co_return std::optional(std::move(transcript));
}

Task<Result<bool>> has_speech(Transaction tx, VideoId video) {
  co_return co_await ok(tx.one<std::int64_t>(count_segments, video)) > 0;
}

}  // namespace kinora::ai
