#pragma once

#include <string>
#include <string_view>

#include "base/caller.hpp"
#include "http/types.hpp"

namespace kinora::http {

/// Places in lists as clients carry them: opaque, signed, and good only for the same list, filtered alike, and the same person.
class Cursors {
 public:
  explicit Cursors(std::string secret) : secret_(std::move(secret)) {}

  std::string seal(const Caller& caller, const Page& page, std::string_view place) const;
  /// The place that page.cursor holds. Errors: invalid (invalid_cursor), naming the field.
  Result<std::string> open(const Caller& caller, const Page& page) const;

 private:
  std::string mac(const Caller& caller, const Page& page, std::string_view place) const;
  std::string secret_;
};

}  // namespace kinora::http
