#include "api/console/console.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

#include "api/console/files.hpp"

namespace kinora::api::console {

namespace {

// FNV-1a, 64 bit: tells versions apart, protects nothing.
std::uint64_t mixed(std::uint64_t hash, std::string_view bytes) {
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return hash;
}

std::string tag_of_files() {
  auto hash = mixed(0xcbf29ce484222325, page_template());
  for (const auto& file : files()) hash = mixed(mixed(hash, file.name), file.bytes);
  return fmt::format("{:016x}", hash);
}

std::string page_with(std::string_view folder) {
  constexpr std::string_view mark = "{files}";
  std::string page(page_template());
  for (auto at = page.find(mark); at != std::string::npos; at = page.find(mark, at)) page.replace(at, mark.size(), folder);
  return page;
}

}  // namespace

Console::Console(std::string version)
    : version_(std::move(version)), tag_(tag_of_files()), page_(page_with("/console/" + tag_)) {}

}  // namespace kinora::api::console
