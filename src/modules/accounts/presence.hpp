#pragma once

#include <map>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/sync.hpp"
#include "base/time.hpp"

namespace kinora::accounts {

/// Who was here since it was last written down. Requests only leave a note in memory, so that reading never writes. Any thread.
class Presence {
 public:
  using Notes = std::map<Uuid, Time>;

  void note(Uuid id, Time now) {
    notes_.with([&](Notes& notes) {
      if (notes.size() < notes_max || notes.contains(id)) notes[id] = now;
    });
  }
  /// All notes, which are forgotten.
  Notes take() {
    return notes_.with([](Notes& notes) { return std::exchange(notes, {}); });
  }

 private:
  static constexpr std::size_t notes_max = 10'000;
  Guarded<Notes> notes_;
};

}  // namespace kinora::accounts
