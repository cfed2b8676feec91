#pragma once

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

namespace kinora::testing {

/// Root may write what is read-only. While this lives, this thread and those that it makes may not, as nobody else may.
class OrdinaryUser {
 public:
  OrdinaryUser() {
    syscall(SYS_capget, &header_, before_.data());
    auto fewer = before_;
    fewer[0].effective &= ~(1U << CAP_DAC_OVERRIDE);
    syscall(SYS_capset, &header_, fewer.data());
  }
  OrdinaryUser(const OrdinaryUser&) = delete;
  ~OrdinaryUser() { syscall(SYS_capset, &header_, before_.data()); }

 private:
  __user_cap_header_struct header_{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> before_{};
};

}  // namespace kinora::testing
