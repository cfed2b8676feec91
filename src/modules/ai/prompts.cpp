#include "modules/ai/prompts.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kinora::ai {

namespace {

constexpr auto language_names = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"en", "English"},
    {"vi", "Vietnamese"},
    {"de", "German"},
    {"es", "Spanish"},
    {"fr", "French"},
    {"it", "Italian"},
    {"ja", "Japanese"},
    {"ko", "Korean"},
    {"pt", "Portuguese"},
    {"zh", "Chinese"},
});

std::string language_line(std::string_view language) {
  const auto found = std::ranges::find(language_names, language, [](const auto& each) { return each.first; });
  if (found == language_names.end()) return "\nWrite in the language of what was said.";
  return "\nWrite in " + std::string(found->second) + ".";
}

/// How many bytes a sign has at the beginning that is not seen, but ends a line or turns letters round: C0, C1, U+2028 to
/// U+202E, U+2066 to U+2069.
std::size_t unseen(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  if (byte(0) < 0x20 || byte(0) == 0x7f) return 1;
  if (text.starts_with("\xc2") && text.size() > 1 && byte(1) < 0xa0) return 2;
  if (text.starts_with("\xe2\x80") && text.size() > 2 && byte(2) >= 0xa8 && byte(2) <= 0xae) return 3;
  if (text.starts_with("\xe2\x81") && text.size() > 2 && byte(2) >= 0xa6 && byte(2) <= 0xa9) return 3;
  return 0;
}

bool is_letter_of_ascii(char letter) { return static_cast<unsigned char>(letter) < 0x80; }

}  // namespace

Prompt prompt_of(const Order& order, std::string_view language, std::string material) {
  return {.instructions = std::string(order.instructions) + language_line(language),
          .material = std::move(material),
          .schema = std::string(order.schema),
          .tokens_max = order.tokens_max};
}

std::string as_data(std::string_view text) {
  std::string data;
  data.reserve(text.size());
  while (!text.empty()) {
    const auto hidden = unseen(text);
    if (hidden > 0)
      data += ' ';
    else if (text.front() == '<')
      data += "‹";
    else if (text.front() == '>')
      data += "›";
    else
      data += text.front();
    text.remove_prefix(std::max<std::size_t>(hidden, 1));
  }
  return data;
}

std::size_t estimated_tokens(std::string_view text) {
  const auto plain = static_cast<std::size_t>(std::ranges::count_if(text, is_letter_of_ascii));
  // English has four and a half letters a token, Vietnamese under two bytes, Chinese about two.
  return plain / 3 + (text.size() - plain) * 2 / 3 + 1;
}

}  // namespace kinora::ai
