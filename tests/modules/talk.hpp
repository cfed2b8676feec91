#pragma once

#include "modules/ai/ai.hpp"

namespace kinora::testing {

/// Segments of whole sentences, half a second a word; `pause` before each.
class Talk {
 public:
  explicit Talk(std::string language = "en") { transcript_.language = std::move(language); }
  Talk& says(double pause, const std::string& sentence) {
    ai::Segment segment{.start = at_ + Seconds(pause), .text = sentence};
    at_ = segment.start;
    for (const auto word : ai::words_of(sentence)) {
      segment.words.push_back({at_, at_ + Seconds(0.5), std::string(word), 1});
      at_ += Seconds(0.5);
    }
    segment.end = at_;
    transcript_.text += (transcript_.text.empty() ? "" : " ") + sentence;
    transcript_.segments.push_back(std::move(segment));
    return *this;
  }
  const std::vector<ai::Segment>& segments() const { return transcript_.segments; }
  const ai::Transcript& transcript() const { return transcript_; }

 private:
  ai::Transcript transcript_;
  Seconds at_{0};
};

/// Three parts, each after a long rest.
inline Talk garden() {
  Talk talk;
  talk.says(1, "Every bed has a moisture probe.").says(0.4, "The probe tells how wet the soil is.");
  talk.says(2, "A solenoid valve waters the bed.").says(0.4, "The valve closes after two minutes.");
  talk.says(2, "A solar panel feeds the battery.").says(0.4, "The battery lasts for three days.");
  return talk;
}

}  // namespace kinora::testing
