#include "search.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace kinora::bench {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t distinct_queries = 40;

std::string percentile_99(std::vector<SteadyClock::duration> times) {
  const auto at = times.begin() + std::ssize(times) * 99 / 100;
  std::ranges::nth_element(times, at);
  return fmt::format("{}", std::chrono::duration<double, std::milli>(*at).count());
}

std::vector<std::size_t> numbers_of(const std::vector<SearchHit>& hits) {
  std::vector<std::size_t> numbers;
  for (const auto& hit : hits) numbers.push_back(Corpus::number_of(hit.chunk));
  return numbers;
}

}  // namespace

Task<Result<std::string>> SearchBench::fill(std::size_t chunks) {
  corpus_ = Corpus(chunks / Corpus::chunks_per_video);
  corpus_.write(folder_, distinct_queries);
  auto opened = open_embedded_search_index(folder_ / "index", pool_, log_);
  if (!opened) co_return std::unexpected(std::move(opened.error()));
  index_ = *std::move(opened);
  SteadyClock::duration spent{0};
  for (std::size_t number = 0; number < corpus_.videos(); ++number) {
    auto video = corpus_.video(number);
    const auto begun = SteadyClock::now();
    co_await ok(index_->replace(std::move(video)));
    spent += SteadyClock::now() - begun;
  }
  co_return fmt::format("{}", static_cast<double>(chunks) / std::chrono::duration<double>(spent).count());
}

Task<Result<std::string>> SearchBench::in_one_language(std::size_t queries) { return ask(queries, true); }
Task<Result<std::string>> SearchBench::of_one_person(std::size_t queries) { return ask(queries, false); }

Task<Result<std::string>> SearchBench::ask(std::size_t queries, bool by_language) {
  std::vector<SearchQuery> asked;
  for (std::size_t number = 0; number < distinct_queries; ++number) asked.push_back(query(number, by_language));
  std::vector<SteadyClock::duration> times;
  for (std::size_t number = 0; number < queries; ++number) {
    auto next = asked[number % distinct_queries];
    const auto begun = SteadyClock::now();
    const auto hits = co_await ok(index_->query(std::move(next)));
    times.push_back(SteadyClock::now() - begun);
    if (hits.empty()) co_return fail(ErrorKind::internal, "a query found nothing");
  }
  co_return percentile_99(std::move(times));
}

Task<Result<std::string>> SearchBench::nearest(std::size_t queries) {
  std::vector<std::vector<std::size_t>> found;
  for (std::size_t number = 0; number < queries; ++number) {
    auto asked = query(number, true);
    asked.mode = SearchMode::semantic;
    const auto hits = co_await ok(index_->query(std::move(asked)));
    found.push_back(numbers_of(hits));
  }
  co_return fmt::format("{}", found);
}

SearchQuery SearchBench::query(std::size_t number, bool by_language) const {
  auto asked = corpus_.query(number);
  if (by_language) asked.scope = {.public_videos = true, .language = "en"};
  return asked;
}

}  // namespace kinora::bench
