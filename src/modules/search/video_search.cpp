#include <algorithm>
#include <array>

#include "modules/search/search.hpp"
#include "modules/search/sentences.hpp"

namespace kinora::search {

namespace {

constexpr std::size_t moments_read = 100;
constexpr std::size_t moments_shown = 5;
constexpr std::size_t passages_shown = 3;

/// What a field's words weigh: a title is chosen, a description may be about anything.
struct Weight {
  VideoField field;
  double weight;
};
constexpr auto weights = std::to_array<Weight>(
    {{VideoField::title, 1}, {VideoField::transcript, 0.8}, {VideoField::summary, 0.7}, {VideoField::description, 0.5}});

bool is_wanted(const VideoQuery& query, VideoField field) {
  return query.fields.empty() || std::ranges::find(query.fields, field) != query.fields.end();
}

double share(const std::set<std::string>& asked, const std::set<std::string>& said) {
  const auto shared = std::ranges::count_if(asked, [&](const auto& word) { return said.contains(word); });
  return asked.empty() ? 0 : static_cast<double>(shared) / static_cast<double>(asked.size());
}

/// People's own texts have lines; words are told apart by spaces.
std::string on_one_line(std::string text) {
  std::ranges::replace_if(text, [](char letter) { return letter == '\n' || letter == '\r' || letter == '\t'; }, ' ');
  return text;
}

/// How much of what is asked stands in a text; the sentences where it does are kept as passages.
double fit(FoundVideo& found, VideoField field, const std::set<std::string>& asked, const std::string& text) {
  const auto line = on_one_line(text);
  const auto fits = share(asked, ai::content_words(line));
  if (fits == 0) return 0;
  std::size_t shown = 0;
  for (auto& sentence : sentences_of(line)) {
    if (shown == passages_shown) break;
    if (share(asked, ai::content_words(sentence.text)) == 0) continue;
    found.passages.emplace_back(field, std::move(sentence.text));
    ++shown;
  }
  return fits;
}

/// Of the moments those of this video, best first.
double fit_moments(FoundVideo& found, const std::set<std::string>& asked, const std::vector<Moment>& moments) {
  double best = 0;
  for (const auto& moment : moments) {
    if (moment.video != found.video.id || found.moments.size() == moments_shown) continue;
    best = std::max(best, share(asked, ai::content_words(moment.text)));
    found.moments.push_back(moment);
  }
  return best;
}

/// What a video is compared with.
struct Sought {
  const std::set<std::string>& asked;
  const std::vector<Moment>& moments;
  const std::string& summary;
};
double fit_of(FoundVideo& found, VideoField field, const Sought& sought) {
  switch (field) {
    case VideoField::title: return fit(found, field, sought.asked, found.video.title);
    case VideoField::description: return fit(found, field, sought.asked, found.video.description);
    case VideoField::summary: return fit(found, field, sought.asked, sought.summary);
    case VideoField::transcript: return fit_moments(found, sought.asked, sought.moments);
  }
  return 0;
}

double score(FoundVideo& found, const VideoQuery& query, const Sought& sought) {
  double sum = 0;
  double whole = 0;
  for (const auto& [field, weight] : weights) {
    if (!is_wanted(query, field)) continue;
    whole += weight;
    sum += weight * fit_of(found, field, sought);
  }
  return sum / whole;
}

}  // namespace

Task<Result<std::vector<FoundVideo>>> VideoSearch::find(Caller caller, VideoQuery query) {
  std::vector<FoundVideo> found;
  auto videos = co_await ok(media_.findable(caller, query.videos));
  for (auto& video : videos) found.push_back({.video = std::move(video)});
  if (query.text.empty()) co_return found;

  const auto asked = ai::content_words(on_one_line(query.text));
  std::vector<Moment> moments;
  if (is_wanted(query, VideoField::transcript)) {
    Query words{.text = query.text,
                .mode = SearchMode::keyword,
                .videos = {},
                .language = query.videos.language,
                .limit = moments_read};
    moments = co_await ok(search_.find(caller, std::move(words)));
  }
  for (auto& each : found) {
    std::string summary;
    if (is_wanted(query, VideoField::summary)) summary = co_await ok(summary_of(caller, each.video.id));
    each.score = score(each, query, {asked, moments, summary});
  }
  std::erase_if(found, [](const FoundVideo& each) { return each.score == 0; });
  co_return found;
}

/// Empty where there is none yet.
Task<Result<std::string>> VideoSearch::summary_of(Caller caller, VideoId id) {
  auto video = co_await media_.find(caller, id);
  if (!video) co_return std::string();
  auto summary = co_await ai_.summary(std::move(caller), *std::move(video));
  if (!summary && summary.error().kind == ErrorKind::not_found) co_return std::string();
  auto text = co_await ok(std::move(summary));
  co_return std::move(text.text);
}

}  // namespace kinora::search
