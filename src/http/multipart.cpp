#include "http/multipart.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/encoding.hpp"
#include "http/call.hpp"
#include "http/header_values.hpp"
#include "http/request_hash.hpp"
#include "http/target.hpp"

namespace kinora::http {

namespace {

constexpr std::size_t step_bytes = 16 * 1024;

std::unexpected<Error> malformed(std::string message) { return fail(ErrorKind::invalid, std::move(message), "malformed"); }

// How many bytes at the end of `bytes` may be the start of a delimiter whose rest has not arrived.
std::size_t possible_start(std::string_view bytes, std::string_view delimiter) {
  for (auto size = std::min(bytes.size(), delimiter.size() - 1); size > 0; --size)
    if (delimiter.starts_with(bytes.substr(bytes.size() - size))) return size;
  return 0;
}

std::string last_component(std::string path) {
  const auto slash = path.find_last_of("/\\");
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

Result<void> read_disposition(std::string_view value, Part& part) {
  auto name = parameter(value, "name");
  if (!same_name(without_parameters(value), "form-data") || !name) return malformed("a part has no `form-data; name=` header");
  auto filename = parameter(value, "filename");
  if (!count_code_points(*name) || !count_code_points(filename.value_or(""))) return malformed("a part's name is not UTF-8");
  part.name = *std::move(name);
  if (filename) part.filename = last_component(*std::move(filename));
  return {};
}

}  // namespace

Result<std::string> boundary_of(std::string_view content_type) {
  if (!same_name(without_parameters(content_type), "multipart/form-data"))
    return fail(ErrorKind::unsupported, "the body must be multipart/form-data, not " + std::string(content_type.substr(0, 80)));
  auto boundary = parameter(content_type, "boundary").value_or("");
  if (boundary.empty() || boundary.size() > 70) return malformed("multipart/form-data needs a boundary of 1 to 70 characters");
  return boundary;
}

Result<Part> parse_part_head(std::string_view lines) {
  Part part;
  bool named = false;
  while (!lines.empty()) {
    const auto line = lines.substr(0, lines.find("\r\n"));
    lines.remove_prefix(std::min(lines.size(), line.size() + 2));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return malformed("a part's header line has no colon");
    const auto value = trimmed(line.substr(colon + 1));
    if (same_name(line.substr(0, colon), "content-type")) part.content_type = value;
    if (!same_name(line.substr(0, colon), "content-disposition")) continue;
    if (auto read = read_disposition(value, part); !read) return std::unexpected(std::move(read.error()));
    named = true;
  }
  if (!named) return malformed("a part has no Content-Disposition");
  return part;
}

Multipart::Multipart(BodySource& body, std::string_view boundary)
    : body_(&body), delimiter_("\r\n--" + std::string(boundary)) {}

Result<Multipart> Multipart::open(Call& call) {
  auto boundary = boundary_of(call.head().header("content-type").value_or(""));
  if (!boundary) return std::unexpected(std::move(boundary.error()));
  Multipart parts(call.body(), *boundary);
  parts.hash_ = call.hash;
  return parts;
}

Task<Result<std::optional<Part>>> Multipart::next_part() {
  if (state_ == State::in_part) co_await ok(skip_part());
  if (state_ == State::finished || !co_await ok(take_delimiter_end())) {
    if (hash_ != nullptr && state_ != State::finished) hash_->finish();
    state_ = State::finished;
    co_return std::optional<Part>();
  }
  if (++parts_ > parts_max) co_return malformed("more than " + std::to_string(parts_max) + " parts");
  const auto lines = co_await ok(take_head());
  auto part = co_await ok(parse_part_head(lines));
  state_ = State::in_part;
  if (hash_ != nullptr) hash_->begin_part(part.name, part.filename.value_or(""));
  co_return std::optional<Part>(std::move(part));
}

Task<Result<std::size_t>> Multipart::read(std::span<std::byte> buffer) {
  const auto size = co_await ok(read_part(buffer));
  if (hash_ != nullptr) hash_->add(buffer.first(size));
  co_return size;
}

Task<Result<std::size_t>> Multipart::read_part(std::span<std::byte> buffer) {
  if (buffer.size() < buffer_bytes_min) co_return fail(ErrorKind::internal, "a buffer for parts is at least 128 bytes");
  while (state_ == State::in_part) {
    auto size = copy_pending(buffer);
    // More is read only when what is here can be neither given out nor recognised yet.
    const bool more_needed = possible_start(text_of(buffer.first(size)), delimiter_) == size;
    if (more_needed) {
      const auto rest = buffer.subspan(size);
      const auto more = co_await ok(body_->read(rest));
      if (more == 0) co_return malformed("the body ends before its closing boundary");
      size += more;
    }
    const auto bytes = text_of(buffer.first(size));
    const auto found = bytes.find(delimiter_);
    if (found != std::string_view::npos) {
      give_back(bytes.substr(found + delimiter_.size()), !more_needed);
      state_ = State::after_delimiter;
      co_return found;
    }
    const auto held = possible_start(bytes, delimiter_);
    give_back(bytes.substr(size - held), !more_needed);
    if (size > held) co_return size - held;
  }
  co_return std::size_t{0};
}

Task<Result<std::string>> Multipart::read_text() {
  std::string text;
  std::vector<std::byte> buffer(step_bytes);
  while (true) {
    const auto count = co_await ok(read(buffer));
    if (count == 0) break;
    text += text_of(std::span(buffer).first(count));
    if (text.size() > text_bytes_max)
      co_return fail(ErrorKind::too_large, "a text field is larger than " + std::to_string(text_bytes_max) + " bytes");
  }
  if (!count_code_points(text)) co_return malformed("a text field is not UTF-8");
  co_return text;
}

// False at the end of the body.
Task<Result<bool>> Multipart::fill() {
  pending_.erase(0, start_);
  start_ = 0;
  const auto size = pending_.size();
  pending_.resize(size + step_bytes);
  const auto space = std::as_writable_bytes(std::span(pending_)).subspan(size);
  const auto count = co_await body_->read(space);
  pending_.resize(size + count.value_or(0));
  if (!count) co_return std::unexpected(count.error());
  co_return *count > 0;
}

Task<Result<void>> Multipart::skip_part() {
  std::vector<std::byte> buffer(step_bytes);
  while (co_await ok(read(buffer)) > 0) continue;
  co_return {};
}

// Behind a delimiter stand two dashes (the last: false) or blanks and a line's end.
Task<Result<bool>> Multipart::take_delimiter_end() {
  while (!pending().starts_with("--")) {
    const auto end = pending().find("\r\n");
    if (end != std::string_view::npos) {
      if (!trimmed(pending().substr(0, end)).empty()) co_return malformed("a boundary is followed by other text");
      start_ += end + 2;
      co_return true;
    }
    if (pending().size() > 64 || !co_await ok(fill())) co_return malformed("a boundary's line has no end");
  }
  co_return false;
}

Task<Result<std::string>> Multipart::take_head() {
  while (true) {
    if (pending().starts_with("\r\n")) co_return malformed("a part has no headers");
    const auto end = pending().find("\r\n\r\n");
    if (end <= part_head_bytes_max) {
      std::string lines(pending().substr(0, end));
      start_ += end + 4;
      co_return lines;
    }
    if (pending().size() > part_head_bytes_max || !co_await ok(fill())) co_return malformed("a part's headers have no end");
  }
}

std::size_t Multipart::copy_pending(std::span<std::byte> buffer) {
  const auto size = std::min(buffer.size(), pending().size());
  std::memcpy(buffer.data(), pending().data(), size);
  start_ += size;
  return size;
}

// `bytes` is the end of what was just handed out; copied out of pending_, it is still there.
void Multipart::give_back(std::string_view bytes, bool came_from_pending) {
  if (came_from_pending) {
    start_ -= bytes.size();
    return;
  }
  pending_ = bytes;
  start_ = 0;
}

}  // namespace kinora::http
