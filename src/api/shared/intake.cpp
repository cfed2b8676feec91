#include "api/shared/intake.hpp"

#include "http/target.hpp"

namespace kinora::api {

namespace {

constexpr std::size_t title_length_max = 500;
constexpr std::size_t description_length_max = 5000;
constexpr std::size_t language_length_max = 35;  // RFC 5646, 4.4.1

/// What is wrong with the text, or nothing.
std::string wrong_length(const std::string& text, std::size_t length_max) {
  const auto length = http::count_code_points(text);
  if (!length) return "is not UTF-8";
  return *length > length_max ? "may have at most " + std::to_string(length_max) + " characters" : std::string();
}

}  // namespace

std::unexpected<Error> wrong_field(std::string_view pointer, const std::string& name, std::string code, std::string message) {
  auto whole = name + " " + message;
  return std::unexpected(Error{
      ErrorKind::invalid, std::move(whole), {}, {{std::string(pointer) + '/' + name, std::move(code), std::move(message)}}});
}

Result<void> set_field(media::NewVideo& video, std::string_view pointer, const std::string& name, std::string text) {
  const auto keep = [&](auto& into, std::size_t length_max) -> Result<void> {
    if (auto wrong = wrong_length(text, length_max); !wrong.empty())
      return wrong_field(pointer, name, "too_long", std::move(wrong));
    into = std::move(text);
    return {};
  };
  if (name == "title") return keep(video.title, title_length_max);
  if (name == "description") return keep(video.description, description_length_max);
  if (name == "language" && text.empty()) return {};  // a form sends the fields that nobody has filled in
  if (name == "language") return keep(video.language, language_length_max);
  if (name != "visibility") return {};
  const auto visibility = parse_name<media::Visibility>(text);
  if (!visibility) return wrong_field(pointer, name, "not_one_of", "must be private, unlisted or public");
  video.visibility = *visibility;
  return {};
}

}  // namespace kinora::api
