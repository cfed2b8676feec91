#include "adapters/media_tool/ffmpeg/ffmpeg_media_tool.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/media_tool/ffmpeg/copied.hpp"
#include "adapters/media_tool/ffmpeg/packets.hpp"
#include "adapters/media_tool/ffmpeg/probe_report.hpp"
#include "adapters/media_tool/ffmpeg/sniff.hpp"
#include "adapters/media_tool/ffmpeg/storyboards.hpp"
#include "adapters/media_tool/ffmpeg/unfinished.hpp"

namespace kinora {

namespace {

using ffmpeg::Arguments;
using ffmpeg::Conversion;
using ffmpeg::Input;
using ffmpeg::Run;

constexpr std::size_t report_bytes_max = 1 << 20;
constexpr std::uint64_t probe_memory_bytes = 1ULL << 30;
// Until there is a poster, people who have sent a video see nothing of it: what leads there goes before encoders.
constexpr int nice_of_the_awaited = 5;
// Headers take a tenth of a second; the rest is for a machine that has other things to do.
constexpr ChildDeadlines probe_deadlines{.wall_clock = 30s, .no_progress = ChildDeadlines::never};
constexpr ChildDeadlines scan_deadlines{.wall_clock = 60s, .no_progress = ChildDeadlines::never};
constexpr ChildDeadlines whole_scan_deadlines{.wall_clock = 1h, .no_progress = 60s};  // a file may be read from a slow disk

// Key frames and frame steps are judged by the first two minutes, the length by the last packets.
constexpr Seconds scanned_head = 120s;
constexpr Seconds scanned_tail = 20s;
constexpr Seconds tried_head = 60s;  // of a copy
constexpr int poster_side_max = 1280;
constexpr auto segment_microseconds = "4000000";
// A ladder of 2160p in HDR was measured to need 3 GB of addresses, 2 GB of them in use; the profile's limit is for HD.
constexpr std::uint64_t large_ladder_memory_bytes = 8ULL << 30;
constexpr Seconds lead = 2s;  // read before the place where a run goes on, for filters that look back

/// A slow machine makes the ladder of a 2160p source at a fortieth of real time.
ChildDeadlines deadlines_for(const MediaInfo& info) {
  const auto duration = std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::min<Seconds>(info.duration, 48h));
  return {.wall_clock = 10min + 40 * duration, .no_progress = 60s};
}

/// For what says nothing before its end, and takes a fraction of the video's own time.
ChildDeadlines silent_deadlines_for(const MediaInfo& info) {
  const auto duration = std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::min<Seconds>(info.duration, 48h));
  return {.wall_clock = 5min + duration, .no_progress = ChildDeadlines::never};
}

/// A length that nothing but damaged time stamps goes beyond.
Seconds end_of(const MediaInfo& info) { return info.duration + 1s; }
Arguments limit_of(const MediaInfo& info) { return {"-t", fmt::format("{:.3f}", end_of(info).count())}; }

/// Times count from the file's beginning wherever reading begins; a picture that changes its size goes on in the same graph.
Arguments own_times() { return {"-copyts", "-start_at_zero", "-reinit_filter", "0"}; }

/// Without the smoothing of block edges: for pictures a tenth as wide, or that nobody sees.
Arguments rough_key_frames() { return {"-skip_frame", "nokey", "-skip_loop_filter", "all"}; }

