#include "modules/media/uploads.hpp"

#include "base/deadline.hpp"
#include "base/failpoints.hpp"
#include "modules/media/intake.hpp"
#include "modules/media/store.hpp"
#include "modules/media/upload_store.hpp"

namespace kinora::media {

namespace {

// As large as the socket is read at once.
constexpr std::size_t piece_bytes = 1 << 20;
// What a killed server may ask a client to send again.
constexpr std::uint64_t commit_bytes = 8 << 20;
// A body may take hours; what follows its last byte has a time of its own.
constexpr auto finish_time = 60s;
// Often enough to look alive.
constexpr auto progress_pause = 500ms;

std::unexpected<Error> no_such_upload(UploadId id) { return fail(ErrorKind::not_found, "there is no upload " + id.text()); }

/// As in a server that was restored: a backup has no part of an upload that is under way.
std::unexpected<Error> bytes_are_gone(Error cause) {
  if (cause.kind != ErrorKind::not_found) return std::unexpected(std::move(cause));
  return fail(ErrorKind::expired, "the bytes of this upload are not here any more; begin a new one");
}

std::unexpected<Error> too_large(std::uint64_t bytes_max) {
  return fail(ErrorKind::too_large, "the upload would be larger than " + std::to_string(bytes_max) + " bytes");
}

Task<Result<void>> begin(Transaction tx, NewVideoRow row, Upload upload) {
  co_await ok(insert_video(tx, std::move(row)));
  co_await ok(tx.made(upload.id));
  co_return co_await insert_upload(tx, std::move(upload));
}

Task<Result<void>> show_uploading(Transaction tx, VideoId video) {
  return set_status(tx, video, Status::uploading, std::nullopt);
}

/// The source is whole: its blob, its video and its upload say so, and processing starts.
Task<Result<void>> accept(Transaction tx, Upload upload, std::string sha256, OnVideoAccepted* observer) {
  if (!co_await ok(find_upload(tx, upload.id)))
    co_return fail(ErrorKind::expired, "this upload's time is over, or its video was deleted; begin a new one");
  co_await ok(make_blob_live(tx, source_key(upload.owner, upload.video), sha256, *upload.length));
  co_await ok(set_source(tx, upload.video, sha256, *upload.length));
  co_await ok(complete_upload(tx, upload.id));
  co_await ok(start_processing(tx, upload.video, upload.owner, observer));
  co_return {};
}

bool is_whole(const Upload& upload, std::uint64_t offset) {
  return upload.length && static_cast<std::uint64_t>(*upload.length) == offset;
}

/// How many bytes the piece may have.
Result<std::uint64_t> room_for(const UploadPiece& piece, std::uint64_t length) {
  if (piece.offset > length)
    return fail(ErrorKind::conflict, "more than " + std::to_string(length) + " bytes are here already");
  const auto room = length - piece.offset;
  if (piece.size_bytes.value_or(0) > room) return too_large(length);
  return room;
}

/// Bytes that came from a client who then vanished are as good as any; those of a piece that breaks a rule are not.
bool is_worth_keeping(const Result<void>& received) {
  return received || received.error().kind == ErrorKind::cancelled || received.error().kind == ErrorKind::timeout;
}

}  // namespace

Uploads::Uploads(UploadSettings settings, Media& media, Database& database, BlobStore& blobs, Clock& clock, Random& random)
    : settings_(settings),
      media_(media),
      database_(database),
      blobs_(blobs),
      clock_(clock),
      random_(random),
      locks_(settings.locks) {}

Task<Result<UploadProgress>> Uploads::open(Caller caller, NewUpload asked) {
  if (asked.length == 0) co_return fail(ErrorKind::invalid, "the file is empty; choose a video or audio file");
  if (asked.length > settings_.bytes_max) co_return too_large(settings_.bytes_max);
  auto intake = co_await ok(media_.receive(caller));
  Upload upload{.id = random_.id<UploadId>(clock_),
                .owner = caller.user,
                .video = intake.video,
                .filename = std::move(asked.filename),
                .content_type = std::move(asked.content_type),
                .metadata = std::move(asked.metadata),
                .writer_token = intake.writer->token(),
                .expires_at = std::chrono::ceil<std::chrono::seconds>(clock_.now() + settings_.lifetime)};
  if (asked.length) upload.length = static_cast<std::int64_t>(*asked.length);
  co_await ok(intake.writer->commit());  // from here on its token opens it again
  co_await ok(may_fail("uploads.begin"));
  NewVideoRow row{.id = intake.video,
                  .owner = caller.user,
                  .key = intake.key.text,
                  .sha256 = {},
                  .size_bytes = upload.length.value_or(0),
                  .video = titled(std::move(asked.video), upload.filename)};
  co_await ok(database_.transact(caller, begin, std::move(row), upload));
  co_return UploadProgress{std::move(upload), 0};
}

Task<Result<UploadProgress>> Uploads::find(Caller caller, UploadId id) {
  co_await ok(owned(caller, id));  // who may not know of it waits for nobody
  const auto hold = co_await ok(locks_.acquire(id));
  auto standing = co_await ok(stand(std::move(caller), id));
  co_return std::move(standing.progress);
}

Task<Result<UploadProgress>> Uploads::append(Caller caller, UploadId id, UploadPiece piece) {
  co_await ok(owned(caller, id));
  auto hold = co_await ok(locks_.acquire(id));
  auto standing = co_await ok(stand(caller, id));
  const auto offset = standing.progress.offset;
  if (piece.offset != offset)
    co_return fail(ErrorKind::conflict,
                   "the upload stands at byte " + std::to_string(offset) + ", not at " + std::to_string(piece.offset));
  auto& upload = standing.progress.upload;
  upload = co_await ok(settle_length(caller, std::move(upload), piece));
  co_return co_await add(std::move(caller), std::move(standing), std::move(piece), hold);
}

Task<Result<void>> Uploads::abort(Caller caller, UploadId id) {
  co_await ok(owned(caller, id));
  const auto hold = co_await ok(locks_.acquire(id));
  const auto standing = co_await ok(stand(caller, id));
  const auto& upload = standing.progress.upload;
  if (upload.state == UploadState::complete)
    co_return fail(ErrorKind::conflict, "this upload is complete; delete its video " + upload.video.text() + " instead");
  co_await ok(media_.purge(caller, upload.video));
  co_return co_await blobs_.remove({source_key(upload.owner, upload.video)});
}

Task<Result<Upload>> Uploads::owned(Caller caller, UploadId id) {
  auto upload = co_await ok(database_.read(caller, find_upload, id));
  if (!upload || upload->owner != caller.user) co_return no_such_upload(id);
  if (upload->expires_at <= clock_.now()) co_return fail(ErrorKind::expired, "this upload's time is over; begin a new one");
  co_return *std::move(upload);
}

// A server that was killed may have left all bytes durable and nobody told: whoever asks next finishes it.
Task<Result<Uploads::Standing>> Uploads::stand(Caller caller, UploadId id) {
  auto upload = co_await ok(owned(caller, id));
  if (upload.state == UploadState::complete) {
    const auto length = static_cast<std::uint64_t>(upload.length.value_or(0));
    co_return Standing{{std::move(upload), length}};
  }
  auto writer = co_await blobs_.reopen_writer(upload.writer_token);
  if (!writer && writer.error().kind == ErrorKind::not_found) {
    const auto published = co_await blobs_.digest({source_key(upload.owner, upload.video)});
    if (!published) co_return bytes_are_gone(published.error());
    co_return Standing{co_await ok(finish(std::move(caller), std::move(upload), published->hex))};
  }
  if (!writer) co_return std::unexpected(std::move(writer.error()));
  const auto offset = (*writer)->committed_offset();
  if (is_whole(upload, offset)) co_return Standing{co_await ok(publish(std::move(caller), std::move(upload), **writer))};
  co_return Standing{{std::move(upload), offset}, *std::move(writer)};
}

Task<Result<Upload>> Uploads::settle_length(Caller caller, Upload upload, const UploadPiece& piece) {
  if (!piece.length) co_return upload;
  if (*piece.length > settings_.bytes_max) co_return too_large(settings_.bytes_max);
  co_await ok(room_for(piece, *piece.length));  // or a length that cannot be would stand for good
  upload.length = static_cast<std::int64_t>(*piece.length);
  co_await ok(database_.transact(caller, set_upload_length, upload.id, *upload.length));
  co_return upload;
}

Task<Result<UploadProgress>> Uploads::add(Caller caller, Standing standing, UploadPiece piece, UploadLocks::Hold& hold) {
  auto& upload = standing.progress.upload;
  auto& offset = standing.progress.offset;
  const auto length = upload.length ? static_cast<std::uint64_t>(*upload.length) : settings_.bytes_max;
  const auto room = co_await ok(room_for(piece, length));
  if (!standing.writer) co_return std::move(standing.progress);  // complete: a piece of no bytes

  auto& writer = *standing.writer;
  if (offset == 0) co_await ok(database_.transact(caller, show_uploading, upload.video));
  auto received = co_await receive(standing, piece, room, hold);
  co_await ok(keep(writer, piece, received));
  if (!received) co_return std::unexpected(std::move(received.error()));
  offset = writer.committed_offset();
  if (is_whole(upload, offset)) co_return co_await publish(std::move(caller), std::move(upload), writer);
  tell(standing.progress);
  co_return std::move(standing.progress);
}

Task<Result<void>> Uploads::receive(Standing& standing, UploadPiece& piece, std::uint64_t room, UploadLocks::Hold& hold) {
  auto& [progress, writer] = standing;
  std::vector<std::byte> buffer(piece_bytes);
  std::uint64_t at_risk = 0;
  auto shown_at = std::chrono::steady_clock::now();
  while (const auto size = co_await ok(piece.read(buffer))) {
    hold.touch();
    if (size > room) co_return fail(ErrorKind::too_large, "these bytes go past the upload's length");
    room -= size;
    const auto bytes = std::span(buffer).first(size);
    if (piece.checksum) piece.checksum->digest.feed(bytes);
    co_await ok(writer->append(bytes));
    at_risk += size;
    progress.offset += size;
    const auto now = std::chrono::steady_clock::now();
    if (now - shown_at >= progress_pause) {
      shown_at = now;
      tell(progress);
    }
    if (piece.checksum || at_risk < commit_bytes) continue;
    co_await ok(writer->commit());
    at_risk = 0;
  }
  co_return {};
}

Task<Result<void>> Uploads::keep(BlobWriter& writer, UploadPiece& piece, Result<void> received) {
  if (!is_worth_keeping(received)) co_return {};
  if (piece.checksum && !received) co_return {};
  if (piece.checksum && piece.checksum->digest.finish() != piece.checksum->expected)
    co_return fail(ErrorKind::invalid, "the bytes do not have the checksum that was sent; send them again",
                   "checksum_mismatch");
  const Shield until_kept(co_await this_fiber);
  co_await ok(within(finish_time, writer.commit()));
  co_return {};
}

Task<Result<UploadProgress>> Uploads::publish(Caller caller, Upload upload, BlobWriter& writer) {
  auto sha256 = co_await ok(writer.finish(std::nullopt));
  co_await ok(may_fail("uploads.publish"));
  co_return co_await finish(std::move(caller), std::move(upload), std::move(sha256.hex));
}

Task<Result<UploadProgress>> Uploads::finish(Caller caller, Upload upload, std::string sha256) {
  caller.deadline = std::chrono::steady_clock::now() + finish_time;
  co_await ok(database_.transact(std::move(caller), accept, upload, sha256, on_accepted_));
  may_end("uploads.accepted");
  upload.state = UploadState::complete;
  const auto length = static_cast<std::uint64_t>(*upload.length);
  UploadProgress complete{std::move(upload), length, std::move(sha256)};
  tell(complete);
  co_return complete;
}

void Uploads::tell(const UploadProgress& progress) const {
  if (watcher_ != nullptr) watcher_->on_progress(progress);
}

}  // namespace kinora::media
