#include "http/repeats.hpp"

namespace kinora::http {

namespace {

constexpr std::size_t key_bytes_max = 255;
constexpr std::string_view header_name = "Idempotency-Key";

}  // namespace

Result<Repeats::Turn> Repeats::take(const Caller& caller) {
  std::pair key(caller.user, caller.repeatable->key);
  const bool taken = in_use_.with([&](auto& keys) { return keys.insert(key).second; });
  if (taken) return Turn(*this, std::move(key));
  Error error{ErrorKind::conflict, "the first request with this Idempotency-Key is being answered; send it again in a moment"};
  error.retry_after = std::chrono::seconds(1);
  return std::unexpected(std::move(error));
}

namespace detail {

Result<std::optional<std::string>> idempotency_key(const Call& call, const Caller& caller) {
  const auto key = call.head().header(header_name);
  if (!key || !caller.is_person()) return std::nullopt;
  if (!key->empty() && key->size() <= key_bytes_max) return std::string(*key);
  const std::string message = "has 1 to " + std::to_string(key_bytes_max) + " characters";
  return std::unexpected(Error{ErrorKind::invalid,
                               std::string(header_name) + ' ' + message,
                               {},
                               {{"/headers/" + std::string(header_name), "wrong_length", message}}});
}

bool wants_stream(const Head& head) { return has_member(head.header("Accept").value_or(""), "text/event-stream"); }

Result<void> require_same(const Made& before, const Repeatable& now) {
  if (before.kind == now.makes && before.request_hash == now.request_hash) return {};
  return fail(ErrorKind::conflict, "this Idempotency-Key came with another request before; use a new key for each",
              "idempotency_mismatch");
}

Reply as_replayed(Reply reply, const Made& before) {
  reply.status = before.status;
  set_header(reply.headers, "Idempotency-Replayed", "true");
  return reply;
}

}  // namespace detail

}  // namespace kinora::http
