#pragma once

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace kinora {

/// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();

  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

/// A process that has just started, head of its own process group. Whoever holds it must reap it.
struct Spawned {
  pid_t pid = -1;
  Descriptor process;  ///< pidfd: readable when it has ended
  Descriptor standard_input;
  Descriptor standard_output;
  Descriptor standard_error;
};

/// posix_spawn, which runs none of our code between fork and exec. The child ends when the calling thread does.
Result<Spawned> spawn_process(std::vector<std::string> arguments, std::vector<std::string> environment);

}  // namespace kinora
