#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"
#include "modules/ai/ai.hpp"

namespace kinora::search {

/// A passage as it is embedded, found and cited.
struct Passage {
  Seconds start{0};
  Seconds end{0};
  std::string text;
};

/// Cuts a transcript along its sentences. A passage is short enough to be one citation (30 s) and one embedding (about 400
/// tokens), and long enough to be about something; one long sentence is cut at its words.
std::vector<Passage> passages_of(const std::vector<ai::Segment>& segments);

}  // namespace kinora::search
