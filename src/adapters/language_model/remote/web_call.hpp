#pragma once

#include <atomic>
#include <chrono>
#include <string>

#include "base/result.hpp"

namespace kinora {

struct WebCall {
  std::string url;
  std::string key;  ///< as a bearer token; may be empty
  std::string body;
  std::chrono::milliseconds limit{30'000};
  std::size_t reply_bytes_max = 0;
};
struct WebReply {
  int status = 0;
  std::string body{};
  std::chrono::seconds retry_after{};  ///< zero: it does not say
};

/// One POST of JSON, on the calling thread; ends within a second once `given_up` is set. No redirects: they would carry the key
/// elsewhere. Errors, without a word of key or body: unavailable (no connection, cut off), too_large, timeout, cancelled.
Result<WebReply> post_json(const WebCall& call, const std::atomic<bool>& given_up);

}  // namespace kinora
