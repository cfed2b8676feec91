#include "api/tus/headers.hpp"

#include <limits>
#include <map>

#include "base/encoding.hpp"
#include "base/numbers.hpp"
#include "http/header_values.hpp"
#include "http/target.hpp"

namespace kinora::api::tus {

namespace {

constexpr std::size_t name_length_max = 255;

std::unexpected<Error> malformed(std::string_view name, std::string_view why) {
  return fail(ErrorKind::invalid, std::string(name) + " " + std::string(why), "malformed");
}

std::unexpected<Error> bad_metadata() {
  return malformed("Upload-Metadata", "must be keys, each once, each with a base64 value, joined by commas");
}

using Pairs = std::map<std::string, std::string, std::less<>>;

Result<Pairs> parse_pairs(std::string_view value) {
  Pairs pairs;
  while (!value.empty()) {
    const auto end = std::min(value.find(','), value.size());
    const auto pair = http::trimmed(value.substr(0, end));
    value.remove_prefix(std::min(end + 1, value.size()));
    const auto blank = std::min(pair.find(' '), pair.size());
    const auto text = bytes_of_base64(http::trimmed(pair.substr(blank)));
    if (blank == 0 || !text) return bad_metadata();
    if (!pairs.emplace(pair.substr(0, blank), text_of(*text)).second) return bad_metadata();
  }
  return pairs;
}

/// Clients disagree about what the file's name and type are called.
std::string first_of(const Pairs& pairs, std::initializer_list<std::string_view> names) {
  for (const auto name : names)
    if (const auto found = pairs.find(name); found != pairs.end()) return found->second;
  return {};
}

}  // namespace

Result<FileMetadata> parse_metadata(std::string_view value) {
  const auto pairs = parse_pairs(value);
  if (!pairs) return std::unexpected(pairs.error());
  FileMetadata metadata{first_of(*pairs, {"filename", "name"}), first_of(*pairs, {"filetype", "type"}), {}};
  for (const auto* text : {&metadata.filename, &metadata.content_type}) {
    const auto length = http::count_code_points(*text);
    if (!length || *length > name_length_max) return malformed("Upload-Metadata", "holds a name that is too long or not UTF-8");
  }
  for (const auto& [name, text] : *pairs)
    if (auto set = set_field(metadata.video, "/header/Upload-Metadata", name, text); !set)
      return std::unexpected(std::move(set.error()));
  return metadata;
}

Result<std::uint64_t> parse_bytes(std::string_view name, std::string_view value) {
  constexpr std::uint64_t bytes_max = std::numeric_limits<std::int64_t>::max();
  const auto bytes = number_of<std::uint64_t>(value);
  if (!bytes || *bytes > bytes_max) return malformed(name, "must be a number of bytes");
  return *bytes;
}

Result<media::Checksum> parse_checksum(std::string_view value) {
  const auto blank = std::min(value.find(' '), value.size());
  auto digest = media::Digest::of(value.substr(0, blank));
  if (!digest) return malformed("Upload-Checksum", "must begin with one of " + media::Digest::algorithms());
  auto expected = bytes_of_base64(http::trimmed(value.substr(blank)));
  if (!expected || expected->size() != digest->size_bytes())
    return malformed("Upload-Checksum", "must hold the digest in base64");
  return media::Checksum{*std::move(digest), *std::move(expected)};
}

}  // namespace kinora::api::tus
