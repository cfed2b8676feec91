#include "api/v1/resources.hpp"

namespace kinora::api::v1 {

namespace {

http::FileReply file_of(media::Media& media, const media::MediaBlob& blob) {
  http::FileReply reply{.content_type = blob.content_type, .file = {}};
  reply.file.size_bytes = blob.size_bytes;
  reply.file.open = [&media, blob](ByteRange range) { return media.open(blob, range); };
  reply.etag = '"' + blob.etag + '"';
  if (!blob.filename.empty()) reply.disposition = http::attachment_named(blob.filename);
  // A poster may be made again while its address holds; captions are, as soon as somebody corrects a word.
  const bool is_corrected = blob.content_type.starts_with("text/vtt");
  if (blob.is_lasting)
    reply.cache_control = "private, max-age=21600, immutable";
  else
    reply.cache_control = is_corrected ? "private, no-cache" : "private, max-age=300";
  return reply;
}

}  // namespace

Task<Result<std::variant<http::Plain, http::FileReply>>> read_media(Services& app, Caller, ReadMedia ask) {
  auto resource = co_await ok(app.media.resolve(ask.path.grant, ask.path.path));
  if (auto* text = std::get_if<media::MediaText>(&resource))
    co_return http::Plain{.content_type = std::move(text->content_type), .body = std::move(text->body)};
  co_return file_of(app.media, std::get<media::MediaBlob>(resource));
}

}  // namespace kinora::api::v1
