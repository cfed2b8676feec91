#include "app/commands/registry_tools.hpp"

#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <string_view>

namespace kinora::app {

namespace {

struct Tool {
  std::string_view path;
  std::string_view text;
};

// Where each expects the others and the lock.
constexpr auto tools = std::to_array<Tool>({
    {
        "kinora.lock.json",
#include "app/kinora.lock.json.inc"
    },
    {
        "tools/cache.py",
#include "tools/cache.py.inc"
    },
    {
        "tools/fetch.py",
#include "tools/fetch.py.inc"
    },
    {
        "tools/make_models.py",
#include "tools/make_models.py.inc"
    },
    {
        "tools/models/__init__.py",
#include "tools/models/__init__.py.inc"
    },
    {
        "tools/models/e5.py",
#include "tools/models/e5.py.inc"
    },
    {
        "tools/models/gguf.py",
#include "tools/models/gguf.py.inc"
    },
    {
        "tools/models/minilm.py",
#include "tools/models/minilm.py.inc"
    },
    {
        "tools/models/whisper.py",
#include "tools/models/whisper.py.inc"
    },
});

bool write_file(const std::filesystem::path& path, std::string_view text) {
  std::error_code failed;
  std::filesystem::create_directories(path.parent_path(), failed);
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  return !failed && file.good();
}

/// Pointers as exec wants them; the texts stay where they are.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> environment_with(const std::string& cache) {
  std::vector<std::string> variables{"KINORA_CACHE=" + cache};
  for (char** each = ::environ; *each != nullptr; ++each)
    if (!std::string_view(*each).starts_with("KINORA_CACHE=")) variables.emplace_back(*each);
  return variables;
}

}  // namespace

Result<RegistryTools> RegistryTools::unpack() {
  auto name = (std::filesystem::temp_directory_path() / "kinora-tools-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    return fail(ErrorKind::unavailable, "no temporary folder can be made: " + std::string(std::strerror(errno)));
  RegistryTools unpacked{std::filesystem::path(name)};
  for (const auto& tool : tools)
    if (!write_file(unpacked.folder_ / tool.path, tool.text))
      return fail(ErrorKind::unavailable, (unpacked.folder_ / tool.path).string() + " cannot be written");
  return unpacked;
}

RegistryTools::~RegistryTools() {
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

Result<int> RegistryTools::run(std::vector<std::string> words, const std::filesystem::path& cache) const {
  words.front() = (folder_ / "tools" / words.front()).string();
  words.insert(words.begin(), "python3");
  auto environment = environment_with(cache.string());
  const auto arguments = pointers_to(words);
  const auto variables = pointers_to(environment);
  pid_t child = 0;
  const int problem = ::posix_spawnp(&child, "python3", nullptr, nullptr, arguments.data(), variables.data());
  if (problem != 0)
    return fail(ErrorKind::unavailable,
                "python3 does not start (" + std::string(std::strerror(problem)) + "): apt-get install python3 python3-pip");
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace kinora::app
