#pragma once

#include <string>
#include <vector>

#include "modules/media/jobs/workers.hpp"

/// What the two stages that make renditions share.
namespace kinora::media {

/// 720 -> 720p: what a rung is called, and the folder of its playlist.
std::string quality_of(int height);

/// The rung that makes a video playable soonest: a copy where it fits, else the lowest.
RungRequest first_rung_of(const MediaInfo& info);
/// All others, ascending.
std::vector<RungRequest> rest_of_ladder(const MediaInfo& info);

/// One rung, made and durable, on its way to name_picture().
Task<Result<Picture>> make_picture(Bench bench, jobs::Context context, OwnedVideo video, std::filesystem::path input,
                                   MediaInfo info, RungRequest rung, ProgressSink progress);
Task<Result<void>> name_picture(Transaction tx, Picture picture);

Task<Result<KeptFile>> make_sound(Bench bench, jobs::Context context, OwnedVideo video, std::filesystem::path input,
                                  MediaInfo info);

}  // namespace kinora::media
