#include "adapters/live_bus/memory/memory_live_bus.hpp"
#include "ports/live_bus_contract.hpp"

namespace kinora {
namespace {

class InMemory {
 public:
  LiveBus& bus() { return *bus_; }

 private:
  std::unique_ptr<LiveBus> bus_ = open_memory_live_bus();
};

}  // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, LiveBusContract, InMemory);

}  // namespace kinora
