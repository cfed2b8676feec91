#include "app/config_sources.hpp"

#include <fmt/core.h>

#include <toml++/toml.h>
#include <fstream>

#include "app/config_values.hpp"

namespace kinora::app {

namespace {

constexpr std::size_t file_bytes_max = 64 << 10;

Result<std::string> read_small_file(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text(file_bytes_max + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream.is_open() || stream.bad()) return fail(ErrorKind::invalid, "cannot be read");
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > file_bytes_max) return fail(ErrorKind::invalid, "is larger than 64 KiB");
  return text;
}

/// The line break at its end is no part of a secret: editors and `echo` add it.
Result<std::string> read_setting_file(const std::string& file) {
  auto text = read_small_file(file);
  if (!text) return text;
  if (text->ends_with('\n')) text->pop_back();
  if (text->ends_with('\r')) text->pop_back();
  if (text->empty()) return fail(ErrorKind::invalid, "is empty");
  return text;
}

const std::string* find_text(const Variables& settings, std::string_view name) {
  const auto found = settings.find(name);
  return found == settings.end() || found->second.empty() ? nullptr : &found->second;
}

Result<std::optional<FoundSetting>> find_in(const Source& source, std::string_view name) {
  const auto* text = find_text(source.settings, name);
  const auto file_name = std::string(name) + "_FILE";
  const auto* file = find_text(source.settings, file_name);
  if (text != nullptr && file != nullptr)
    return fail(ErrorKind::invalid, fmt::format("{} and {} are both set ({}); keep one of them", name, file_name, source.name));
  if (text != nullptr) return FoundSetting{std::string(name), *text, source.name};
  if (file == nullptr) return std::nullopt;

  auto content = read_setting_file(*file);
  if (content) return FoundSetting{std::string(name), *std::move(content), source.name};
  return fail(ErrorKind::invalid,
              fmt::format("{}={} ({}): this file {}", file_name, *file, source.name, content.error().message));
}

/// A list of words becomes a comma list; nothing for what no setting can be.
std::optional<std::string> text_of(const toml::node& node) {
  if (const auto word = node.value_exact<std::string>()) return word;
  if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
  if (const auto truth = node.value_exact<bool>()) return *truth ? "true" : "false";
  if (!node.is_array()) return std::nullopt;
  std::string joined;
  for (const auto& item : *node.as_array()) {
    const auto word = item.value_exact<std::string>();
    if (!word) return std::nullopt;
    joined += (joined.empty() ? "" : ",") + *word;
  }
  return joined;
}

Result<Source> source_of(const std::filesystem::path& file, const toml::table& table) {
  Source source{file.string(), {}};
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    const auto text = text_of(node);
    if (name != lower_case(name))
      return fail(ErrorKind::invalid,
                  fmt::format("{} ({}): keys of this file are in lower case: {}", name, file.string(), lower_case(name)));
    if (!text)
      return fail(ErrorKind::invalid,
                  fmt::format("{} ({}): give a word, a whole number or true or false", name, file.string()));
    source.settings.emplace(upper_case(name), *text);
  }
  return source;
}

}  // namespace

Result<std::optional<FoundSetting>> find_setting(std::span<const Source> strongest_first,
                                                 std::span<const std::string_view> names) {
  for (const auto& source : strongest_first)
    for (const auto name : names) {
      auto found = find_in(source, name);
      if (!found || *found) return found;
    }
  return std::nullopt;
}

Result<Source> read_config_file(const std::filesystem::path& file) {
  std::error_code problem;
  if (!std::filesystem::exists(file, problem)) return Source{file.string(), {}};
  const auto text = read_small_file(file.string());
  if (!text) return fail(ErrorKind::invalid, fmt::format("{} {}", file.string(), text.error().message));
  try {
    return source_of(file, toml::parse(*text));
  } catch (const toml::parse_error& error) {
    return fail(ErrorKind::invalid,
                fmt::format("{} line {}: not valid TOML: {}", file.string(), error.source().begin.line, error.description()));
  }
}

}  // namespace kinora::app
