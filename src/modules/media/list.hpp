#pragma once

#include <optional>
#include <string>
#include <vector>

#include "modules/media/video.hpp"

namespace kinora::media {

/// What a list is sorted by; the id decides among equals, so that a page begins where the last one ended whatever came between.
enum class ListOrder : std::uint8_t { newest, oldest, title, title_down, shortest, longest };

/// Where a page ends: of the last video what the order looks at.
struct ListPlace {
  Time created_at{};
  std::string title{};
  double duration = 0;
  VideoId id{};
};

/// The place of a video in a list of that order.
ListPlace place_of(ListOrder order, const Video& video);

struct ListQuery {
  std::optional<Status> status{};
  std::optional<Visibility> visibility{};
  std::optional<ChannelId> channel{};
  std::optional<std::vector<UserId>> owners{};  ///< of findable(): only these persons'; at most 100
  std::string language{};                       ///< empty: any
  std::string tag{};                            ///< empty: any
  std::string text{};                           ///< in title or description, in any case; empty: any
  Time created_after = Time::min();             ///< not of that moment itself
  Time created_before = Time::max();            ///< the same
  ListOrder order = ListOrder::newest;
  std::optional<ListPlace> after{};  ///< where the page before this one ended
  std::size_t limit = 20;
};

}  // namespace kinora::media

template <>
struct kinora::Names<kinora::media::ListOrder> {
  using enum media::ListOrder;
  static constexpr auto table = std::to_array<std::pair<media::ListOrder, std::string_view>>({{newest, "-created_at"},
                                                                                              {oldest, "created_at"},
                                                                                              {title, "title"},
                                                                                              {title_down, "-title"},
                                                                                              {shortest, "duration"},
                                                                                              {longest, "-duration"}});
};
