#include "ports/blob_store.hpp"

#include <algorithm>
#include <cctype>

namespace kinora {

namespace {

bool is_segment(std::string_view segment) {
  if (segment.empty() || segment == "." || segment == "..") return false;
  return std::ranges::all_of(segment, [](unsigned char letter) {
    return std::isalnum(letter) != 0 || letter == '.' || letter == '_' || letter == '-';
  });
}

}  // namespace

Result<BlobKey> parse_blob_key(std::string text) {
  bool good = text.size() <= 512;
  for (std::size_t start = 0; good && start <= text.size();) {
    const auto end = std::min(text.find('/', start), text.size());
    good = is_segment(std::string_view(text).substr(start, end - start));
    start = end + 1;
  }
  if (!good) return fail(ErrorKind::invalid, "not a blob key: " + text.substr(0, 80));
  return BlobKey{std::move(text)};
}

}  // namespace kinora
