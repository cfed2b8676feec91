#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/sync.hpp"

namespace kinora {

/// What belongs to the last `size_max` keys; the one that was asked for the longest ago is dropped. Any thread.
template <class Value>
class RecentlyUsed {
 public:
  explicit RecentlyUsed(std::size_t size_max) : size_max_(size_max) {}

  std::optional<Value> find(const std::string& key) {
    return state_.with([&](State& state) -> std::optional<Value> {
      const auto found = state.places.find(key);
      if (found == state.places.end()) return std::nullopt;
      state.used.splice(state.used.begin(), state.used, found->second);
      return found->second->value;
    });
  }

  void put(const std::string& key, Value value) {
    state_.with([&](State& state) {
      if (state.places.contains(key)) return;
      state.used.push_front({key, std::move(value)});
      state.places.emplace(key, state.used.begin());
      if (state.used.size() <= size_max_) return;
      state.places.erase(state.used.back().key);
      state.used.pop_back();
    });
  }

 private:
  struct Entry {
    std::string key;
    Value value;
  };
  struct State {
    std::list<Entry> used;  // latest first
    std::unordered_map<std::string, typename std::list<Entry>::iterator> places;
  };
  std::size_t size_max_;
  Guarded<State> state_;
};

}  // namespace kinora
