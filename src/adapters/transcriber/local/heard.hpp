#pragma once

#include <string_view>

#include <boost/json/value.hpp>

#include "children/child.hpp"
#include "ports/transcriber.hpp"

namespace kinora {

/// Gathers what the speech engine says, line by line, into a transcription.
class Heard {
 public:
  explicit Heard(ProgressSink progress) : progress_(std::move(progress)) {}

  Beat take(std::string_view line);
  /// What was said, complete or with the reason why not: internal (a line that is none of the protocol's, no end), too_large.
  Result<Transcription> transcription() &&;

 private:
  Result<void> understand(std::string_view line);
  Result<void> take_words(const boost::json::value& words);

  ProgressSink progress_;
  Transcription said_;
  Result<void> outcome_;
  bool done_ = false;
};

}  // namespace kinora
