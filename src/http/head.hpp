#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/method.hpp"

namespace kinora::http {

/// Who asks: the other end of the connection, or whom a trusted proxy speaks for (proxies.hpp).
struct Peer {
  std::string address{};  ///< of the client, without port
  bool is_loopback = false;
  bool is_tls = false;
};

/// Everything of a request that comes before its body. A value: copies share nothing.
class Head {
 public:
  Peer peer{};
  std::string request_id{};  ///< the client's, when it is well formed, else ours
  bool is_http_1_0 = false;

  Method method() const { return method_; }
  std::string_view method_text() const { return at(method_text_); }
  std::string_view path() const { return at(path_); }    ///< as sent, percent-encoded
  std::string_view query() const { return at(query_); }  ///< as sent, after the '?'

  /// The first field of this name; ASCII case does not count.
  std::optional<std::string_view> header(std::string_view name) const;
  /// All fields of this name as one comma-separated list; empty when there is none.
  std::string list(std::string_view name) const;
  std::size_t count(std::string_view name) const;

  std::optional<std::string_view> cookie(std::string_view name) const;
  /// What follows `Authorization: Bearer `.
  std::optional<std::string_view> bearer() const;

  /// Version, trace, parent and flags (W3C Trace Context); empty when none came, or no well-formed one.
  std::string_view traceparent() const;

  bool is_chunked() const { return is_chunked_; }
  std::optional<std::uint64_t> content_length() const { return content_length_; }
  bool has_body() const { return is_chunked_ || content_length_.value_or(0) > 0; }

 private:
  friend class HeadParser;
  struct Piece {
    std::uint32_t start = 0;
    std::uint32_t size = 0;
  };
  struct Field {
    Piece name;
    Piece value;
  };
  std::string_view at(Piece piece) const { return std::string_view(text_).substr(piece.start, piece.size); }

  std::string text_;
  Method method_ = Method::other;
  Piece method_text_;
  Piece path_;
  Piece query_;
  std::vector<Field> fields_;
  std::optional<std::uint64_t> content_length_;
  bool is_chunked_ = false;
};

struct HeadLimits {
  std::size_t bytes = 16 * 1024;
  std::size_t target_bytes = 8 * 1024;
  std::size_t fields = 128;
};

/// Where the head ends in what has arrived so far: `absent` = read on.
enum class HeadEnd : std::uint8_t { absent, found, broken };
struct FoundHead {
  HeadEnd end = HeadEnd::absent;
  std::size_t size_bytes = 0;  ///< with the empty line
};
/// `seen` bytes were looked at before. A line that ends in a bare LF is broken: proxies and servers read it differently.
FoundHead find_head(std::string_view bytes, std::size_t seen);

/// Reads a whole head strictly (RFC 9112): what two parsers could read in two ways is refused, because it is how requests are
/// smuggled past a proxy. Errors carry a wire code of problem.cpp; after any of them the connection must close.
Result<Head> parse_head(std::string text, HeadLimits limits = {});

}  // namespace kinora::http
