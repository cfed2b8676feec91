#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "http/head.hpp"

namespace kinora::http {

class RequestHash;

/// The body of a request, pulled by its reader and never ahead of him. One fiber at a time.
class BodySource {
 public:
  virtual ~BodySource() = default;
  /// Up to buffer.size() bytes, straight from the socket; 0 ends the body. Errors: `malformed` (broken chunks), `too_large`,
  /// `timeout` (no byte for the body deadline), `cancelled` (the client has gone).
  virtual Task<Result<std::size_t>> read(std::span<std::byte> buffer) = 0;
};

/// Decoded values of `{name}` in a path template, in its order.
struct PathValues {
  struct Value {
    std::string_view name;
    std::string text;
  };
  std::vector<Value> values{};

  std::string_view find(std::string_view name) const {
    for (const auto& value : values)
      if (value.name == name) return value.text;
    return {};
  }
};

/// One request as a handler sees it; lives until its answer is written.
class Call {
 public:
  Call(const Head& head, PathValues path, BodySource& body) : head_(head), path_(std::move(path)), body_(body) {}

  const Head& head() const { return head_; }
  const PathValues& path() const { return path_; }
  BodySource& body() { return body_; }

  /// The whole body as JSON, read once and kept, so that who chooses between two handlers may look first; an absent body is {}.
  Task<Result<const boost::json::value*>> json(std::size_t bytes_max);

  /// Where a form's reader puts what it reads; null: nobody wants to know.
  std::shared_ptr<RequestHash> hash{};

 private:
  const Head& head_;
  PathValues path_;
  BodySource& body_;
  std::optional<boost::json::value> json_{};
};

/// The whole body, at most `bytes_max` (else `too_large`).
Task<Result<std::string>> read_all(BodySource& body, std::optional<std::uint64_t> length, std::size_t bytes_max);

}  // namespace kinora::http
