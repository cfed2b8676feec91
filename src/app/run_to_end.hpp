#pragma once

#include <boost/asio/io_context.hpp>
#include <optional>

#include "base/task_group.hpp"

namespace kinora::app {

/// Runs one task on the calling thread until it has ended: for commands that are not servers.
template <class T>
Result<T> run_to_end(Task<Result<T>> work) {
  asio::io_context io;
  const auto strand = asio::make_strand(io);
  TaskGroup root(strand);
  std::optional<Result<T>> outcome;
  constexpr auto keep = [](Task<Result<T>> task, std::optional<Result<T>>& place) -> Task<void> {
    place.emplace(co_await std::move(task));
  };
  asio::post(strand, [&] { root.spawn(keep(std::move(work), outcome)); });
  io.run();
  if (!outcome) return fail(ErrorKind::internal, "the command ended before its work did");
  return *std::move(outcome);
}

}  // namespace kinora::app
