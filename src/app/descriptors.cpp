#include "app/descriptors.hpp"

#include <sys/resource.h>

#include <algorithm>

#include "http/server.hpp"

namespace kinora::app {

namespace {

constexpr std::size_t own_descriptors = 128;  // database, index, logs, running jobs and the pipes of their children

}  // namespace

std::size_t take_all_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);  // never more than allowed, so it cannot fail
  return limit.rlim_cur;
}

std::size_t connections_within(std::size_t descriptors) {
  const auto left = descriptors > own_descriptors ? descriptors - own_descriptors : 0;
  return std::clamp<std::size_t>(left / 2, 16, http::Limits{}.connections);
}

}  // namespace kinora::app
