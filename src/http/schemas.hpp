#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <string_view>

#include "http/report.hpp"

namespace kinora::http {

/// The named schemas of one OpenAPI document, so that a type is written once.
class Schemas {
 public:
  using Make = boost::json::object (*)(Schemas&);
  /// A reference to the schema of this C++ type, which is made on first use. Two types that share their last name keep more of
  /// their scope.
  boost::json::object reference(std::string_view full_type_name, Make make);

  boost::json::object take() &&;

  /// Of the route whose request is described: whether its bodies may hold more than they name.
  Unknown unknown = Unknown::ignored;

 private:
  std::map<std::string, std::string, std::less<>> names_;  // of full type names
  std::map<std::string, boost::json::object> made_;
};

/// The qualified name of a type.
template <class T>
constexpr std::string_view type_name() {
  constexpr std::string_view text = __PRETTY_FUNCTION__;
  constexpr auto start = text.find("T = ") + 4;
  return text.substr(start, text.rfind(']') - start);
}

}  // namespace kinora::http
