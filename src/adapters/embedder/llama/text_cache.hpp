#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/sync.hpp"

namespace kinora::embedding {

/// What was made of the last texts, the least recently used of them dropped. Any thread.
template <class Value>
class TextCache {
 public:
  explicit TextCache(std::size_t size_max) : size_max_(size_max) {}

  std::optional<Value> find(const std::string& text) {
    return state_.with([&](State& state) -> std::optional<Value> {
      const auto found = state.places.find(text);
      if (found == state.places.end()) return std::nullopt;
      state.used.splice(state.used.begin(), state.used, found->second);
      return found->second->value;
    });
  }

  void put(const std::string& text, Value value) {
    state_.with([&](State& state) {
      if (state.places.contains(text)) return;
      state.used.push_front({text, std::move(value)});
      state.places.emplace(text, state.used.begin());
      if (state.used.size() <= size_max_) return;
      state.places.erase(state.used.back().text);
      state.used.pop_back();
    });
  }

 private:
  struct Entry {
    std::string text;
    Value value;
  };
  struct State {
    std::list<Entry> used;  // latest first
    std::unordered_map<std::string, typename std::list<Entry>::iterator> places;
  };
  std::size_t size_max_;
  Guarded<State> state_;
};

}  // namespace kinora::embedding
