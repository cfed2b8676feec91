#include "adapters/random/system_random.hpp"

#include <sodium.h>

namespace kinora {

namespace {

class SystemRandom final : public Random {
 public:
  void fill(std::span<std::byte> bytes) override { randombytes_buf(bytes.data(), bytes.size()); }
};

}  // namespace

Result<std::unique_ptr<Random>> open_system_random() {
  if (sodium_init() < 0)
    return fail(ErrorKind::unavailable, "there is no source of randomness; is /dev/urandom missing in this container?");
  return std::make_unique<SystemRandom>();
}

}  // namespace kinora
