#include "http/watch.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/post.hpp>

#include "base/deadline.hpp"

namespace kinora::http {

void Watch::look() {
  const auto phase = phase_.load(std::memory_order_relaxed);
  const bool expired = Clock::now() >= deadline();
  if (!expired && phase != Phase::working && phase != Phase::streaming) return;
  asio::post(executor_, [self = shared_from_this()] {
    // Asked again here: the connection may have gone on meanwhile.
    if (Clock::now() >= self->deadline())
      self->stop(ErrorKind::timeout);
    else if (self->client_has_gone())
      self->stop(ErrorKind::cancelled);
  });
}

void Watch::drain() {
  draining_.store(true, std::memory_order_relaxed);
  asio::post(executor_, [self = shared_from_this()] {
    const auto phase = self->phase_.load(std::memory_order_relaxed);
    if (phase == Phase::idle || phase == Phase::streaming) self->stop(ErrorKind::cancelled);
  });
}

// A reader would see the end only behind a pipelined request; the kernel knows it at once.
bool Watch::client_has_gone() const {
  const auto phase = phase_.load(std::memory_order_relaxed);
  if (fiber_ == nullptr || (phase != Phase::working && phase != Phase::streaming)) return false;
  tcp_info info{};
  socklen_t size = sizeof(info);
  return getsockopt(descriptor_, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 && info.tcpi_state != TCP_ESTABLISHED;
}

void Watch::stop(ErrorKind why) {
  if (fiber_ != nullptr && !fiber_->stopped) fiber_->stop(why);
}

Watchdog::Leash::Leash(Watchdog& owner, std::shared_ptr<Watch> watch) : owner_(owner), watch_(std::move(watch)) {
  owner_.watches_.with([this](auto& watches) { place_ = watches.insert(watches.end(), watch_); });
}

Watchdog::Leash::~Leash() {
  watch_->end();
  owner_.watches_.with([this](auto& watches) { watches.erase(place_); });
}

Task<void> Watchdog::run(std::chrono::milliseconds tick) {
  while (co_await pause_for(tick))
    watches_.with([](auto& watches) {
      for (auto& watch : watches) watch->look();
    });
}

void Watchdog::drain() {
  watches_.with([](auto& watches) {
    for (auto& watch : watches) watch->drain();
  });
}

std::size_t Watchdog::size() const {
  return watches_.with([](const auto& watches) { return watches.size(); });
}

}  // namespace kinora::http
