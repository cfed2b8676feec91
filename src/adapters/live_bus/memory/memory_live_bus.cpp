#include "adapters/live_bus/memory/memory_live_bus.hpp"

#include <algorithm>
#include <map>

#include "base/sync.hpp"

namespace kinora {

namespace {

constexpr std::size_t keys_max = 256;

/// Written by publishers, emptied by its one watcher.
class Mailbox {
 public:
  void put(const LiveUpdate& update) {
    waiting_.change([&] { keep(update); }, 1);
  }
  auto next() {
    return waiting_.until([this] { return take(); });
  }

 private:
  void keep(const LiveUpdate& update) {
    auto& kept = news_.updates;
    const auto same = std::ranges::find(kept, update.key, &LiveUpdate::key);
    if (same != kept.end())
      same->value = update.value;
    else if (kept.size() < keys_max)
      kept.push_back(update);
    else
      news_.missed = true;
  }
  std::optional<LiveNews> take() {
    if (news_.updates.empty()) return std::nullopt;
    return std::exchange(news_, {});
  }

  WaitList waiting_;
  LiveNews news_;
};

using Mailboxes = std::multimap<std::string, Mailbox*, std::less<>>;

/// Its mailbox hears from the bus as long as this lives.
class MemoryLiveFeed final : public LiveFeed {
 public:
  MemoryLiveFeed(Guarded<Mailboxes>& all, std::string topic) : all_(all) {
    place_ = all_.with([&](auto& mailboxes) { return mailboxes.emplace(std::move(topic), &mailbox_); });
  }
  MemoryLiveFeed(const MemoryLiveFeed&) = delete;
  ~MemoryLiveFeed() override {
    all_.with([this](auto& mailboxes) { mailboxes.erase(place_); });
  }

  Task<Result<LiveNews>> next() override { co_return co_await ok(mailbox_.next()); }

 private:
  Guarded<Mailboxes>& all_;
  Mailboxes::iterator place_;
  Mailbox mailbox_;
};

class MemoryLiveBus final : public LiveBus {
 public:
  // Under the lock, so that no mailbox goes meanwhile; putting only posts.
  void publish(std::string_view topic, LiveUpdate update) override {
    all_.with([&](auto& mailboxes) {
      const auto [first, end] = mailboxes.equal_range(topic);
      std::for_each(first, end, [&](auto& each) { each.second->put(update); });
    });
  }
  std::unique_ptr<LiveFeed> subscribe(std::string topic) override {
    return std::make_unique<MemoryLiveFeed>(all_, std::move(topic));
  }

 private:
  Guarded<Mailboxes> all_;
};

}  // namespace

std::unique_ptr<LiveBus> open_memory_live_bus() { return std::make_unique<MemoryLiveBus>(); }

}  // namespace kinora
