#include "children/left_behind.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/numbers.hpp"

namespace kinora {

namespace {

bool lies_inside(const std::filesystem::path& path, const std::filesystem::path& folder) {
  const auto [end, ignored] = std::ranges::mismatch(folder, path);
  return end == folder.end();
}

int process_of(const std::filesystem::path& entry) { return number_of<int>(entry.filename().string()).value_or(0); }

}  // namespace

std::vector<LeftBehind> processes_inside(const std::vector<std::filesystem::path>& folders) {
  std::vector<LeftBehind> found;
  std::error_code code;
  for (std::filesystem::directory_iterator each("/proc", code), end; !code && each != end; each.increment(code)) {
    const int process = process_of(each->path());
    if (process == 0 || process == ::getpid()) continue;
    std::error_code gone;  // meanwhile, or another user's
    const auto folder = std::filesystem::read_symlink(each->path() / "cwd", gone);
    const bool inside = !gone && std::ranges::any_of(folders, [&](const auto& one) { return lies_inside(folder, one); });
    if (!inside) continue;
    found.push_back({process, std::filesystem::read_symlink(each->path() / "exe", gone).string(), folder});
  }
  return found;
}

}  // namespace kinora
