#include "modules/search/chunks.hpp"

namespace kinora::search {

namespace {

constexpr Seconds longest{20};
constexpr std::size_t words_max = 45;
// Between sentences people rest about half a second; a pause of more than twice that is a new subject more often than not.
constexpr Seconds telling_pause{1.1};

class Cutter {
 public:
  void add(const ai::Segment& segment) {
    const bool fits = words_ + segment.words.size() <= words_max && segment.end - open_.start <= longest &&
                      segment.start - open_.end < telling_pause;
    if (words_ > 0 && !fits) close();
    for (const auto& word : segment.words) add(word);
  }
  std::vector<Passage> finish() {
    if (words_ > 0) close();
    return std::move(done_);
  }

 private:
  void add(const Word& word) {
    if (words_ > 0 && (words_ >= words_max || word.end - open_.start > longest)) close();
    if (words_ == 0) open_.start = word.start;
    open_.text += (words_ > 0 ? " " : "") + word.text;
    open_.end = word.end;
    ++words_;
  }
  void close() {
    done_.push_back(std::exchange(open_, {}));
    words_ = 0;
  }

  std::vector<Passage> done_;
  Passage open_;
  std::size_t words_ = 0;
};

}  // namespace

std::vector<Passage> passages_of(const std::vector<ai::Segment>& segments) {
  Cutter cutter;
  for (const auto& segment : segments) cutter.add(segment);
  return cutter.finish();
}

}  // namespace kinora::search
