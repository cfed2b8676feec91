#include "http/head.hpp"

#include <algorithm>
#include <cstring>

#include "base/numbers.hpp"
#include "http/header_values.hpp"

namespace kinora::http {

namespace {

std::unexpected<Error> malformed(std::string message) { return fail(ErrorKind::invalid, std::move(message), "malformed"); }

// RFC 9110 section 5.6.2.
constexpr bool is_token_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         (letter != '\0' && std::string_view("!#$%&'*+-.^_`|~").contains(letter));
}
bool is_token(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_token_letter); }

bool is_field_value(std::string_view text) {
  return std::ranges::none_of(text, [](char letter) {
    const auto code = static_cast<unsigned char>(letter);
    return (code < 0x20 && code != '\t') || code == 0x7f;
  });
}
bool is_target(std::string_view text) {
  return std::ranges::all_of(text, [](char letter) { return letter > 0x20 && letter < 0x7f; });
}

}  // namespace

std::optional<std::string_view> Head::header(std::string_view name) const {
  for (const auto& field : fields_)
    if (same_name(at(field.name), name)) return at(field.value);
  return std::nullopt;
}

std::string Head::list(std::string_view name) const {
  std::string all;
  for (const auto& field : fields_) {
    if (!same_name(at(field.name), name)) continue;
    if (!all.empty()) all += ", ";
    all += at(field.value);
  }
  return all;
}

std::size_t Head::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(fields_, [&](const Field& field) { return same_name(at(field.name), name); }));
}

