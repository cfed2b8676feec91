#pragma once

#include <span>
#include <string_view>

namespace kinora::search {

/// Plain sentences about everything under the sun: prices, dates, people, food, weather, law. A question that a video answers
/// is nearer to the video than to any of these; about one that is not, one of these knows as much.
std::span<const std::string_view> background();

}  // namespace kinora::search
