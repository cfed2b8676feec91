#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "modules/ai/ai.hpp"

namespace kinora::ai {

/// A sentence with its times and the stems of what it is about.
struct Sentence {
  Seconds start{0};
  Seconds end{0};
  std::string text;
  std::set<std::string> stems{};
};

/// All words, in order.
std::vector<Sentence> sentences_of(const std::vector<Segment>& segments);

/// How often each stem is said: what a text is about, without what it says all the time.
class Subject {
 public:
  explicit Subject(const std::vector<Sentence>& sentences);
  double weight(const std::string& stem) const;
  double weight(const std::set<std::string>& stems) const;
  /// Of all stems together.
  double whole() const { return whole_; }

 private:
  std::map<std::string, double> weights_;
  double whole_ = 0;
};

}  // namespace kinora::ai
