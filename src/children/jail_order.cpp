#include "children/jail_order.hpp"

#include <string_view>

#include "base/numbers.hpp"

namespace kinora {

namespace {

constexpr std::string_view end_of_options = "--";

template <class Number>
bool read_number(std::string_view text, Number& into) {
  const auto number = number_of<Number>(text);
  into = number.value_or(into);
  return number.has_value();
}

bool read_seconds(std::string_view text, std::chrono::seconds& into) {
  std::chrono::seconds::rep count = 0;
  if (!read_number(text, count)) return false;
  into = std::chrono::seconds(count);
  return true;
}

bool read_sandbox(std::string_view text, Sandbox& into) {
  into = text == "weak" ? Sandbox::weak : Sandbox::strict;
  return text == "weak" || text == "strict";
}

bool read_option(JailOrder& order, std::string_view name, std::string_view value) {
  if (name == "--profile") return order.profile = value, true;
  if (name == "--sandbox") return read_sandbox(value, order.sandbox);
  if (name == "--parent") return read_number(value, order.parent);
  if (name == "--uid") return read_number(value, order.user.uid);
  if (name == "--gid") return read_number(value, order.user.gid);
  if (name == "--memory") return read_number(value, order.limits.memory_bytes);
  if (name == "--cpu") return read_seconds(value, order.limits.cpu);
  if (name == "--file-size") return read_number(value, order.limits.file_bytes);
  if (name == "--open-files") return read_number(value, order.limits.open_files);
  if (name == "--nice") return read_number(value, order.limits.nice);
  if (name == "--scratch") return order.scratch = value, true;
  if (name == "--readable") return order.readable.emplace_back(value), true;
  return false;
}

}  // namespace

std::vector<std::string> words_of(const JailOrder& order) {
  std::vector<std::string> words;
  const auto add = [&words](const char* name, std::string value) {
    words.emplace_back(name);
    words.push_back(std::move(value));
  };
  add("--profile", order.profile);
  add("--sandbox", order.sandbox == Sandbox::weak ? "weak" : "strict");
  add("--parent", std::to_string(order.parent));
  add("--uid", std::to_string(order.user.uid));
  add("--gid", std::to_string(order.user.gid));
  add("--memory", std::to_string(order.limits.memory_bytes));
  add("--cpu", std::to_string(order.limits.cpu.count()));
  add("--file-size", std::to_string(order.limits.file_bytes));
  add("--open-files", std::to_string(order.limits.open_files));
  add("--nice", std::to_string(order.limits.nice));
  add("--scratch", order.scratch);
  for (const auto& file : order.readable) add("--readable", file);
  words.emplace_back(end_of_options);
  words.insert(words.end(), order.command.begin(), order.command.end());
  return words;
}

Result<JailOrder> parse_jail_order(std::span<char* const> words) {
  JailOrder order;
  std::size_t at = 0;
  for (; at + 1 < words.size() && words[at] != end_of_options; at += 2)
    if (!read_option(order, words[at], words[at + 1]))
      return fail(ErrorKind::invalid, "unknown option or value: " + std::string(words[at]) + " " + words[at + 1]);
  for (++at; at < words.size(); ++at) order.command.emplace_back(words[at]);
  if (order.command.empty()) return fail(ErrorKind::invalid, "no program to run");
  return order;
}

}  // namespace kinora
