#pragma once

#include <string>
#include <vector>

#include "modules/media/jobs/workers.hpp"

/// What the two stages that make renditions share.
namespace kinora::media {

/// 720 -> 720p: what a rung is called, and the folder of its playlist.
std::string quality_of(int height);

/// The rungs that a video has not yet, ascending.
std::vector<int> missing_rungs(const MediaInfo& info, const std::vector<Variant>& there);

/// What lies in scratch becomes a file of the video, on its way to name_picture().
Task<Result<Picture>> keep_picture(Bench bench, jobs::Context context, OwnedVideo video, Rendition made, int height);
Task<Result<void>> name_picture(Transaction tx, Picture picture);

/// A file to take away for each rung that has none: picture and sound, copied.
Task<Result<void>> make_plain_files(Bench bench, jobs::Context context, OwnedVideo video);

Task<Result<KeptFile>> make_sound(Bench bench, jobs::Context context, OwnedVideo video, std::filesystem::path input,
                                  MediaInfo info);

}  // namespace kinora::media
