#include "children/landlock.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace kinora {

namespace {

// The header of Debian 12 knows ABI 2; the kernel may know more. Rights and attributes are plain 64-bit words, so newer ones
// are named here. See landlock(7).
constexpr std::uint64_t truncate_files = 1ULL << 14;  // ABI 3
constexpr std::uint64_t device_ioctl = 1ULL << 15;    // ABI 5
constexpr std::uint64_t bind_and_connect_tcp = 3;     // ABI 4
constexpr std::uint64_t scoped_unix_and_signals = 3;  // ABI 6

constexpr std::uint64_t read_rights = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t file_rights =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | truncate_files | device_ioctl;

constexpr std::array loaders = {"/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"};

long newest_abi() { return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION); }

std::uint64_t rights_known_to(long abi) {
  constexpr std::array<std::uint64_t, 6> by_abi = {
      0, (1 << 13) - 1, (1 << 14) - 1, (1 << 15) - 1, (1 << 15) - 1, (1 << 16) - 1};
  return by_abi[static_cast<std::size_t>(std::clamp(abi, 0L, 5L))];
}

std::size_t attribute_bytes_known_to(long abi) { return abi >= 6 ? 24 : abi >= 4 ? 16 : 8; }

Result<void> refusal(std::string_view what) {
  return fail(ErrorKind::unavailable, "landlock: " + std::string(what) + ": " + std::strerror(errno));
}

class Ruleset {
 public:
  explicit Ruleset(long abi) : rights_(rights_known_to(abi)) {
    const std::array<std::uint64_t, 3> attributes = {rights_, bind_and_connect_tcp, scoped_unix_and_signals};
    fd_ = static_cast<int>(::syscall(SYS_landlock_create_ruleset, attributes.data(), attribute_bytes_known_to(abi), 0));
  }
  Ruleset(const Ruleset&) = delete;
  ~Ruleset() {
    if (fd_ >= 0) ::close(fd_);
  }

  bool is_open() const { return fd_ >= 0; }
  std::uint64_t all_rights() const { return rights_; }

  bool allow(int fd, std::uint64_t rights) {
    struct stat entry{};
    if (::fstat(fd, &entry) != 0) return false;
    if (!S_ISDIR(entry.st_mode)) rights &= file_rights;  // a rule on a file takes no rights of folders
    const landlock_path_beneath_attr rule{rights & rights_, fd};
    return ::syscall(SYS_landlock_add_rule, fd_, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
  }
  bool allow_if_present(const char* path, std::uint64_t rights) {
    const int fd = ::open(path, O_PATH | O_CLOEXEC);
    if (fd < 0) return errno == ENOENT || errno == EACCES;
    const bool done = allow(fd, rights);
    ::close(fd);
    return done;
  }
  bool enforce() { return ::syscall(SYS_landlock_restrict_self, fd_, 0) == 0; }

 private:
  std::uint64_t rights_;
  int fd_ = -1;
};

bool add_all(Ruleset& ruleset, const FileRules& rules) {
  constexpr std::uint64_t execute = LANDLOCK_ACCESS_FS_EXECUTE;
  bool done = ruleset.allow(rules.program, execute | LANDLOCK_ACCESS_FS_READ_FILE);
  done = done && ruleset.allow(rules.writable, ruleset.all_rights() & ~execute);
  for (const int file : rules.readable) done = done && ruleset.allow(file, read_rights);
  for (const auto path : rules.system) done = done && ruleset.allow_if_present(path.data(), read_rights);
  for (const char* loader : loaders) done = done && ruleset.allow_if_present(loader, execute | read_rights);
  return done && ruleset.allow_if_present("/dev/null", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE);
}

}  // namespace

bool has_landlock() { return newest_abi() >= 1; }

Result<void> restrict_files(const FileRules& rules) {
  const auto abi = newest_abi();
  if (abi < 1) return refusal("the kernel does not have it");
  Ruleset ruleset(abi);
  if (!ruleset.is_open()) return refusal("no rule set");
  if (!add_all(ruleset, rules)) return refusal("a rule was refused");
  if (!ruleset.enforce()) return refusal("not enforced");
  return {};
}

}  // namespace kinora
