#pragma once

#include "api/v1/resources.hpp"

/// Whole videos by their words, and in any order.
namespace kinora::api::v1 {

enum class FoundOrder : std::uint8_t { relevance, newest, oldest, title, title_down, shortest, longest };

}  // namespace kinora::api::v1

template <>
struct kinora::Names<kinora::api::v1::FoundOrder> {
  using enum api::v1::FoundOrder;
  static constexpr auto table = std::to_array<std::pair<api::v1::FoundOrder, std::string_view>>({{relevance, "relevance"},
                                                                                                 {newest, "-created_at"},
                                                                                                 {oldest, "created_at"},
                                                                                                 {title, "title"},
                                                                                                 {title_down, "-title"},
                                                                                                 {shortest, "duration"},
                                                                                                 {longest, "-duration"}});
};

namespace kinora::api::v1 {

struct SearchVideos {
  struct Query {
    http::Page page;
    http::Optional<Text<0, 500>> q;
    http::Optional<http::OneOf<media::Status>> status;
    http::Optional<UserId> user_id;
    http::Optional<Text<1, 255>> user;  ///< a person's name
    http::Optional<ChannelId> channel_id;
    http::Optional<Text<1, 35>> language;
    http::Optional<Time> created_after;
    http::Optional<Time> created_before;
    http::Default<http::OneOf<FoundOrder>, FoundOrder::relevance> sort;
    http::Optional<http::List<http::OneOf<search::VideoField>, 1, 4>> fields;
    http::Default<http::Flag, false> highlight;
  } query;
};
/// Each a video with `score`, `highlights` and `moments`.
struct FoundVideosView {
  std::vector<boost::json::value> data{};
  bool has_more = false;
  std::optional<std::string> next_cursor{};
  std::int64_t took_ms = 0;
};
Task<Result<FoundVideosView>> search_videos(Services& app, Caller caller, SearchVideos ask);

}  // namespace kinora::api::v1
