#include "base/failpoints.hpp"

#include <signal.h>
#include <unistd.h>

#include <ranges>
#include <string>

#include "base/names.hpp"
#include "base/numbers.hpp"

namespace kinora {

template <>
struct Names<FailpointAction> {
  static constexpr auto table = std::to_array<std::pair<FailpointAction, std::string_view>>(
      {{FailpointAction::error, "error"}, {FailpointAction::kill, "kill"}, {FailpointAction::stop, "stop"}});
};

namespace {

struct Armed {
  std::optional<FailpointAction> action;
  std::uint32_t nth = 0;
  std::atomic<std::uint32_t> passed = 0;
};
// Written while there is one thread; afterwards only `passed` changes.
constinit std::array<Armed, failpoints.size()> armed_places{};

std::optional<std::uint32_t> parse_nth(std::string_view text) {
  const auto nth = number_of<std::uint32_t>(text);
  return nth && *nth > 0 ? nth : std::nullopt;
}

/// name=action or name=action@nth
std::optional<FailpointOrder> parse_order(std::string_view text) {
  const auto equals = std::min(text.find('='), text.size());
  const auto at = std::min(text.find('@'), text.size());
  if (equals == text.size() || at < equals) return std::nullopt;
  const auto place = std::ranges::find(failpoints, text.substr(0, equals), &Failpoint::name);
  const auto action = parse_name<FailpointAction>(text.substr(equals + 1, at - equals - 1));
  const auto nth = at == text.size() ? std::optional<std::uint32_t>(0) : parse_nth(text.substr(at + 1));
  if (place == failpoints.end() || !action || !nth) return std::nullopt;
  return FailpointOrder{static_cast<std::size_t>(place - failpoints.begin()), *action, *nth};
}

}  // namespace

namespace detail {

constinit std::atomic<bool> failpoints_armed = false;

Result<void> pass_failpoint(std::size_t place) {
  auto& here = armed_places.at(place);
  if (!here.action) return {};
  const auto passed = ++here.passed;
  if (here.nth != 0 && here.nth != passed) return {};
  switch (*here.action) {
    case FailpointAction::error: break;
    case FailpointAction::kill: ::kill(::getpid(), SIGKILL); break;
    case FailpointAction::stop: ::kill(::getpid(), SIGSTOP); return {};
  }
  return fail(ErrorKind::unavailable, "the failpoint " + std::string(failpoints.at(place).name) + " was told to fail");
}

}  // namespace detail

std::optional<FailpointPlan> parse_failpoints(std::string_view text) {
  FailpointPlan plan;
  for (const auto part : std::views::split(text, ',')) {
    const auto order = parse_order(std::string_view(part));
    if (!order) return std::nullopt;
    plan.push_back(*order);
  }
  return plan;
}

void arm_failpoints(const FailpointPlan& plan) {
  for (auto& place : armed_places) place.action.reset();
  for (const auto& order : plan) {
    auto& place = armed_places.at(order.place);
    place.action = order.action;
    place.nth = order.nth;
    place.passed = 0;
  }
  detail::failpoints_armed = !plan.empty();
}

}  // namespace kinora
