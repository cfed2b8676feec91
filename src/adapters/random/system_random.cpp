#include "adapters/random/system_random.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "base/sync.hpp"

namespace kinora {

namespace {

/// Every request has an id: the kernel is asked for many bytes at once. None is given out twice.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::byte> bytes) override {
    if (bytes.size() > reserve_bytes) return randombytes_buf(bytes.data(), bytes.size());
    reserve_.with([&](Reserve& reserve) { reserve.give(bytes); });
  }

 private:
  static constexpr std::size_t reserve_bytes = 512;

  struct Reserve {
    std::array<std::byte, reserve_bytes> bytes{};
    std::size_t left = 0;

    void give(std::span<std::byte> to) {
      if (left < to.size()) {
        randombytes_buf(bytes.data(), bytes.size());
        left = bytes.size();
      }
      left -= to.size();
      const auto given = std::span(bytes).subspan(left, to.size());
      std::ranges::copy(given, to.begin());
      sodium_memzero(given.data(), given.size());  // what became a secret is not kept
    }
  };
  Guarded<Reserve> reserve_;
};

}  // namespace

Result<std::unique_ptr<Random>> open_system_random() {
  if (sodium_init() < 0)
    return fail(ErrorKind::unavailable, "there is no source of randomness; is /dev/urandom missing in this container?");
  return std::make_unique<SystemRandom>();
}

}  // namespace kinora
