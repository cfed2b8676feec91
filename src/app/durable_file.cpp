#include "app/durable_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace kinora::app {

namespace {

std::unexpected<Error> failed(std::string_view what, const std::filesystem::path& file) {
  return fail(ErrorKind::unavailable, std::string(what) + ' ' + file.string() + ": " + std::strerror(errno));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  ~Descriptor() {
    if (is_open()) ::close(number_);
  }
  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  int number_;
};

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const auto written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// The name of a file is kept by its folder: without this a power cut may forget the rename.
bool sync_folder(const std::filesystem::path& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return opened.is_open() && ::fsync(opened.number()) == 0;
}

Result<void> write_and_sync(const std::filesystem::path& file, std::string_view content) {
  const Descriptor opened(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (!opened.is_open()) return failed("cannot make", file);
  if (!write_all(opened.number(), content) || ::fsync(opened.number()) != 0) return failed("cannot write", file);
  return {};
}

}  // namespace

Result<void> write_private_file(const std::filesystem::path& file, std::string_view content) {
  auto unfinished = file;
  unfinished += ".part";
  if (auto written = write_and_sync(unfinished, content); !written) return written;
  if (::rename(unfinished.c_str(), file.c_str()) != 0) return failed("cannot name", file);
  if (!sync_folder(file.parent_path())) return failed("cannot keep", file);
  return {};
}

}  // namespace kinora::app
