#pragma once

#include <optional>

#include "modules/ai/corrections.hpp"

/// All SQL of ai. Every function is, or runs inside, a transaction body.
namespace kinora::ai {

/// Replaces the video's transcript.
Task<Result<void>> put_transcript(Transaction tx, Transcript transcript);
Task<Result<std::optional<Transcript>>> find_transcript(Transaction tx, VideoId video);
/// Writes what is another in `now` than in `before`, both of one run.
Task<Result<void>> rewrite_transcript(Transaction tx, Transcript before, Transcript now);

/// What people wrote over what was heard, the earliest first; survives every run.
Task<Result<std::vector<Correction>>> corrections_of(Transaction tx, VideoId video);
/// Takes the place of those that lie within it.
Task<Result<void>> put_correction(Transaction tx, EditId id, VideoId video, Correction correction, UserId user);

/// Replaces the summary in its language.
Task<Result<void>> put_summary(Transaction tx, Summary summary);
/// The latest; of any language when none is named.
Task<Result<std::optional<Summary>>> find_summary(Transaction tx, VideoId video, std::string language);

enum class WrittenBy : std::uint8_t { machine, person };
/// Replaces the chapters; a machine's never those of a person.
Task<Result<void>> put_chapters(Transaction tx, VideoId video, std::vector<Chapter> chapters, WrittenBy by);
Task<Result<std::vector<Chapter>>> chapters_of_video(Transaction tx, VideoId video);

/// All that is known of what was said in a video that is gone.
Task<Result<void>> forget_video(Transaction tx, VideoId video);

}  // namespace kinora::ai
