#include "http/answers.hpp"

#include <algorithm>
#include <cstring>

#include "http/target.hpp"

namespace kinora::http {

namespace {

class MemoryReader final : public BlobReader {
 public:
  explicit MemoryReader(std::string_view bytes) : rest_(bytes), size_bytes_(bytes.size()) {}
  std::uint64_t size_bytes() const override { return size_bytes_; }
  Task<Result<std::size_t>> read(std::span<std::byte> buffer) override {
    const auto count = std::min(buffer.size(), rest_.size());
    std::memcpy(buffer.data(), rest_.data(), count);
    rest_.remove_prefix(count);
    co_return count;
  }

 private:
  std::string_view rest_;
  std::uint64_t size_bytes_;
};

Task<Result<std::unique_ptr<BlobReader>>> open_bytes(std::string_view bytes, ByteRange range) {
  const auto part = bytes.substr(std::min<std::uint64_t>(range.offset, bytes.size()), range.length.value_or(bytes.size()));
  co_return std::make_unique<MemoryReader>(part);
}

}  // namespace

FileReply file_of_bytes(std::string_view bytes, std::string content_type) {
  auto open = [bytes](ByteRange range) { return open_bytes(bytes, range); };
  return {std::move(content_type), {bytes.size(), std::move(open)}};
}

std::string attachment_named(std::string_view filename) { return "attachment; filename*=UTF-8''" + percent_encoded(filename); }

Reply json_reply(int status, std::string json) { return {status, "application/json", {}, std::move(json)}; }

Reply reply_of(NoContent) { return {204}; }

Reply reply_of(Plain plain) {
  return {plain.status, std::move(plain.content_type), std::move(plain.headers), std::move(plain.body)};
}

Reply reply_of(FileReply file) {
  auto& headers = file.headers;
  if (!file.etag.empty()) set_header(headers, "ETag", std::move(file.etag));
  if (!file.disposition.empty()) set_header(headers, "Content-Disposition", std::move(file.disposition));
  set_header(headers, "Cache-Control", file.cache_control.empty() ? "private, no-cache" : std::move(file.cache_control));
  set_header(headers, "Accept-Ranges", "bytes");
  return {200, std::move(file.content_type), std::move(headers), std::move(file.file)};
}

Reply reply_of(EventStream stream) {
  Headers headers{{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
  return {200, "text/event-stream", std::move(headers), std::move(stream)};
}

void detail::describe_response(boost::json::object& responses, int status, std::string_view description,
                               std::string_view content_type) {
  boost::json::object response{{"description", description}};
  if (!content_type.empty()) response["content"] = boost::json::object{{content_type, boost::json::object()}};
  auto& place = responses[std::to_string(status)];
  if (!place.is_object()) {
    place = std::move(response);
  } else if (!content_type.empty()) {  // a second kind of content for one status: negotiated
    auto& content = place.as_object()["content"];
    if (!content.is_object()) content.emplace_object();
    content.as_object()[content_type] = boost::json::object();
  }
}

}  // namespace kinora::http
