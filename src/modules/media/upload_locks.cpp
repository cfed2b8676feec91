#include "modules/media/upload_locks.hpp"

#include <boost/asio/post.hpp>

#include "base/deadline.hpp"

namespace kinora::media {

using Steady = std::chrono::steady_clock;

/// `fiber` may be touched only on its executor.
struct UploadLocks::Hold::Holder {
  explicit Holder(Fiber& mine) : fiber(&mine), executor(mine.executor) {}
  Fiber* fiber;
  asio::any_io_executor executor;
  std::atomic<Steady::rep> heard_at = Steady::now().time_since_epoch().count();
  Event released{};

  Steady::duration silence() const { return Steady::now().time_since_epoch() - Steady::duration(heard_at.load()); }
};

namespace {

Task<Result<void>> wait_for(Event& event) {
  co_await ok(event.wait());
  co_return {};
}

std::unexpected<Error> locked() {
  return fail(ErrorKind::conflict, "another request is sending to this upload; try again in a moment", "locked");
}

}  // namespace

UploadLocks::Hold::Hold(UploadLocks& owner, UploadId id, std::shared_ptr<Holder> holder)
    : owner_(&owner), id_(id), holder_(std::move(holder)) {}

UploadLocks::Hold::~Hold() {
  if (!holder_) return;
  holder_->fiber = nullptr;
  owner_->holders_.with([this](auto& holders) { holders.erase(id_.uuid); });
  holder_->released.set();
}

void UploadLocks::Hold::touch() { holder_->heard_at = Steady::now().time_since_epoch().count(); }

Task<Result<UploadLocks::Hold>> UploadLocks::acquire(UploadId id) {
  const auto mine = std::make_shared<Hold::Holder>(co_await this_fiber);
  const auto give_up = Steady::now() + times_.patience;
  while (true) {
    const auto holder = holders_.with([&](auto& holders) { return holders.try_emplace(id.uuid, mine).first->second; });
    if (holder == mine) co_return Hold(*this, id, mine);
    if (Steady::now() >= give_up) co_return locked();
    if (holder->silence() >= times_.silence)
      asio::post(holder->executor, [holder] {
        if (holder->fiber != nullptr) holder->fiber->stop(ErrorKind::cancelled);
      });
    const auto waited = co_await within(times_.silence / 4, wait_for(holder->released));
    if (!waited && waited.error().kind != ErrorKind::timeout) co_return std::unexpected(waited.error());
  }
}

}  // namespace kinora::media
