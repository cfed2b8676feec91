#include "children/output.hpp"

#include <algorithm>

namespace kinora {

void LineSplitter::feed(std::string_view bytes, const std::function<void(std::string_view)>& line) {
  while (!bytes.empty()) {
    const auto end = std::min(bytes.find_first_of("\r\n"), bytes.size());
    pending_.append(bytes.substr(0, std::min(end, bytes_max_ - pending_.size())));
    if (end == bytes.size()) return;
    end_line(line);
    bytes.remove_prefix(end + 1);
  }
}

void LineSplitter::finish(const std::function<void(std::string_view)>& line) { end_line(line); }

void LineSplitter::end_line(const std::function<void(std::string_view)>& line) {
  if (!pending_.empty()) line(pending_);
  pending_.clear();
}

void Tail::feed(std::string_view bytes) {
  kept_.append(bytes.substr(bytes.size() - std::min(bytes.size(), bytes_max_)));
  // Let it grow to twice its size, so that dropping the front costs a constant per byte.
  if (kept_.size() > 2 * bytes_max_) kept_.erase(0, kept_.size() - bytes_max_);
}

std::string Tail::take() {
  if (kept_.size() > bytes_max_) kept_.erase(0, kept_.size() - bytes_max_);
  return std::move(kept_);
}

}  // namespace kinora
