#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/caller.hpp"
#include "http/head.hpp"

struct evp_md_ctx_st;

namespace kinora::http {

/// SHA-256 over what makes two requests the same: method, target and body. A form counts by its parts, because each sending
/// has another boundary. One fiber at a time.
class RequestHash {
 public:
  /// The finished hash goes to `into`.
  RequestHash(const Head& head, std::shared_ptr<Repeatable> into);

  /// A text of its own, told from its neighbours.
  void add_text(std::string_view text);
  void begin_part(std::string_view name, std::string_view filename);
  /// Some of the present part's bytes.
  void add(std::span<const std::byte> bytes);
  void finish();

 private:
  void end_part();

  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
  std::shared_ptr<Repeatable> into_;
  std::uint64_t part_bytes_ = 0;
};

}  // namespace kinora::http
