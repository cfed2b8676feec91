#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace kinora::http {

/// Whether members that nobody asked for are an error; set per route.
enum class Unknown : std::uint8_t { ignored, refused };

/// Collects every wrong place of a request, so that a client learns all at once.
class Report {
 public:
  /// `pointer`: where in the request all of it lies.
  explicit Report(Unknown unknown = Unknown::ignored, std::string pointer = {})
      : unknown_(unknown), pointer_(std::move(pointer)) {}

  /// While it lives, what is wrong is wrong inside this member.
  class Step {
   public:
    Step(Report& report, std::string_view member);
    Step(const Step&) = delete;
    ~Step() { report_.pointer_.resize(size_); }

   private:
    Report& report_;
    std::size_t size_;
  };

  /// At most 100 are kept: a body of wrong items must not become a larger answer.
  void wrong(std::string_view code, std::string message);
  Unknown unknown() const { return unknown_; }
  bool is_clean() const { return fields_.empty(); }
  /// invalid (422) with all fields; the message counts them.
  Error error() &&;

 private:
  Unknown unknown_;
  std::string pointer_;  ///< RFC 6901
  std::vector<FieldError> fields_;
};

}  // namespace kinora::http
