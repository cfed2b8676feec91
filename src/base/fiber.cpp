#include "base/fiber.hpp"

#include <cstdio>
#include <cstdlib>

namespace kinora {

void Fiber::broken_transaction_rule(std::string_view what) {
  std::fprintf(stderr, "kinora: a transaction body awaited %.*s; it may await only its Transaction\n",
               static_cast<int>(what.size()), what.data());
  std::abort();
}

}  // namespace kinora
