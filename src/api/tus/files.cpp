#include "api/tus/files.hpp"

#include "api/tus/headers.hpp"
#include "http/response_head.hpp"

namespace kinora::api::tus {

namespace {

using http::Header;
using http::Reply;

constexpr std::string_view version = "1.0.0";
constexpr std::string_view extensions = "creation,creation-with-upload,creation-defer-length,termination,expiration,checksum";
constexpr std::string_view piece_type = "application/offset+octet-stream";

Reply reply_of(int status, http::Headers headers) {
  headers.push_back({"Tus-Resumable", std::string(version)});
  return {status, {}, std::move(headers)};
}

Result<void> require_version(const http::Head& head) {
  if (head.header("Tus-Resumable") == version) return {};
  return fail(ErrorKind::stale, "this server speaks tus 1.0.0; send Tus-Resumable: 1.0.0", "tus_version");
}

Result<void> require_piece_type(const http::Head& head) {
  if (head.header("Content-Type") == piece_type) return {};
  return fail(ErrorKind::unsupported, "the bytes of an upload are sent as Content-Type: " + std::string(piece_type));
}

/// The number in a field, or nothing where there is none.
Result<std::optional<std::uint64_t>> bytes_in(const http::Head& head, std::string_view name) {
  const auto value = head.header(name);
  if (!value) return std::optional<std::uint64_t>();
  const auto bytes = parse_bytes(name, *value);
  if (!bytes) return std::unexpected(bytes.error());
  return std::optional(*bytes);
}

/// Told at once, or by `Upload-Defer-Length: 1` later.
Result<std::optional<std::uint64_t>> length_of_new(const http::Head& head) {
  const auto deferred = head.header("Upload-Defer-Length");
  auto length = bytes_in(head, "Upload-Length");
  if (!length) return length;
  if (length->has_value() == deferred.has_value() || (deferred && *deferred != "1"))
    return fail(ErrorKind::invalid, "send either Upload-Length or Upload-Defer-Length: 1", "malformed");
  return length;
}

Result<media::UploadPiece> piece_of(const http::Head& head, std::uint64_t offset, http::RawBody body) {
  media::UploadPiece piece{.offset = offset, .size_bytes = body.length(), .read = {}};
  if (const auto value = head.header("Upload-Checksum")) {
    auto checksum = parse_checksum(*value);
    if (!checksum) return std::unexpected(checksum.error());
    piece.checksum = *std::move(checksum);
  }
  piece.read = [body](std::span<std::byte> buffer) mutable { return body.read(buffer); };
  return piece;
}

http::Headers headers_of(const media::UploadProgress& progress) {
  return {{"Upload-Offset", std::to_string(progress.offset)},
          {"Upload-Expires", http::http_date(progress.upload.expires_at)},
          {"X-Video-Id", progress.upload.video.text()}};
}

Reply created(const media::UploadProgress& progress) {
  auto headers = headers_of(progress);
  headers.push_back({"Location", "/files/" + progress.upload.id.text()});
  return reply_of(201, std::move(headers));
}

}  // namespace

Task<Result<Reply>> describe_server(Services& app, Caller) {
  co_return reply_of(204, {{"Tus-Version", std::string(version)},
                           {"Tus-Extension", std::string(extensions)},
                           {"Tus-Max-Size", std::to_string(app.uploads.bytes_max())},
                           {"Tus-Checksum-Algorithm", media::Digest::algorithms()}});
}

Task<Result<Reply>> create_file(Services& app, Caller caller, CreateFile ask) {
  co_await ok(require_version(ask.head));
  if (ask.head.has_body()) co_await ok(require_piece_type(ask.head));
  const auto length = co_await ok(length_of_new(ask.head));
  const std::string metadata(ask.head.header("Upload-Metadata").value_or(""));
  auto said = co_await ok(parse_metadata(metadata));
  auto piece = co_await ok(piece_of(ask.head, 0, ask.body));
  auto video = new_video(std::move(said.video));
  media::NewUpload upload{length, std::move(said.filename), std::move(said.content_type), metadata, std::move(video)};
  auto progress = co_await ok(app.uploads.open(caller, std::move(upload)));
  caller.repeatable.reset();
  if (ask.head.has_body()) progress = co_await ok(app.uploads.append(std::move(caller), progress.upload.id, std::move(piece)));
  co_return created(progress);
}

Task<Result<Reply>> created_file(Services& app, Caller caller, UploadId id) {
  co_return created(co_await ok(app.uploads.find(std::move(caller), id)));
}

Task<Result<Reply>> show_file(Services& app, Caller caller, OneFile ask) {
  co_await ok(require_version(ask.head));
  const auto progress = co_await ok(app.uploads.find(std::move(caller), ask.path.id));
  auto headers = headers_of(progress);
  const auto& upload = progress.upload;
  headers.push_back(upload.length ? Header{"Upload-Length", std::to_string(*upload.length)}
                                  : Header{"Upload-Defer-Length", "1"});
  if (!upload.metadata.empty()) headers.push_back({"Upload-Metadata", upload.metadata});
  co_return reply_of(200, std::move(headers));
}

Task<Result<Reply>> append_to_file(Services& app, Caller caller, AppendToFile ask) {
  co_await ok(require_version(ask.head));
  co_await ok(require_piece_type(ask.head));
  const auto offset = co_await ok(bytes_in(ask.head, "Upload-Offset"));
  if (!offset) co_return fail(ErrorKind::invalid, "Upload-Offset is missing: where do these bytes belong?", "malformed");
  auto piece = co_await ok(piece_of(ask.head, *offset, ask.body));
  piece.length = co_await ok(bytes_in(ask.head, "Upload-Length"));
  const auto slot = co_await ok(app.upload_slots.take(caller.user));
  const auto progress = co_await ok(app.uploads.append(std::move(caller), ask.path.id, std::move(piece)));
  co_return reply_of(204, headers_of(progress));
}

Task<Result<Reply>> delete_file(Services& app, Caller caller, OneFile ask) {
  co_await ok(require_version(ask.head));
  co_await ok(app.uploads.abort(std::move(caller), ask.path.id));
  co_return reply_of(204, {});
}

Task<Result<Reply>> overridden(Services& app, Caller caller, AppendToFile ask) {
  const auto method = ask.head.header("X-HTTP-Method-Override").value_or("");
  if (method == "PATCH") co_return co_await append_to_file(app, std::move(caller), std::move(ask));
  OneFile file{{ask.path.id}, std::move(ask.head)};
  if (method == "DELETE") co_return co_await delete_file(app, std::move(caller), std::move(file));
  co_return fail(ErrorKind::unsupported, "X-HTTP-Method-Override must be PATCH or DELETE here", "method_not_allowed");
}

}  // namespace kinora::api::tus