Arguments operator+(Arguments one, const Arguments& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

Run run_for(const MediaInfo& info, std::filesystem::path scratch, ProgressSink progress) {
  return {std::move(scratch), ffmpeg::follow_time(std::move(progress), info.duration), deadlines_for(info)};
}

std::int64_t frames_of(const MediaInfo& info) { return ffmpeg::rate_of(*info.video).frames_in(info.duration); }

LineSink append_to(std::string& text) {
  return [&text](std::string_view line) {
    if (text.size() + line.size() < report_bytes_max) text.append(line).push_back('\n');
    return Beat::progress;
  };
}

LineSink feed_to(ffmpeg::PacketScan& scan) {
  return [&scan](std::string_view line) {
    scan.feed(line);
    return Beat::progress;
  };
}

/// The whole of a short file; of a long one its head and its tail.
Arguments scan_options(const MediaInfo& info, bool whole) {
  Arguments options = {"-select_streams",
                       info.video ? "V:0" : "a:0",
                       "-show_entries",
                       "packet=pts_time,dts_time,duration_time,flags:packet_side_data=side_data_type",
                       "-of",
                       "csv=p=0"};
  if (!whole)
    options = options + Arguments{"-read_intervals", fmt::format("%+{:.0f},{:.3f}%", scanned_head.count(),
                                                                 info.duration.count() - scanned_tail.count())};
  return options;
}

void keep_measures(MediaInfo& info, const ffmpeg::PacketScan& scan) {
  info.duration = scan.measured_duration();
  if (!info.video) return;
  info.video->key_frame_gap_max = scan.key_frame_gap_max();
  info.video->variable_frame_rate = scan.is_variable_frame_rate();
  info.video->has_open_groups = scan.has_open_groups();
  info.video->changes_size = scan.changes_parameters();
}

bool is_plain_aac(const AudioTrack& track) {
  return track.codec == "aac" && track.profile == "LC" && track.channels <= 2 && track.sample_rate <= 48'000 &&
         !track.begins_late;
}

Arguments audio_codec(const AudioTrack& track) {
  if (is_plain_aac(track)) return {"-c:a", "copy"};
  // Gaps become silence and the first sample lies at 0, so that sound made apart from the picture stays with it.
  return {"-af",        "aresample=async=1:first_pts=0",
          "-c:a",       "aac",
          "-profile:a", "aac_low",
          "-b:a",       track.channels == 1 ? "96k" : "160k",
          "-ac",        std::to_string(std::min(track.channels, 2)),
          "-ar",        track.sample_rate == 44'100 ? "44100" : "48000"};
}

/// One fragmented MP4, a fragment for each segment. `-frag_discont` keeps the times that packets have, for a run that goes on
/// in the middle as for a picture that begins late.
Arguments picture_output(const std::filesystem::path& file) {
  return {"-f",
          "mp4",
          "-movflags",
          "+frag_keyframe+delay_moov+default_base_moof+skip_trailer+frag_discont",
          "-flush_packets",
          "1",
          file.filename()};
}

Arguments sound_output(const std::filesystem::path& file) {
  return {
      "-f",           "mp4", "-movflags", "+delay_moov+default_base_moof+skip_trailer", "-frag_duration", segment_microseconds,
      file.filename()};
}

Result<std::filesystem::path> made(const std::filesystem::path& file, std::uint64_t bytes_min) {
  std::error_code code;
  const auto size = std::filesystem::file_size(file, code);
  if (code || size < bytes_min) return fail(ErrorKind::invalid, "nothing of this file could be decoded");
  return file;
}

std::uint64_t memory_for(const VideoTrack& track) {
  return static_cast<long>(track.coded_width) * track.coded_height > 1920L * 1088 ? large_ladder_memory_bytes : 0;
}

std::unexpected<Error> no_picture() { return fail(ErrorKind::unsupported, "this file has no picture"); }

}  // namespace

Task<Result<Input>> FfmpegMediaTool::look_at(std::filesystem::path input) {
  auto demuxer = co_await ok(on(files_, ffmpeg::sniff_file, input));
  co_return Input{std::move(input), std::move(demuxer)};
}

Result<void> FfmpegMediaTool::recognise(std::span<const std::byte> head) const {
  auto demuxer = ffmpeg::sniff(head);
  if (!demuxer) return std::unexpected(std::move(demuxer.error()));
  return {};
}

Task<Result<MediaInfo>> FfmpegMediaTool::probe(std::filesystem::path input, std::filesystem::path scratch) {
  auto looked = co_await ok(look_at(std::move(input)));
  auto info = co_await ok(read_headers(looked, scratch));
  co_return co_await measure(std::move(looked), std::move(info), std::move(scratch));
}

Task<Result<MediaInfo>> FfmpegMediaTool::read_headers(Input input, std::filesystem::path scratch) {
  std::string report;
  Arguments options = {"-show_entries", std::string(ffmpeg::probed_entries()), "-of", "json"};
  Run run{std::move(scratch), append_to(report), probe_deadlines, probe_memory_bytes, nice_of_the_awaited};
  co_await ok(programs_.probe(std::move(input), std::move(options), std::move(run)));
  co_return ffmpeg::read_probe_report(report);
}

/// Packets are read, not decoded. A declared length that the tail does not bear out is measured over the whole file.
Task<Result<MediaInfo>> FfmpegMediaTool::measure(Input input, MediaInfo info, std::filesystem::path scratch) {
  const bool is_long = info.duration > scanned_head + scanned_tail;
  for (const bool whole : {false, true}) {
    if (!whole && !is_long) continue;
    ffmpeg::PacketScan scan(scanned_head);
    Run run{scratch, feed_to(scan), whole ? whole_scan_deadlines : scan_deadlines, probe_memory_bytes, nice_of_the_awaited};
    const auto scanned = co_await programs_.probe(input, scan_options(info, whole), std::move(run));
    const bool bears_out = scan.measured_duration() > info.duration - scanned_tail;
    if (!whole && (!scanned || !bears_out)) continue;
    if (!scanned) co_return std::unexpected(scanned.error());
    if (!scan.has_packets()) co_return fail(ErrorKind::invalid, "the file holds no picture and no sound that could be read");
    keep_measures(info, scan);
    break;
  }
  co_return info;
}

Task<Result<std::filesystem::path>> FfmpegMediaTool::poster(std::filesystem::path input, MediaInfo info,
                                                            std::filesystem::path scratch) {
  if (!info.video) co_return fail(ErrorKind::unsupported, "a file without picture has no poster");
  const auto looked = co_await ok(look_at(std::move(input)));
  auto taken = co_await take_poster(looked, *info.video, {"-skip_frame", "nokey", "-t", "60"}, scratch);
  if (taken || taken.error().kind != ErrorKind::invalid) co_return taken;
  co_return co_await take_poster(looked, *info.video, {"-t", "10"}, scratch);  // some files mark no frame as key
}

Task<Result<std::filesystem::path>> FfmpegMediaTool::take_poster(Input input, VideoTrack track, Arguments which,
                                                                 std::filesystem::path scratch) {
  const auto filters = ffmpeg::poster_filters_for(track, ffmpeg::size_within(track, poster_side_max));
  Arguments output = {"-map", "0:V:0", "-vf", filters,  "-frames:v", "1", "-c:v",      "mjpeg",
                      "-q:v", "3",     "-f",  "image2", "-update",   "1", "poster.jpg"};
  Conversion conversion{.inputs = {std::move(input)}, .reading = std::move(which), .outputs = {std::move(output)}};
  Run run{
      .scratch = scratch, .deadlines = {.wall_clock = 2min, .no_progress = ChildDeadlines::never}, .nice = nice_of_the_awaited};
  co_await ok(programs_.convert(std::move(conversion), std::move(run)));
  co_return made(scratch / "poster.jpg", 100);
}

Task<Result<Storyboard>> FfmpegMediaTool::storyboard(std::filesystem::path input, MediaInfo info,
                                                     std::filesystem::path scratch) {
  if (!info.video) co_return no_picture();
  const auto looked = co_await ok(look_at(std::move(input)));
  if (ffmpeg::has_key_frames_for_storyboard(info)) {
    auto taken = co_await take_storyboard(looked, info, rough_key_frames(), scratch);
    if (taken || taken.error().kind != ErrorKind::invalid) co_return taken;
  }
  co_return co_await take_storyboard(looked, info, {"-skip_frame", "noref"}, scratch);
}

Task<Result<Storyboard>> FfmpegMediaTool::take_storyboard(Input input, MediaInfo info, Arguments which,
                                                          std::filesystem::path scratch) {
  const auto grid = ffmpeg::storyboard_grid(info);
  Arguments output = {"-map",
                      "0:V:0",
                      "-an",
                      "-vf",
                      ffmpeg::storyboard_filters_for(*info.video, grid),
                      "-frames:v",
                      "1",
                      "-c:v",
                      "mjpeg",
                      "-q:v",
                      "5",
                      "-f",
                      "image2",
                      "-update",
                      "1",
                      "storyboard.jpg"};
  Conversion conversion{.inputs = {std::move(input)}, .reading = std::move(which), .outputs = {std::move(output)}};
  co_await ok(programs_.convert(std::move(conversion), {scratch, {}, silent_deadlines_for(info)}));
  auto file = co_await ok(made(scratch / "storyboard.jpg", 100));
  co_return Storyboard{std::move(file), grid};
}

Task<Result<Rendition>> FfmpegMediaTool::copied_picture(std::filesystem::path input, MediaInfo info,
                                                        std::filesystem::path scratch, ProgressSink progress) {
  if (!info.video) co_return no_picture();
  const auto file = scratch / "video-copied.mp4";
  auto output = Arguments{"-map", "0:V:0", "-an"} + limit_of(info) +
                Arguments{"-c:v", "copy", "-min_frag_duration", segment_microseconds} + picture_output(file);
  auto looked = co_await ok(look_at(std::move(input)));
  Conversion conversion{.inputs = {std::move(looked)}, .reading = own_times(), .outputs = {std::move(output)}};
  Run run{scratch, ffmpeg::follow_frames(std::move(progress), 0, frames_of(info)), deadlines_for(info)};
  auto copied = co_await programs_.convert(std::move(conversion), std::move(run));
  if (!copied && copied.error().kind != ErrorKind::invalid) co_return std::unexpected(std::move(copied.error()));
  auto rendition = co_await ok(on(files_, ffmpeg::read_copied_rendition, file));
  const auto decodes = co_await try_copy(file, rough_key_frames(), scratch);
  if (!decodes && decodes.error().kind == ErrorKind::invalid)
    co_return fail(ErrorKind::unsupported, "this picture cannot be copied: it does not decode");
  co_await ok(decodes);
  rendition.width = info.video->width;
  rendition.height = info.video->height;
  rendition.frames_per_second = info.video->frames_per_second;
  co_return rendition;
}

/// What is copied is as damaged as its source. FFmpeg calls it broken when less than a third of what it read decodes.
Task<Result<void>> FfmpegMediaTool::try_copy(std::filesystem::path file, Arguments reading, std::filesystem::path scratch) {
  Conversion conversion{.inputs = {{std::move(file), "mov"}}, .reading = std::move(reading), .outputs = {{"-f", "null", "-"}}};
  conversion.reading.insert(conversion.reading.end(), {"-t", fmt::format("{:.0f}", tried_head.count())});
  co_return co_await programs_.convert(std::move(conversion), {std::move(scratch), {}, scan_deadlines});
}

std::vector<FfmpegMediaTool::Rung> FfmpegMediaTool::rungs_of(const VideoTrack& track, const std::vector<int>& heights,
                                                             const std::filesystem::path& scratch) {
  std::vector<Rung> rungs;
  for (const auto height : heights)
    rungs.push_back({ffmpeg::size_at(track, height), scratch / fmt::format("video-{}.mp4", height)});
  return rungs;
}

Task<Result<std::vector<Rendition>>> FfmpegMediaTool::encoded_pictures(std::filesystem::path input, MediaInfo info,
                                                                       std::vector<int> heights, std::filesystem::path scratch,
                                                                       ProgressSink progress) {
  if (!info.video) co_return no_picture();
  const auto& track = *info.video;
  const auto rungs = rungs_of(track, heights, scratch);
  std::vector<std::filesystem::path> files;
  for (const auto& rung : rungs) files.push_back(rung.file);
  auto looked = co_await ok(look_at(std::move(input)));
  const auto frames = ffmpeg::frames_per_segment(track);
  const auto there = co_await ok(on(files_, ffmpeg::keep_whole_segments, files, frames));
  Run run{scratch, ffmpeg::follow_frames(std::move(progress), there * frames, frames_of(info)), deadlines_for(info),
          memory_for(track)};
  co_await ok(encode(std::move(looked), info, rungs, there, std::move(run)));
  co_await ok(on(files_, ffmpeg::join_added, files));
  std::vector<Rendition> made;
  for (const auto& rung : rungs) {
    auto rendition = co_await ok(on(files_, ffmpeg::read_rendition, rung.file));
    rendition.width = rung.size.width;
    rendition.height = rung.size.height;
    rendition.frames_per_second = ffmpeg::rate_of(track).per_second();
    made.push_back(std::move(rendition));
  }
  co_return made;
}

/// Behind the segments that are there: one decode, one encoder and one file for each rung.
Task<Result<void>> FfmpegMediaTool::encode(Input input, MediaInfo info, std::vector<Rung> rungs, std::int64_t segments_there,
                                           Run run) {
  const auto& track = *info.video;
  const ffmpeg::Stretch stretch{segments_there * ffmpeg::frames_per_segment(track), end_of(info)};
  const auto begin = ffmpeg::rate_of(track).time_of(stretch.first_frame) - lead;
  Conversion conversion{.inputs = {std::move(input)}, .reading = own_times()};
  if (begin > Seconds(0)) conversion.reading = conversion.reading + Arguments{"-ss", fmt::format("{:.3f}", begin.count())};
  std::vector<ffmpeg::Size> sizes;
  for (const auto& rung : rungs) {
    conversion.outputs.push_back(Arguments{"-map", fmt::format("[rung{}]", sizes.size()), "-fps_mode", "passthrough"} +
                                 ffmpeg::encoder_options(track, rung.size) +
                                 Arguments{"-fragment_index", std::to_string(segments_there + 1)} +
                                 picture_output(ffmpeg::added_to(rung.file)));
    sizes.push_back(rung.size);
  }
  conversion.graph = ffmpeg::ladder_graph(track, sizes, stretch);
  co_return co_await programs_.convert(std::move(conversion), std::move(run));
}

Task<Result<Rendition>> FfmpegMediaTool::audio_rendition(std::filesystem::path input, MediaInfo info,
                                                         std::filesystem::path scratch, ProgressSink progress) {
  if (!info.audio) co_return fail(ErrorKind::unsupported, "a file without sound has no rendition of it");
  const auto file = scratch / "audio.mp4";
  auto output = Arguments{"-map", "0:a:0", "-vn"} + limit_of(info) + audio_codec(*info.audio) + sound_output(file);
  auto looked = co_await ok(look_at(std::move(input)));
  Conversion conversion{.inputs = {std::move(looked)}, .outputs = {std::move(output)}};
  co_await ok(programs_.convert(std::move(conversion), run_for(info, scratch, std::move(progress))));
  if (is_plain_aac(*info.audio)) co_await ok(try_copy(file, {}, std::move(scratch)));
  co_return co_await on(files_, ffmpeg::read_rendition, file);
}

Task<Result<std::filesystem::path>> FfmpegMediaTool::plain_file(std::filesystem::path picture,
                                                                std::optional<std::filesystem::path> sound,
                                                                std::filesystem::path scratch) {
  // Both count from the same beginning, so neither is moved.
  Conversion conversion{.inputs = {{std::move(picture), "mov"}}, .reading = {"-copyts"}};
  Arguments output = {"-map", "0:v:0"};
  if (sound) {
    conversion.inputs.push_back({*std::move(sound), "mov"});
    output = output + Arguments{"-map", "1:a:0"};
  }
  conversion.outputs = {output + Arguments{"-c", "copy", "-movflags", "+faststart", "-f", "mp4", "plain.mp4"}};
  // Moving the index to the front reads and writes all of it again, in silence.
  Run run{scratch, {}, {.wall_clock = 2h, .no_progress = ChildDeadlines::never}};
  co_await ok(programs_.convert(std::move(conversion), std::move(run)));
  co_return made(scratch / "plain.mp4", 100);
}

Task<Result<std::filesystem::path>> FfmpegMediaTool::speech_audio(std::filesystem::path input, MediaInfo info,
                                                                  std::filesystem::path scratch, ProgressSink progress) {
  if (!info.audio) co_return fail(ErrorKind::unsupported, "a file without sound has no speech");
  const auto file = scratch / "speech.wav";
  auto output = Arguments{"-map", "0:a:0", "-vn"} + limit_of(info) + Arguments{"-af",       "aresample=async=1:first_pts=0",
                                                                               "-ac",       "1",
                                                                               "-ar",       "16000",
                                                                               "-c:a",      "pcm_s16le",
                                                                               "-fflags",   "+bitexact",
                                                                               "-f",        "wav",
                                                                               "speech.wav"};
  auto looked = co_await ok(look_at(std::move(input)));
  Conversion conversion{.inputs = {std::move(looked)}, .outputs = {std::move(output)}};
  co_await ok(programs_.convert(std::move(conversion), run_for(info, std::move(scratch), std::move(progress))));
  co_return made(file, 44);
}

}  // namespace kinora
