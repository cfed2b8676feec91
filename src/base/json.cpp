#include "base/json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>

namespace kinora {

namespace {

/// Sees each key of each object once: RFC 8259 leaves repeated names undefined, and readers that differ can be played off
/// against each other.
struct DuplicateKeys {
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);
  using Code = boost::system::error_code;

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) {
    keys.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, Code&) {
    keys.pop_back();
    return true;
  }
  bool on_array_begin(Code&) { return true; }
  bool on_array_end(std::size_t, Code&) { return true; }
  bool on_key_part(boost::json::string_view part, std::size_t, Code&) {
    key.append(part);
    return true;
  }
  bool on_key(boost::json::string_view part, std::size_t, Code& code) {
    key.append(part);
    if (!keys.back().insert(std::exchange(key, {})).second) code = boost::json::error::syntax;
    return !code;
  }
  bool on_string_part(boost::json::string_view, std::size_t, Code&) { return true; }
  bool on_string(boost::json::string_view, std::size_t, Code&) { return true; }
  bool on_number_part(boost::json::string_view, Code&) { return true; }
  bool on_int64(std::int64_t, boost::json::string_view, Code&) { return true; }
  bool on_uint64(std::uint64_t, boost::json::string_view, Code&) { return true; }
  bool on_double(double, boost::json::string_view, Code&) { return true; }
  bool on_bool(bool, Code&) { return true; }
  bool on_null(Code&) { return true; }
  bool on_comment_part(boost::json::string_view, Code&) { return true; }
  bool on_comment(boost::json::string_view, Code&) { return true; }

  std::vector<std::set<std::string, std::less<>>> keys{};
  std::string key{};
};

bool repeats_a_key(std::string_view text, const boost::json::parse_options& options) {
  boost::json::basic_parser<DuplicateKeys> parser(options);
  boost::system::error_code code;
  parser.write_some(false, text.data(), text.size(), code);
  return code.failed();
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += '"';
  for (const char letter : text) {
    switch (letter) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(letter) >= 0x20) {
          out += letter;
        } else {
          out += "\\u00";
          out += digits[static_cast<unsigned char>(letter) >> 4];
          out += digits[static_cast<unsigned char>(letter) & 15];
        }
    }
  }
  out += '"';
}

Result<boost::json::value> parse_json(std::string_view text, std::size_t depth_max) {
  boost::json::parse_options options;
  options.max_depth = depth_max;
  options.numbers = boost::json::number_precision::precise;  // the usual way misses some by a bit, and by another each time
  boost::system::error_code code;
  auto value = boost::json::parse(text, code, {}, options);
  if (code) return fail(ErrorKind::invalid, "not valid JSON: " + code.message());
  if (repeats_a_key(text, options)) return fail(ErrorKind::invalid, "not valid JSON: a name stands twice in one object");
  return value;
}

std::string json_text(const boost::json::value& value) { return boost::json::serialize(value); }

}  // namespace kinora
