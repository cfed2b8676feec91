#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/system/error_code.hpp>
#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace kinora {

namespace asio = boost::asio;
using boost::system::error_code;

/// One line of execution: its executor runs one thing at a time, and at most one operation is pending. A Task runs on the fiber
/// of whoever awaits it.
struct Fiber {
  explicit Fiber(asio::any_io_executor where) : executor(std::move(where)) {}

  /// Call on `executor`. Ends the pending operation, and every later one, with `why`.
  void stop(ErrorKind why) {
    stopped = why;
    signal.emit(asio::cancellation_type::terminal);
  }

  /// Every suspension other than a statement goes through here: a transaction body that waits for anything else would hold the
  /// writer, so it ends the process (architecture: "it may await nothing but its Transaction").
  void require_outside_transaction(std::string_view what) const {
    if (in_transaction) broken_transaction_rule(what);
  }
  [[noreturn]] static void broken_transaction_rule(std::string_view what);

  asio::any_io_executor executor;
  asio::cancellation_signal signal;
  std::optional<ErrorKind> stopped;
  bool in_transaction = false;
};

/// A strand over the io_context itself: a strand made from a strand would still run inside the first one.
inline asio::any_io_executor fresh_strand(const asio::any_io_executor& near) {
  auto& io = static_cast<asio::io_context&>(asio::query(near, asio::execution::context));
  return asio::make_strand(io);
}

inline Error error_of(const error_code& code, const Fiber& fiber) {
  if (code == asio::error::operation_aborted) {
    const auto why = fiber.stopped.value_or(ErrorKind::cancelled);
    return {why, why == ErrorKind::timeout ? "took too long" : "was stopped"};
  }
  return {ErrorKind::unavailable, code.message()};
}

}  // namespace kinora
