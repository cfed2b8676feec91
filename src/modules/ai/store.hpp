#pragma once

#include <optional>

#include "modules/ai/ai.hpp"

/// All SQL of ai. Every function is, or runs inside, a transaction body.
namespace kinora::ai {

/// Replaces the video's transcript.
Task<Result<void>> put_transcript(Transaction tx, Transcript transcript);
Task<Result<void>> delete_transcript_of(Transaction tx, VideoId video);
Task<Result<std::optional<Transcript>>> find_transcript(Transaction tx, VideoId video);

}  // namespace kinora::ai
