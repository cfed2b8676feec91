#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "base/task.hpp"
#include "http/events.hpp"
#include "http/header_values.hpp"
#include "ports/blob_store.hpp"

namespace kinora::http {

/// Bytes that are streamed from a reader; Range is obeyed by the engine.
struct FileBody {
  using Open = std::function<Task<Result<std::unique_ptr<BlobReader>>>(ByteRange)>;
  std::uint64_t size_bytes = 0;
  Open open;          ///< called once, for the range that is sent; what it captured lives as long as the answer
  ByteRange range{};  ///< what is sent; set by the engine
  std::uint64_t sent_bytes() const { return range.length.value_or(size_bytes); }
};

/// What a handler answers; the connection writes it.
struct Reply {
  int status = 200;
  std::string content_type{};
  Headers headers{};
  std::variant<std::string, FileBody, EventStream> body{};
};

}  // namespace kinora::http
