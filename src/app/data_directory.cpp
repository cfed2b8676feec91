#include "app/data_directory.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "app/durable_file.hpp"
#include "base/encoding.hpp"

namespace kinora::app {

namespace {

constexpr std::size_t secret_bytes = 32;
constexpr std::size_t text_bytes_max = 4096;
constexpr auto private_folder = S_IRWXU;
constexpr auto private_file = S_IRUSR | S_IWUSR;

/// Empty when it cannot be read; our own small files only.
std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text(text_bytes_max, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

std::unexpected<Error> in_use(const std::filesystem::path& root, const std::filesystem::path& lock) {
  const auto holder = read_text(lock);
  return fail(
      ErrorKind::conflict,
      fmt::format("{} is in use by the kinora server with process id {}. Stop that one, or give this one a folder of its own "
                  "by KINORA_DATA",
                  root.string(), holder.empty() ? "unknown" : holder));
}

/// Holds until the descriptor is closed. The file stays: removing it would let a third server lock another file of that name.
Result<int> lock_folder(const std::filesystem::path& root) {
  const auto file = root / "lock";
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, private_file);
  if (lock < 0) return fail(ErrorKind::unavailable, fmt::format("cannot open {}: {}", file.string(), std::strerror(errno)));
  if (::flock(lock, LOCK_EX | LOCK_NB) == 0) return lock;

  const int problem = errno;
  ::close(lock);
  if (problem == EWOULDBLOCK) return in_use(root, file);
  return fail(ErrorKind::unavailable, fmt::format("cannot lock {}: {}. Is {} on a file system with locks?", file.string(),
                                                  std::strerror(problem), root.string()));
}

Result<void> sign_lock(int lock) {
  const auto holder = std::to_string(::getpid());
  if (::ftruncate(lock, 0) == 0 && ::pwrite(lock, holder.data(), holder.size(), 0) == static_cast<ssize_t>(holder.size()))
    return {};
  return fail(ErrorKind::unavailable, fmt::format("cannot write to the data directory: {}", std::strerror(errno)));
}

/// A volume's tools may have widened the rights of what is in it.
Result<void> narrow_rights(const std::filesystem::path& path, mode_t rights) {
  if (::chmod(path.c_str(), rights) == 0) return {};
  return fail(ErrorKind::unavailable, fmt::format("cannot keep {} from other users: {}", path.string(), std::strerror(errno)));
}

Result<std::string> read_secret(const std::filesystem::path& file) {
  if (auto narrowed = narrow_rights(file, private_file); !narrowed) return std::unexpected(std::move(narrowed.error()));
  auto text = read_text(file);
  const auto bytes = bytes_of_base64url(text);
  if (bytes && bytes->size() == secret_bytes) return text;
  return fail(ErrorKind::invalid,
              fmt::format("{} is damaged. Put it back from a backup, or remove it: a new secret is made then, "
                          "and whoever was signed in signs in again",
                          file.string()));
}

Result<std::string> make_secret(const std::filesystem::path& file, Random& random) {
  auto secret = random.token();
  auto written = write_private_file(file, secret);
  if (!written) return std::unexpected(std::move(written.error()));
  return secret;
}

}  // namespace

Result<void> make_private_folder(const std::filesystem::path& folder) {
  std::error_code problem;
  if (std::filesystem::is_directory(folder, problem)) return {};
  if (folder.has_parent_path()) std::filesystem::create_directories(folder.parent_path(), problem);
  if (::mkdir(folder.c_str(), private_folder) == 0) return {};
  return fail(ErrorKind::unavailable, fmt::format("cannot make the folder {}: {}", folder.string(), std::strerror(errno)));
}

Result<DataDirectory> DataDirectory::hold(std::filesystem::path root) {
  std::error_code problem;
  if (!std::filesystem::is_directory(root, problem))
    return fail(ErrorKind::not_found, fmt::format("there is no data directory {}", root.string()));
  const auto lock = lock_folder(root);
  if (!lock) return std::unexpected(lock.error());

  DataDirectory directory(std::move(root), *lock);
  if (auto signed_lock = sign_lock(*lock); !signed_lock) return std::unexpected(std::move(signed_lock.error()));
  return directory;
}

Result<DataDirectory> DataDirectory::open(std::filesystem::path root) {
  if (auto made = make_private_folder(root); !made) return std::unexpected(std::move(made.error()));
  auto held = hold(std::move(root));
  if (!held) return held;
  const auto& directory = *held;
  std::error_code ignored;  // what cannot be removed is in the way only if its name is needed again
  std::filesystem::remove_all(directory.run(), ignored);
  for (const auto& room :
       {directory.blobs(), directory.search(), directory.run(), directory.logs(), directory.root() / "secrets"})
    if (auto made = make_private_folder(room); !made) return std::unexpected(std::move(made.error()));
  if (auto narrowed = narrow_rights(directory.root() / "secrets", private_folder); !narrowed)
    return std::unexpected(std::move(narrowed.error()));
  return held;
}

DataDirectory::DataDirectory(DataDirectory&& other) noexcept
    : root_(std::move(other.root_)), lock_(std::exchange(other.lock_, -1)) {}

DataDirectory::~DataDirectory() {
  if (lock_ >= 0) ::close(lock_);
}

Result<void> DataDirectory::announce(std::string_view url) const { return write_private_file(run() / "url", url); }

bool is_in_use(const std::filesystem::path& root) {
  const int lock = ::open((root / "lock").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (lock < 0) return false;
  const bool held = ::flock(lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(lock);
  return held;
}

std::optional<std::string> announced_url(const std::filesystem::path& root) {
  auto url = read_text(root / "run" / "url");
  return url.empty() ? std::nullopt : std::optional(std::move(url));
}

Result<std::string> DataDirectory::secret(std::string_view name, Random& random) const {
  const auto file = root_ / "secrets" / name;
  std::error_code problem;
  return std::filesystem::exists(file, problem) ? read_secret(file) : make_secret(file, random);
}

}  // namespace kinora::app
