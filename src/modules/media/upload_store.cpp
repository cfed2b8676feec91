#include "modules/media/upload_store.hpp"

namespace kinora::media {

namespace {

constexpr Sql insert_row{R"sql(
  INSERT INTO uploads (id, user_id, video_id, protocol, state, length, filename, content_type, metadata, storage_upload_id,
                       expires_at, created_at, updated_at)
  VALUES ($1, $2, $3, 'tus', $4, $5, $6, $7, $8, $9, $10, db_now(), db_now()))sql"};
constexpr Sql by_id{R"sql(
  SELECT id, user_id, video_id, state, length, filename, content_type, metadata, storage_upload_id, expires_at
  FROM uploads WHERE id = $1)sql"};
constexpr Sql length_row{R"sql(
  UPDATE uploads SET length = $2, updated_at = db_now() WHERE id = $1 AND (length IS NULL OR length = $2))sql"};
constexpr Sql complete_row{R"sql(UPDATE uploads SET state = 'complete', updated_at = db_now() WHERE id = $1)sql"};
constexpr Sql past_their_time{R"sql(
  SELECT id, user_id, video_id, state, length, filename, content_type, metadata, storage_upload_id, expires_at
  FROM uploads WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)sql"};
constexpr Sql delete_row{R"sql(DELETE FROM uploads WHERE id = $1)sql"};

}  // namespace

Task<Result<void>> insert_upload(Transaction tx, Upload upload) {
  co_await ok(tx.change(insert_row, upload.id, upload.owner, upload.video, upload.state, upload.length,
                        std::move(upload.filename), std::move(upload.content_type), std::move(upload.metadata),
                        std::move(upload.writer_token), upload.expires_at));
  co_return {};
}

Task<Result<std::optional<Upload>>> find_upload(Transaction tx, UploadId id) { return tx.find<Upload>(by_id, id); }

Task<Result<void>> set_upload_length(Transaction tx, UploadId id, std::int64_t length) {
  const auto set = co_await ok(tx.change(length_row, id, length));
  if (set == 0) co_return fail(ErrorKind::conflict, "the length of this upload was told before and cannot change");
  co_return {};
}

Task<Result<void>> complete_upload(Transaction tx, UploadId id) {
  co_await ok(tx.change(complete_row, id));
  co_return {};
}

Task<Result<std::vector<Upload>>> expired_uploads(Transaction tx, Time now, std::int64_t limit) {
  return tx.all<Upload>(past_their_time, now, limit);
}

Task<Result<void>> delete_upload(Transaction tx, UploadId id) {
  co_await ok(tx.change(delete_row, id));
  co_return {};
}

}  // namespace kinora::media
