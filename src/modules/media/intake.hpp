#pragma once

#include <string>

#include "modules/media/media.hpp"

/// What the two ways in share: a form that brings all bytes at once, and uploads that come in pieces.
namespace kinora::media {

/// Where a video's source lies.
std::string source_key(UserId owner, VideoId video);
/// With a title from the file's name where nobody gave one.
NewVideo titled(NewVideo video, const std::string& filename);
/// The source is live: its stages begin. Yields the root job.
Task<Result<JobId>> start_processing(Transaction tx, VideoId video, UserId owner, OnVideoAccepted* observer);

}  // namespace kinora::media
