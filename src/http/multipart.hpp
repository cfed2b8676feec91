#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/task.hpp"

namespace kinora::http {

class BodySource;
class Call;
class RequestHash;

/// One part of multipart/form-data (RFC 7578).
struct Part {
  std::string name;
  /// The last path component of what the client sent; absent for plain fields.
  std::optional<std::string> filename{};
  std::string content_type = "text/plain";
};

/// The `boundary` of a multipart/form-data Content-Type.
Result<std::string> boundary_of(std::string_view content_type);
/// The header lines of one part, without the empty line.
Result<Part> parse_part_head(std::string_view lines);

/// Reads parts in their order, pulling the body as it goes; file bytes go from the socket into the reader's buffer and are not
/// copied again. One fiber at a time. Errors: `malformed`, and those of the body.
class Multipart {
 public:
  static constexpr std::size_t parts_max = 100;
  static constexpr std::size_t part_head_bytes_max = 8 * 1024;
  static constexpr std::size_t text_bytes_max = 64 * 1024;
  static constexpr std::size_t buffer_bytes_min = 128;

  Multipart() = default;
  Multipart(BodySource& body, std::string_view boundary);
  /// Another content type than multipart/form-data yields unsupported.
  static Result<Multipart> open(Call& call);

  /// Skips what is left of the present part; nothing after the last.
  Task<Result<std::optional<Part>>> next_part();
  /// Bytes of the present part, up to buffer.size() (at least buffer_bytes_min); 0 ends it.
  Task<Result<std::size_t>> read(std::span<std::byte> buffer);
  /// The rest of the present part as UTF-8 text of at most text_bytes_max.
  Task<Result<std::string>> read_text();

 private:
  enum class State : std::uint8_t { in_part, after_delimiter, finished };

  Task<Result<std::size_t>> read_part(std::span<std::byte> buffer);
  Task<Result<bool>> fill();
  Task<Result<void>> skip_part();
  Task<Result<std::string>> take_head();
  Task<Result<bool>> take_delimiter_end();
  std::string_view pending() const { return std::string_view(pending_).substr(start_); }
  std::size_t copy_pending(std::span<std::byte> buffer);
  void give_back(std::string_view bytes, bool came_from_pending);

  BodySource* body_ = nullptr;
  std::shared_ptr<RequestHash> hash_;  ///< shared with who compares it with a former one
  std::string delimiter_;              ///< CRLF, two dashes, boundary
  // What came before the first boundary counts as a part nobody asked for; the CRLF lets that boundary look like all others.
  std::string pending_ = "\r\n";
  std::size_t start_ = 0;
  std::size_t parts_ = 0;
  State state_ = State::in_part;
};

}  // namespace kinora::http
