#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/encoding.hpp"

namespace kinora::media {

/// The hash of bytes as they come.
class Digest {
 public:
  /// The names of what of() takes, joined by commas: sha1,sha256.
  static std::string algorithms();
  static std::optional<Digest> of(std::string_view algorithm);

  std::size_t size_bytes() const;
  void feed(std::span<const std::byte> bytes);
  /// Once, after the last byte.
  Bytes finish();

 private:
  struct Context;
  struct Free {
    void operator()(Context* context) const;
  };
  std::unique_ptr<Context, Free> context_;
};

/// What a client says its bytes hash to, beside the hash of those that came.
struct Checksum {
  Digest digest;
  Bytes expected;
};

}  // namespace kinora::media
