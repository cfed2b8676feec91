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
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (letter == '<')
      data += "‹";
    else if (letter == '>')
      data += "›";
    else
      data += byte < 0x20 || byte == 0x7f ? ' ' : letter;
  }
  return data;
}

std::size_t estimated_tokens(std::string_view text) {
  const auto plain = static_cast<std::size_t>(std::ranges::count_if(text, is_letter_of_ascii));
  // English has four and a half letters a token, Vietnamese under two bytes, Chinese about two.
  return plain / 3 + (text.size() - plain) * 2 / 3 + 1;
}

}  // namespace kinora::ai