std::optional<std::string_view> Head::cookie(std::string_view name) const {
  for (const auto& field : fields_) {
    if (!same_name(at(field.name), "cookie")) continue;
    for (auto rest = at(field.value); !rest.empty();) {
      const auto pair = trimmed(rest.substr(0, rest.find(';')));
      rest.remove_prefix(std::min(rest.size(), rest.find(';') == std::string_view::npos ? rest.size() : rest.find(';') + 1));
      const auto equals = pair.find('=');
      if (equals != std::string_view::npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
    }
  }
  return std::nullopt;
}

std::optional<std::string_view> Head::bearer() const {
  constexpr std::string_view scheme = "bearer ";
  const auto value = header("authorization");
  if (!value || !same_name(value->substr(0, scheme.size()), scheme)) return std::nullopt;
  return trimmed(value->substr(scheme.size()));
}

std::string_view Head::traceparent() const {
  constexpr std::size_t size = 55;
  const auto value = header("traceparent").value_or("");
  const bool is_well_formed = value.size() == size && value.find_first_not_of("0123456789abcdef-") == std::string_view::npos;
  return is_well_formed ? value : std::string_view();
}

FoundHead find_head(std::string_view bytes, std::size_t seen) {
  for (auto at = bytes.find('\n', seen > 3 ? seen - 3 : 0); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
    if (at == 0 || bytes[at - 1] != '\r') return {HeadEnd::broken, 0};
    if (at >= 3 && bytes[at - 2] == '\n') return {HeadEnd::found, at + 1};
  }
  return {};
}

class HeadParser {
 public:
  HeadParser(std::string text, HeadLimits limits) : limits_(limits) { head_.text_ = std::move(text); }

  Result<Head> parse() {
    auto done = read_request_line();
    while (done && !next_line_is_empty()) done = read_field();
    if (done) done = check_framing();
    if (!done) return std::unexpected(std::move(done.error()));
    return std::move(head_);
  }

 private:
  std::string_view rest() const { return std::string_view(head_.text_).substr(position_); }
  bool next_line_is_empty() const { return rest().starts_with("\r\n") || rest().empty(); }
  Head::Piece piece(std::string_view of) const {
    return {static_cast<std::uint32_t>(of.data() - head_.text_.data()), static_cast<std::uint32_t>(of.size())};
  }
  std::string_view take_line() {
    const auto line = rest().substr(0, rest().find("\r\n"));
    position_ = std::min(position_ + line.size() + 2, head_.text_.size());
    return line;
  }

  Result<void> read_request_line() {
    const auto line = take_line();
    const auto first = line.find(' ');
    const auto second = line.find(' ', first == std::string_view::npos ? first : first + 1);
    if (second == std::string_view::npos) return malformed("the request line is not `METHOD target HTTP/1.1`");
    const auto method = line.substr(0, first);
    if (!is_token(method)) return malformed("the method is not a word");
    head_.method_text_ = piece(method);
    head_.method_ = parse_name<Method>(method).value_or(Method::other);
    auto version = read_version(line.substr(second + 1));
    if (!version) return version;
    return read_target(line.substr(first + 1, second - first - 1));
  }

  Result<void> read_version(std::string_view version) {
    if (version == "HTTP/1.1") return {};
    head_.is_http_1_0 = version == "HTTP/1.0";
    if (head_.is_http_1_0) return {};
    if (version.starts_with("HTTP/") && version.size() == 8)
      return fail(ErrorKind::unsupported, "only HTTP/1.1 is spoken here", "version_not_supported");
    return malformed("the request line does not end in HTTP/1.1");
  }

  Result<void> read_target(std::string_view target) {
    if (target.size() > limits_.target_bytes)
      return fail(ErrorKind::too_large, "the address is longer than " + std::to_string(limits_.target_bytes) + " bytes",
                  "uri_too_long");
    if (!is_target(target)) return malformed("the address holds blanks, control characters or raw UTF-8; percent-encode them");
    // The absolute form, which RFC 9112 section 3.2.2 wants every server to take.
    if (target.starts_with("http://") || target.starts_with("https://")) {
      const auto path = target.find('/', target.find("://") + 3);
      target = path == std::string_view::npos ? target.substr(target.size()) : target.substr(path);
    } else if (!target.starts_with('/') && target != "*") {
      return malformed("the address does not start with a slash");
    }
    const auto mark = std::min(target.find('?'), target.size());
    head_.path_ = piece(target.substr(0, mark));
    head_.query_ = piece(target.substr(std::min(mark + 1, target.size())));
    return {};
  }

  Result<void> read_field() {
    if (head_.fields_.size() == limits_.fields)
      return fail(ErrorKind::too_large, "more than " + std::to_string(limits_.fields) + " header fields", "headers_too_large");
    const auto line = take_line();
    const auto colon = line.find(':');
    // Also catches folded lines and a blank before the colon: both have been read in two ways.
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
      return malformed("a header line does not start with `name:`");
    const auto value = trimmed(line.substr(colon + 1));
    if (!is_field_value(value)) return malformed("a header value holds control characters");
    head_.fields_.push_back({piece(line.substr(0, colon)), value.empty() ? Head::Piece{} : piece(value)});
    return {};
  }

  Result<void> check_framing() {
    if (head_.count("host") > 1 || (head_.count("host") == 0 && !head_.is_http_1_0))
      return malformed("exactly one Host header is needed");
    const auto lengths = head_.count("content-length");
    const auto codings = head_.count("transfer-encoding");
    if (lengths + codings > 1) return malformed("the body's length is given twice");
    if (codings == 1) return read_coding();
    return lengths == 1 ? read_length() : Result<void>();
  }

  Result<void> read_coding() {
    if (head_.is_http_1_0) return malformed("HTTP/1.0 knows no Transfer-Encoding");
    if (!same_name(*head_.header("transfer-encoding"), "chunked"))
      return malformed("the only Transfer-Encoding taken is chunked");
    head_.is_chunked_ = true;
    return {};
  }

  Result<void> read_length() {
    const auto text = *head_.header("content-length");
    const auto length = number_of<std::uint64_t>(text);
    if (!length || text.size() > 18) return malformed("Content-Length is not a number of bytes");
    head_.content_length_ = length;
    return {};
  }

  HeadLimits limits_;
  Head head_;
  std::size_t position_ = 0;
};

Result<Head> parse_head(std::string text, HeadLimits limits) {
  if (text.size() > limits.bytes)
    return fail(ErrorKind::too_large, "the head is larger than " + std::to_string(limits.bytes) + " bytes",
                "headers_too_large");
  return HeadParser(std::move(text), limits).parse();
}

}  // namespace kinora::http
