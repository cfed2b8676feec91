#include "http/report.hpp"

namespace kinora::http {

namespace {

constexpr std::size_t fields_max = 100;

}  // namespace

Report::Step::Step(Report& report, std::string_view member) : report_(report), size_(report.pointer_.size()) {
  auto& pointer = report_.pointer_;
  pointer += '/';
  for (const char letter : member) {
    if (letter == '~')
      pointer += "~0";
    else if (letter == '/')
      pointer += "~1";
    else
      pointer += letter;
  }
}

void Report::wrong(std::string_view code, std::string message) {
  if (fields_.size() < fields_max) fields_.push_back({pointer_, std::string(code), std::move(message)});
}

Error Report::error() && {
  auto message = fields_.size() == 1 ? fields_.front().pointer + " " + fields_.front().message
                                     : std::to_string(fields_.size()) + " fields are wrong";
  return {ErrorKind::invalid, std::move(message), "validation_failed", std::move(fields_)};
}

}  // namespace kinora::http
