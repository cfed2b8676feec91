#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "http/problem.hpp"
#include "http/route.hpp"

namespace kinora::http {

/// One surface: its routes, and how it writes errors.
struct Surface {
  std::vector<Route> routes;
  std::shared_ptr<const ErrorEnvelope> envelope;
};

/// What stands at an address.
struct Match {
  const Route* route = nullptr;             ///< null: unknown path, or known with other methods
  const ErrorEnvelope* envelope = nullptr;  ///< of the surface that owns the path; null when the path is unknown
  PathValues path{};
  std::vector<Method> allowed{};  ///< of a known path without this method, and of any OPTIONS
};

/// Finds routes by whole segments; words win over `{values}`, these over a `{tail...}`. Built once, then read by any thread.
class Router {
 public:
  /// Two routes of one method and path end the process: one of them could never answer.
  explicit Router(std::vector<Surface> surfaces);
  Router(Router&&) noexcept;
  ~Router();

  /// A HEAD finds the GET. A trailing slash does not count. Values that decode to a slash, to a control character or to no
  /// UTF-8 match nothing.
  Match find(Method method, std::string_view path) const;

  std::span<const Surface> surfaces() const { return surfaces_; }

 private:
  struct Node;
  void add(const Route& route, const ErrorEnvelope& envelope);

  std::vector<Surface> surfaces_;
  std::unique_ptr<Node> root_;
};

}  // namespace kinora::http
