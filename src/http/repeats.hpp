#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/json.hpp"
#include "base/sync.hpp"
#include "http/request_hash.hpp"
#include "http/route.hpp"
#include "ports/database.hpp"

/// Requests with an Idempotency-Key: a route that is declared by once() makes its thing once, however often and
/// from however many connections the request comes.
namespace kinora::http {

/// Knows which keys are being answered. Any thread.
class Repeats {
 public:
  explicit Repeats(Database& database) : database_(database) {}

  /// A key in use; free again when it goes.
  class Turn {
   public:
    Turn(Repeats& of, std::pair<UserId, std::string> key) : of_(&of), key_(std::move(key)) {}
    Turn(Turn&& other) noexcept : of_(std::exchange(other.of_, nullptr)), key_(std::move(other.key_)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (of_ != nullptr) of_->in_use_.with([this](auto& keys) { keys.erase(key_); });
    }

   private:
    Repeats* of_;
    std::pair<UserId, std::string> key_;
  };

  /// Errors: conflict, with retry_after, while the same person's request with this key is being answered.
  Result<Turn> take(const Caller& caller);
  Task<Result<std::optional<Made>>> made_before(Caller caller) { return database_.made_before(std::move(caller)); }

 private:
  Database& database_;
  Guarded<std::set<std::pair<UserId, std::string>>> in_use_;
};

namespace detail {

/// The key, if the request has one and a person sent it. Errors: invalid (its length).
Result<std::optional<std::string>> idempotency_key(const Call& call, const Caller& caller);
bool wants_stream(const Head& head);
Result<void> require_same(const Made& before, const Repeatable& now);
Reply as_replayed(Reply reply, const Made& before);

template <class View>
inline constexpr bool may_stream = false;
template <class... Views>
inline constexpr bool may_stream<std::variant<Views...>> = (std::is_same_v<Views, EventStream> || ...);

template <class View>
inline constexpr int status_of_new = 200;
template <class View>
inline constexpr int status_of_new<Created<View>> = 201;
template <class View>
inline constexpr int status_of_new<Accepted<View>> = 202;

template <>
inline constexpr int status_of_new<Reply> = 201;

/// A JSON body is hashed as it was understood, a form as its reader goes through it. Plain bytes are not: their protocol goes
/// on where they ended, and what names the thing stands in header fields that the request lists as `told_by`.
template <class Ask>
Task<Result<void>> begin_hash(const RouteSpec& spec, Call& call, std::shared_ptr<Repeatable> into) {
  auto hash = std::make_shared<RequestHash>(call.head(), std::move(into));
  if constexpr (HasMultipart<Ask>) {
    call.hash = std::move(hash);
    co_return {};
  } else {
    if constexpr (HasRawBody<Ask>) {
      for (const std::string_view name : Ask::told_by) hash->add_text(call.head().header(name).value_or(""));
    } else if constexpr (HasJsonBody<Ask>) {
      const auto* json = co_await ok(call.json(spec.body_bytes_max));
      hash->add_text(json_text(*json));
    }
    hash->finish();
    co_return {};
  }
}

/// Reads a form to its end, for the hash alone: its bytes are here already.
template <class Ask>
Task<Result<void>> read_over(Call& call) {
  if constexpr (HasMultipart<Ask>) {
    auto parts = co_await ok(Multipart::open(call));
    while (co_await ok(parts.next_part())) continue;
  }
  co_return {};
}

template <class App, class View, class Ask, class Again, class Kind>
Task<Result<Reply>> run_once(App& app, Task<Result<View>> (*function)(App&, Caller, Ask),
                             Task<Result<Again>> (*again)(App&, Caller, Id<Kind>), const RouteSpec& spec, Call& call,
                             Caller caller) {
  auto key = co_await ok(idempotency_key(call, caller));
  if (!key || (may_stream<View> && wants_stream(call.head())))
    co_return co_await run_route(app, function, spec, call, std::move(caller));

  caller.repeatable = std::make_shared<Repeatable>(*std::move(key), Kind::prefix, status_of_new<Again>);
  const auto turn = co_await ok(app.repeats.take(caller));
  const auto before = co_await ok(app.repeats.made_before(caller));
  co_await ok(begin_hash<Ask>(spec, call, caller.repeatable));
  if (!before) co_return co_await run_route(app, function, spec, call, std::move(caller));

  co_await ok(read_over<Ask>(call));
  co_await ok(require_same(*before, *std::exchange(caller.repeatable, nullptr)));
  auto view = co_await ok(again(app, std::move(caller), Id<Kind>{before->id}));
  co_return as_replayed(Answer<Again>::reply(std::move(view), spec.success), *before);
}

}  // namespace detail

/// As route(), for a function that makes a thing with an id of this kind and says so by Transaction::made(). `again` shows that
/// thing as the function's first answer did, to whoever sends the same request with the same key.
template <class App, class View, class Ask, class Again, class Kind>
Route once(App& app, RouteSpec spec, Task<Result<View>> (*function)(App&, Caller, Ask),
           Task<Result<Again>> (*again)(App&, Caller, Id<Kind>)) {
  spec.takes_key = true;
  auto made = route(app, std::move(spec), function);
  made.handler = [&app, function, again](const RouteSpec& rules, Call& call, Caller caller) {
    return detail::run_once(app, function, again, rules, call, std::move(caller));
  };
  return made;
}

}  // namespace kinora::http
