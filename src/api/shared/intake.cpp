#include "api/shared/intake.hpp"

#include "http/form.hpp"

namespace kinora::api {

std::unexpected<Error> wrong_field(std::string_view pointer, const std::string& name, std::string code, std::string message) {
  auto whole = name + " " + message;
  return std::unexpected(Error{
      ErrorKind::invalid, std::move(whole), {}, {{std::string(pointer) + '/' + name, std::move(code), std::move(message)}}});
}

Result<void> set_field(VideoFields& fields, std::string_view pointer, std::string_view name, std::string_view text) {
  if (name == "language" && text.empty()) return {};  // a form sends the fields that nobody has filled in
  http::Report report(http::Unknown::ignored, std::string(pointer));
  const http::Report::Step step(report, name);
  boost::pfr::for_each_field_with_name(fields, [&](std::string_view each, auto& field) {
    if (each == name) http::Form<std::decay_t<decltype(field)>>::read(report, text, field);
  });
  if (!report.is_clean()) return std::unexpected(std::move(report).error());
  return {};
}

media::NewVideo new_video(VideoFields fields) {
  media::NewVideo video;
  if (fields.title) video.title = std::move(fields.title->value);
  if (fields.description) video.description = std::move(fields.description->value);
  if (fields.visibility) video.visibility = *fields.visibility;
  if (fields.language) video.language = std::move(fields.language->value);
  return video;
}

}  // namespace kinora::api
