#include "modules/ai/corrections.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace kinora::ai {

namespace {

constexpr Seconds word_min{0.02};

/// A word, and the segment it stands in.
struct Placed {
  Word word;
  std::size_t segment = 0;
};

std::vector<Placed> placed_words(const std::vector<Segment>& segments) {
  std::vector<Placed> all;
  for (std::size_t at = 0; at < segments.size(); ++at)
    for (const auto& word : segments[at].words) all.push_back({word, at});
  return all;
}

/// By index: the word that was heard for each written one, if any did stay. The longest common subsequence.
std::vector<std::optional<std::size_t>> what_stayed(std::span<const Placed> heard, std::span<const std::string_view> written) {
  const auto width = heard.size() + 1;
  std::vector<std::uint16_t> length((written.size() + 1) * width);  // of the ends of both
  for (auto w = written.size(); w-- > 0;)
    for (auto h = heard.size(); h-- > 0;) {
      const auto at = w * width + h;
      length[at] = heard[h].word.text == written[w] ? static_cast<std::uint16_t>(length[at + width + 1] + 1)
                                                    : std::max(length[at + width], length[at + 1]);
    }
  std::vector<std::optional<std::size_t>> stayed(written.size());
  for (std::size_t w = 0, h = 0; w < written.size() && h < heard.size();) {
    if (heard[h].word.text == written[w])
      stayed[w++] = h++;
    else if (length[(w + 1) * width + h] >= length[w * width + h + 1])
      ++w;
    else
      ++h;
  }
  return stayed;
}

/// Between two moments, each for as long as it is.
void share_time(std::span<Word> words, Seconds start, Seconds end) {
  double all = 0;
  for (const auto& word : words) all += static_cast<double>(word.text.size());
  for (auto& word : words) {
    word.start = start;
    start = std::min(end, start + (end - start) * (static_cast<double>(word.text.size()) / all));
    all -= static_cast<double>(word.text.size());
    word.end = start;
  }
}

/// Words one after the other that have no times, and the time there is for them.
struct Untimed {
  std::size_t first = 0;
  std::size_t last = 0;  ///< behind the last
  Seconds start{0};
  Seconds end{0};

  bool has_room() const { return end - start >= word_min * static_cast<double>(last - first); }
};

/// What was written, while its words find their times.
struct Draft {
  std::vector<Word> words;
  std::vector<bool> has_time;
  Correction correction;

  std::optional<Untimed> untimed_from(std::size_t at) const {
    const auto first = std::ranges::find(has_time.begin() + static_cast<std::ptrdiff_t>(at), has_time.end(), false);
    if (first == has_time.end()) return std::nullopt;
    Untimed found{.first = static_cast<std::size_t>(first - has_time.begin())};
    found.last = static_cast<std::size_t>(std::ranges::find(first, has_time.end(), true) - has_time.begin());
    found.start = found.first > 0 ? words[found.first - 1].end : correction.start;
    found.end = found.last < words.size() ? words[found.last].start : correction.end;
    return found;
  }
};

Draft draft_of(std::span<const Placed> heard, const Correction& correction) {
  Draft draft{.words = {}, .has_time = {}, .correction = correction};
  const auto texts = words_of(correction.text);
  const auto stayed = what_stayed(heard, texts);
  for (std::size_t at = 0; at < texts.size(); ++at) {
    draft.words.push_back(stayed[at] ? heard[*stayed[at]].word : Word{{}, {}, std::string(texts[at]), 1});
    draft.has_time.push_back(stayed[at].has_value());
  }
  return draft;
}

/// Words that stayed have their times; where there is no room for the others, a neighbour gives up its own.
std::vector<Word> timed(std::span<const Placed> heard, const Correction& correction) {
  auto draft = draft_of(heard, correction);
  for (auto run = draft.untimed_from(0); run; run = draft.untimed_from(run->last)) {
    while (!run->has_room() && run->last - run->first < draft.words.size()) {
      draft.has_time[run->first > 0 ? run->first - 1 : run->last] = false;
      run = draft.untimed_from(0);
    }
  }
  for (auto run = draft.untimed_from(0); run; run = draft.untimed_from(run->last))
    share_time(std::span(draft.words).subspan(run->first, run->last - run->first), run->start, std::max(run->start, run->end));
  return std::move(draft.words);
}

void lay_over(std::vector<Placed>& all, const Correction& correction) {
  const auto middle = [](const Placed& each) { return (each.word.start + each.word.end) / 2; };
  const auto first = std::ranges::find_if(all, [&](const Placed& each) { return middle(each) >= correction.start; });
  const auto last = std::find_if(first, all.end(), [&](const Placed& each) { return middle(each) > correction.end; });
  const auto at = first - all.begin();
  std::size_t segment = 0;
  if (first != last)
    segment = first->segment;
  else if (!all.empty())
    segment = all[at > 0 ? static_cast<std::size_t>(at) - 1 : 0].segment;
  std::vector<Placed> written;
  for (auto& word : timed(std::span(first, last), correction)) written.push_back({std::move(word), segment});
  all.erase(first, last);
  all.insert(all.begin() + at, written.begin(), written.end());
}

}  // namespace

Transcript corrected(Transcript heard, const std::vector<Correction>& corrections) {
  if (heard.segments.empty()) return heard;
  auto all = placed_words(heard.segments);
  for (const auto& correction : corrections) lay_over(all, correction);
  for (auto& segment : heard.segments) segment.words.clear();
  for (auto& [word, segment] : all) heard.segments[segment].words.push_back(std::move(word));
  std::erase_if(heard.segments, [](const Segment& segment) { return segment.words.empty(); });
  heard.text.clear();
  for (auto& segment : heard.segments) {
    segment.start = segment.words.front().start;
    segment.end = segment.words.back().end;
    segment.text = text_of(segment.words);
    heard.text += (heard.text.empty() ? "" : " ") + segment.text;
  }
  heard.duration = heard.segments.empty() ? Seconds(0) : heard.segments.back().end;
  return heard;
}

std::string one_line(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  std::string line;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find_first_of(blanks));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!word.empty()) line += (line.empty() ? "" : " ") + std::string(word);
  }
  return line;
}

std::string text_of(const std::vector<Word>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word.text;
  return text;
}

}  // namespace kinora::ai
