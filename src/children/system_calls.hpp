#pragma once

#include "base/result.hpp"
#include "children/profiles.hpp"

namespace kinora {

/// A seccomp filter over this process and all it becomes, for good: no network, no new process, no other process' memory or
/// signals, no mounts, namespaces, keys, bpf or io_uring. Threads are allowed.
Result<void> restrict_system_calls(Sockets sockets);

}  // namespace kinora
