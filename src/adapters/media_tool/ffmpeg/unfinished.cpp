#include "adapters/media_tool/ffmpeg/unfinished.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <limits>

#include "adapters/media_tool/ffmpeg/fragments.hpp"

namespace kinora::ffmpeg {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t copied_at_once = 1 << 20;

Result<void> written(const std::error_code& code) {
  if (!code) return {};
  return fail(ErrorKind::unavailable, "the scratch folder cannot be written: " + code.message(),
              code == std::errc::no_space_on_device ? "storage_full" : "");
}

void remove_both(const fs::path& rendition) {
  std::error_code ignored;
  fs::remove(rendition, ignored);
  fs::remove(added_to(rendition), ignored);
}

Result<void> copy_range(const fs::path& from, std::uint64_t begin, std::uint64_t end, const fs::path& to) {
  errno = 0;
  std::ifstream input(from, std::ios::binary);
  std::ofstream output(to, std::ios::binary | std::ios::app);
  while (begin < end && output) {
    const auto part = read_at(input, begin, std::min(copied_at_once, end - begin));
    if (part.empty()) break;
    output.write(part.data(), static_cast<std::streamsize>(part.size()));
    begin += part.size();
  }
  output.close();
  if (begin == end && output) return {};
  return written(output || errno == 0 ? std::make_error_code(std::errc::io_error)
                                      : std::error_code(errno, std::generic_category()));
}

/// Those of `added` that begin where `there` ends. So a join that was itself cut off can be done again.
Result<void> append(const fs::path& rendition, const FragmentedFile& there, const FragmentedFile& added) {
  const auto next = std::ranges::find(added.fragments, there.fragments.back().end(), &Fragment::start);
  if (there.init != added.init ||
      (next == added.fragments.end() && added.fragments.back().end() > there.fragments.back().end())) {
    remove_both(rendition);
    return fail(ErrorKind::internal, "the converter did not go on as it had begun");
  }
  std::error_code code;
  fs::resize_file(rendition, there.whole_bytes(), code);
  if (code) return written(code);
  if (next == added.fragments.end()) return {};
  return copy_range(added_to(rendition), next->offset, added.whole_bytes(), rendition);
}

Result<void> join(const fs::path& rendition) {
  const auto added = read_fragments(added_to(rendition));
  const auto there = read_fragments(rendition);
  std::error_code code;
  if (!added.fragments.empty() && there.fragments.empty()) {
    fs::rename(added_to(rendition), rendition, code);
    return written(code);
  }
  if (!added.fragments.empty())
    if (auto appended = append(rendition, there, added); !appended) return appended;
  fs::remove(added_to(rendition), code);
  return written(code);
}

/// Those at the front that are as long as each but the last must be.
std::int64_t full_segments(const FragmentedFile& file, std::int64_t frames) {
  const auto is_short = [&](const Fragment& fragment) { return fragment.samples != frames; };
  return std::ranges::find_if(file.fragments, is_short) - file.fragments.begin();
}

Result<void> cut_to(const fs::path& rendition, std::int64_t segments) {
  std::error_code code;
  const auto there = read_fragments(rendition);
  if (segments == 0) {
    fs::remove(rendition, code);
  } else {
    const auto& last = there.fragments[static_cast<std::size_t>(segments - 1)];
    fs::resize_file(rendition, last.offset + last.size, code);
  }
  return written(code);
}

}  // namespace

fs::path added_to(const fs::path& rendition) { return fs::path(rendition).replace_extension(".added.mp4"); }

Result<std::int64_t> keep_whole_segments(std::vector<fs::path> renditions, std::int64_t frames) {
  if (auto joined = join_added(renditions); !joined) return std::unexpected(std::move(joined.error()));
  auto kept = std::numeric_limits<std::int64_t>::max();
  for (const auto& rendition : renditions) kept = std::min(kept, full_segments(read_fragments(rendition), frames));
  for (const auto& rendition : renditions)
    if (auto cut = cut_to(rendition, kept); !cut) return std::unexpected(std::move(cut.error()));
  return kept;
}

Result<void> join_added(std::vector<fs::path> renditions) {
  for (const auto& rendition : renditions)
    if (auto joined = join(rendition); !joined) return joined;
  return {};
}

}  // namespace kinora::ffmpeg
