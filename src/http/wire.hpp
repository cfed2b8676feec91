#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "http/transport.hpp"
#include "http/watch.hpp"

namespace kinora::http {

/// A connection's bytes: what has arrived and is not yet consumed, and what goes out. Reads ahead no more than heads and chunk
/// lines need; bodies go straight into their reader's buffer.
class Wire {
 public:
  Wire(Transport& transport, Watch& watch) : transport_(transport), watch_(watch) {}

  std::string_view arrived() const { return std::string_view(arrived_).substr(start_); }
  void consume(std::size_t bytes) { start_ += bytes; }
  /// Adds to arrived(); false when the peer has ended.
  Task<Result<bool>> fetch();
  /// What has arrived, else straight from the peer; 0 when it has ended.
  Task<Result<std::size_t>> read_some(std::span<std::byte> buffer);

  /// All of both; the deadline starts anew with each piece that goes.
  Task<Result<void>> write(std::string_view head, std::string_view body, std::chrono::milliseconds piece_time,
                           Behind behind = Behind::nothing);
  /// All of it, by the kernel; only where the transport sends files.
  Task<Result<void>> send(FilePiece piece, std::chrono::milliseconds piece_time);
  /// Lets the peer read the answer to a request that was not read to its end: closing at once would reset it away.
  Task<void> linger(std::chrono::milliseconds time);
  /// Gives back what a long head or body took.
  void shrink();

  Watch& watch() { return watch_; }
  Transport& transport() { return transport_; }

 private:
  Transport& transport_;
  Watch& watch_;
  std::string arrived_;
  std::size_t start_ = 0;
};

}  // namespace kinora::http
