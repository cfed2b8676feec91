#include "engines/speech/order.hpp"

#include <string_view>

#include "base/numbers.hpp"

namespace kinora::speech {

namespace {

constexpr unsigned slots_max = 16;

Result<unsigned> parse_slots(std::string_view text) {
  const auto slots = number_of<unsigned>(text);
  if (slots && *slots >= 1 && *slots <= slots_max) return *slots;
  return fail(ErrorKind::invalid, "--slots takes 1 to " + std::to_string(slots_max) + ", not " + std::string(text));
}

std::string* text_named(Order& order, std::string_view name) {
  if (name == "--audio") return &order.audio;
  if (name == "--model") return &order.model;
  if (name == "--detector") return &order.detector;
  if (name == "--language") return &order.language;
  return nullptr;
}

}  // namespace

Result<Order> parse_order(std::span<char* const> arguments) {
  Order order;
  for (std::size_t at = 0; at < arguments.size(); at += 2) {
    const std::string_view name = arguments[at];
    if (at + 1 == arguments.size()) return fail(ErrorKind::invalid, std::string(name) + " needs a value");
    const char* value = arguments[at + 1];
    if (auto* text = text_named(order, name)) {
      *text = value;
    } else if (name == "--slots") {
      auto slots = parse_slots(value);
      if (!slots) return std::unexpected(std::move(slots.error()));
      order.slots = *slots;
    } else {
      return fail(ErrorKind::invalid, "unknown argument " + std::string(name));
    }
  }
  if (order.audio.empty() || order.model.empty() || order.detector.empty())
    return fail(ErrorKind::invalid, "--audio, --model and --detector are needed");
  return order;
}

}  // namespace kinora::speech
