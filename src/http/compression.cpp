#include "http/compression.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "http/header_values.hpp"

namespace kinora::http {

namespace {

constexpr std::size_t size_min = 1024;
constexpr std::size_t size_max = 8 << 20;  // an I/O thread does the work
// Level 1 gives JSON two thirds of what level 9 saves, for a fifth of the time.
constexpr int level = 1;
constexpr int gzip_window = 15 + 16;
constexpr int memory_level = 8;

constexpr auto packable =
    std::to_array<std::string_view>({"application/json", "application/problem+json", "application/javascript",
                                     "application/vnd.apple.mpegurl", "image/svg+xml"});

bool is_packable(std::string_view content_type) {
  const auto type = without_parameters(content_type);
  return type.starts_with("text/") || std::ranges::find(packable, type) != packable.end();
}

}  // namespace

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string packed(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  // zlib's interface predates const; it does not write here.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  packed.resize(done ? stream.total_out : 0);
  deflateEnd(&stream);
  return packed;
}

void compress(const Head& head, Reply& reply) {
  auto* text = std::get_if<std::string>(&reply.body);
  if (text == nullptr || text->size() < size_min || text->size() > size_max || !is_packable(reply.content_type)) return;
  if (find_header(reply.headers, "Content-Encoding") != nullptr) return;
  reply.headers.push_back({"Vary", "Accept-Encoding"});
  if (wanted(head.list("accept-encoding"), "gzip") <= 0) return;
  auto packed = gzip(*text);
  if (packed.empty() || packed.size() >= text->size()) return;
  *text = std::move(packed);
  reply.headers.push_back({"Content-Encoding", "gzip"});
}

}  // namespace kinora::http
