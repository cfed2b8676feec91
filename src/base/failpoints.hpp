#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// Places at which a test makes this process fail, by KINORA_FAILPOINTS (docs/adr/0022-failpoints.md). Nobody else arms them.
namespace kinora {

/// Whether what stands at a failpoint can still be refused, or is done and can only be the last thing this process did.
enum class Step : std::uint8_t { open, done };

struct Failpoint {
  std::string_view name;
  Step step;
  std::string_view when;  ///< what is so at this moment
};

/// All there are. tests/faults/failpoints.py ends a server at each of them, and fails for one that it does not reach.
inline constexpr auto failpoints = std::to_array<Failpoint>({
    {"migrations.statement", Step::open, "a statement of a migration has run, the others have not"},
    {"migrations.record", Step::open, "a migration has run and is not recorded"},
    {"migrations.applied", Step::done, "a migration is done, and not committed"},
    {"start.migrated", Step::done, "the schema is up to date"},
    {"start.index_mended", Step::done, "what the search index has lost is asked for again"},
    {"database.commit", Step::open, "bodies have run, nothing is committed"},
    {"database.committed", Step::done, "bodies are committed, nobody has been told"},
    {"blobs.write", Step::open, "bytes are written, not synced"},
    {"blobs.commit", Step::open, "bytes are synced, the checkpoint does not know of them"},
    {"blobs.committed", Step::done, "a checkpoint is durable, nobody has been told"},
    {"blobs.publish", Step::open, "a whole file is synced and has not its name"},
    {"blobs.named", Step::open, "a whole file has its name, which is not synced"},
    {"media.staged", Step::open, "a source has its row, and no file"},
    {"media.accept", Step::open, "a source is published, no video has it"},
    {"media.accepted", Step::done, "a video is accepted, nobody has been told"},
    {"media.keep", Step::open, "an output has its row, and no file under its key"},
    {"media.kept", Step::open, "an output is published, no video names it"},
    {"media.delete", Step::open, "a video is hidden, its event is not told"},
    {"media.purge", Step::open, "the blobs of a video are doomed, its row stands"},
    {"media.purged", Step::done, "a video is purged, its blobs still lie there"},
    {"uploads.begin", Step::open, "an upload's file is there, its row is not"},
    {"uploads.publish", Step::open, "an upload is whole and published, and not accepted"},
    {"uploads.accepted", Step::done, "an upload is accepted, nobody has been told"},
    {"uploads.expire", Step::open, "the video of an expired upload is purged, its row stands"},
    {"sweep.bytes_gone", Step::open, "the bytes of a blob are gone, its row stands"},
    {"jobs.add", Step::open, "a job is added, not committed"},
    {"jobs.claim", Step::open, "jobs are claimed, not committed"},
    {"jobs.claimed", Step::done, "jobs are claimed, none has begun"},
    {"jobs.work", Step::open, "an attempt begins"},
    {"jobs.beat", Step::open, "leases are about to be renewed"},
    {"jobs.beaten", Step::done, "leases are renewed"},
    {"jobs.finish", Step::open, "an attempt is over, nothing of its end is written"},
    {"jobs.end", Step::open, "the results of an attempt are written, its end is not, nothing is committed"},
    {"jobs.ended", Step::done, "an attempt's end is committed, its folder, if it has one, still lies there"},
    {"jobs.taken_over", Step::done, "the leases of the server before are over"},
    {"pipeline.finish", Step::open, "a stage is marked as over, what follows from it is not"},
    {"events.publish", Step::open, "an event and its handlers' jobs are written, not committed"},
    {"events.relay", Step::open, "committed events wait for their positions"},
    {"events.relayed", Step::done, "events have their positions, nobody has been told"},
    {"backup.blob", Step::open, "a file is about to be copied"},
    {"backup.commit", Step::open, "all files of a copy are there, its database is the old one"},
    {"backup.committed", Step::done, "a copy is the new one, what it does not name lies there"},
    {"search.commit", Step::open, "the vectors of a video are written, its passages are not committed"},
    {"search.committed", Step::done, "a video is in the index, its job does not know"},
    {"search.removed", Step::done, "a video is out of the index, its job does not know"},
});

enum class FailpointAction : std::uint8_t {
  error,  ///< the step yields unavailable; at one that is done, nothing happens
  kill,   ///< as kill -9
  stop,   ///< as kill -STOP: everything stands until somebody says CONT
};

struct FailpointOrder {
  std::size_t place = 0;  ///< in `failpoints`
  FailpointAction action = FailpointAction::error;
  std::uint32_t nth = 0;  ///< at which passing; 0: at each
};
using FailpointPlan = std::vector<FailpointOrder>;

/// `jobs.finish=kill@2,blobs.write=error`: nothing where a name or an action is not known.
std::optional<FailpointPlan> parse_failpoints(std::string_view text);

/// Takes the place of the plan before. Not while other threads run.
void arm_failpoints(const FailpointPlan& plan);

namespace detail {

// The one global of this program that changes: a failpoint must be reached from everywhere, and cost nothing there.
extern constinit std::atomic<bool> failpoints_armed;

Result<void> pass_failpoint(std::size_t place);

/// The place of a failpoint. Another name, or one of another step, does not compile.
template <Step step>
class FailpointPlace {
 public:
  template <std::size_t size>
  consteval FailpointPlace(const char (&name)[size])
      : index_(static_cast<std::size_t>(std::ranges::find(failpoints, std::string_view(name), &Failpoint::name) -
                                        failpoints.begin())) {
    if (failpoints.at(index_).step != step) throw "a failpoint of the other step";
  }
  std::size_t index() const { return index_; }

 private:
  std::size_t index_;
};

}  // namespace detail

/// Stands before a step: an error when a test wants one here.
inline Result<void> may_fail(detail::FailpointPlace<Step::open> here) {
  if (!detail::failpoints_armed.load(std::memory_order_relaxed)) [[likely]]
    return {};
  return detail::pass_failpoint(here.index());
}

/// Stands behind a step.
inline void may_end(detail::FailpointPlace<Step::done> here) {
  if (detail::failpoints_armed.load(std::memory_order_relaxed)) [[unlikely]]
    static_cast<void>(detail::pass_failpoint(here.index()));
}

}  // namespace kinora
