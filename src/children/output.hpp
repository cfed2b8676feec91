#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace kinora {

/// Cuts a stream of bytes into lines at '\n' (and '\r', which FFmpeg uses to redraw). Holds at most one line of `bytes_max`;
/// the rest of a longer one is dropped.
class LineSplitter {
 public:
  explicit LineSplitter(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  void feed(std::string_view bytes, const std::function<void(std::string_view)>& line);
  /// The last line, when it had no newline.
  void finish(const std::function<void(std::string_view)>& line);

 private:
  void end_line(const std::function<void(std::string_view)>& line);

  std::size_t bytes_max_;
  std::string pending_;
};

/// The last bytes of a stream.
class Tail {
 public:
  explicit Tail(std::size_t bytes_max) : bytes_max_(bytes_max) {}
  void feed(std::string_view bytes);
  std::string take();

 private:
  std::size_t bytes_max_;
  std::string kept_;
};

}  // namespace kinora
