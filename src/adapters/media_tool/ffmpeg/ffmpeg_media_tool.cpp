#include "adapters/media_tool/ffmpeg/ffmpeg_media_tool.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/media_tool/ffmpeg/packets.hpp"
#include "adapters/media_tool/ffmpeg/probe_report.hpp"
#include "adapters/media_tool/ffmpeg/rendition_index.hpp"
#include "adapters/media_tool/ffmpeg/rungs.hpp"
#include "adapters/media_tool/ffmpeg/sniff.hpp"

namespace kinora {

namespace {

using ffmpeg::Arguments;
using ffmpeg::Input;
using ffmpeg::Run;

constexpr std::size_t report_bytes_max = 1 << 20;
constexpr std::uint64_t probe_memory_bytes = 1ULL << 30;
constexpr ChildDeadlines probe_deadlines{.wall_clock = 10s, .no_progress = ChildDeadlines::never};
constexpr ChildDeadlines scan_deadlines{.wall_clock = 60s, .no_progress = ChildDeadlines::never};

// Key frames and frame steps are judged by the first two minutes, the length by the last packets.
constexpr Seconds scanned_head = 120s;
constexpr Seconds scanned_tail = 20s;
constexpr int poster_side_max = 1280;
constexpr Seconds segment_max = 10s;  // one ends at the first key frame after 4 s, and those are at most 6 s apart

/// A slow machine at 2160p runs at a twentieth of real time.
ChildDeadlines deadlines_for(const MediaInfo& info) {
  const auto duration = std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::min<Seconds>(info.duration, 48h));
  return {.wall_clock = 10min + 20 * duration, .no_progress = 60s};
}

/// Damaged time stamps must not make an endless output.
Arguments limit_of(const MediaInfo& info) { return {"-t", fmt::format("{:.3f}", info.duration.count() + 1)}; }

Arguments operator+(Arguments one, const Arguments& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

Run run_for(const MediaInfo& info, std::filesystem::path scratch, ProgressSink progress) {
  return {std::move(scratch), ffmpeg::follow(std::move(progress), info.duration), deadlines_for(info)};
}

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
  Arguments options = {
      "-select_streams", info.video ? "V:0" : "a:0", "-show_entries", "packet=pts_time,duration_time,flags", "-of", "csv=p=0"};
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
}

bool is_plain_aac(const AudioTrack& track) {
  return track.codec == "aac" && track.profile == "LC" && track.channels <= 2 && track.sample_rate <= 48'000;
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

Arguments hls_output(const std::string& name) {
  return {"-f",
          "hls",
          "-hls_time",
          std::to_string(ffmpeg::segment_seconds),
          "-hls_playlist_type",
          "vod",
          "-hls_segment_type",
          "fmp4",
          "-hls_flags",
          "single_file",
          "-hls_segment_filename",
          name + ".mp4",
          name + ".m3u8"};
}

bool has_short_segments(const Rendition& rendition) {
  return std::ranges::all_of(rendition.segments, [](const auto& segment) { return segment.duration <= segment_max; });
}

Result<std::filesystem::path> made(const std::filesystem::path& file, std::uint64_t bytes_min) {
  std::error_code code;
  const auto size = std::filesystem::file_size(file, code);
  if (code || size < bytes_min) return fail(ErrorKind::invalid, "nothing of this file could be decoded");
  return file;
}

}  // namespace

Task<Result<Input>> FfmpegMediaTool::look_at(std::filesystem::path input) {
  auto demuxer = co_await ok(on(files_, ffmpeg::sniff_file, input));
  co_return Input{std::move(input), std::move(demuxer)};
}

Task<Result<MediaInfo>> FfmpegMediaTool::probe(std::filesystem::path input, std::filesystem::path scratch) {
  auto looked = co_await ok(look_at(std::move(input)));
  auto info = co_await ok(read_headers(looked, scratch));
  co_return co_await measure(std::move(looked), std::move(info), std::move(scratch));
}

Task<Result<MediaInfo>> FfmpegMediaTool::read_headers(Input input, std::filesystem::path scratch) {
  std::string report;
  Arguments options = {"-show_entries", std::string(ffmpeg::probed_entries()), "-of", "json"};
  Run run{std::move(scratch), append_to(report), probe_deadlines, probe_memory_bytes};
  co_await ok(programs_.probe(std::move(input), std::move(options), std::move(run)));
  co_return ffmpeg::read_probe_report(report);
}

/// Packets are read, not decoded. A declared length that the tail does not bear out is measured over the whole file.
Task<Result<MediaInfo>> FfmpegMediaTool::measure(Input input, MediaInfo info, std::filesystem::path scratch) {
  const bool is_long = info.duration > scanned_head + scanned_tail;
  for (const bool whole : {false, true}) {
    if (!whole && !is_long) continue;
    ffmpeg::PacketScan scan(scanned_head);
    Run run{scratch, feed_to(scan), scan_deadlines, probe_memory_bytes};
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
  Run run{scratch, {}, {.wall_clock = 2min, .no_progress = ChildDeadlines::never}};
  co_await ok(programs_.convert(std::move(input), std::move(which), std::move(output), std::move(run)));
  co_return made(scratch / "poster.jpg", 100);
}

Task<Result<Rendition>> FfmpegMediaTool::video_rendition(std::filesystem::path input, MediaInfo info, RungRequest rung,
                                                         std::filesystem::path scratch, ProgressSink progress) {
  if (!info.video) co_return fail(ErrorKind::unsupported, "a file without picture has no rendition of it");
  auto looked = co_await ok(look_at(std::move(input)));
  const auto name = "video-" + std::to_string(rung.height);
  if (rung.how == CopyOrEncode::copy) {
    auto copied = co_await ok(copy_picture(looked, info, name, run_for(info, scratch, progress)));
    if (has_short_segments(copied)) co_return copied;
    // The probe judges key frames by the first minutes; later ones may lie farther apart.
  }
  const auto size = ffmpeg::size_at(*info.video, rung.height);
  auto run = run_for(info, std::move(scratch), std::move(progress));
  co_return co_await encode_picture(std::move(looked), std::move(info), size, name, std::move(run));
}

Task<Result<Rendition>> FfmpegMediaTool::copy_picture(Input input, MediaInfo info, std::string name, Run run) {
  auto options = Arguments{"-map", "0:V:0", "-an"} + limit_of(info) + Arguments{"-c:v", "copy"};
  auto rendition = co_await ok(make_rendition(std::move(input), std::move(name), std::move(options), std::move(run)));
  rendition.width = info.video->width;
  rendition.height = info.video->height;
  rendition.frames_per_second = info.video->frames_per_second;
  co_return rendition;
}

Task<Result<Rendition>> FfmpegMediaTool::encode_picture(Input input, MediaInfo info, ffmpeg::Size size, std::string name,
                                                        Run run) {
  const auto& track = *info.video;
  auto options = Arguments{"-map", "0:V:0", "-an"} + limit_of(info) + Arguments{"-vf", ffmpeg::filters_for(track, size)} +
                 ffmpeg::encoder_options(track, size);
  auto rendition = co_await ok(make_rendition(std::move(input), std::move(name), std::move(options), std::move(run)));
  rendition.width = size.width;
  rendition.height = size.height;
  rendition.frames_per_second = ffmpeg::frame_rate_of(track);
  co_return rendition;
}

Task<Result<Rendition>> FfmpegMediaTool::audio_rendition(std::filesystem::path input, MediaInfo info,
                                                         std::filesystem::path scratch, ProgressSink progress) {
  if (!info.audio) co_return fail(ErrorKind::unsupported, "a file without sound has no rendition of it");
  auto options = Arguments{"-map", "0:a:0", "-vn"} + limit_of(info) + audio_codec(*info.audio);
  auto looked = co_await ok(look_at(std::move(input)));
  auto run = run_for(info, std::move(scratch), std::move(progress));
  co_return co_await make_rendition(std::move(looked), "audio", std::move(options), std::move(run));
}

Task<Result<Rendition>> FfmpegMediaTool::make_rendition(Input input, std::string name, Arguments options, Run run) {
  const auto base = run.scratch / name;
  options = options + hls_output(name);
  co_await ok(programs_.convert(std::move(input), {}, std::move(options), std::move(run)));
  co_return co_await on(files_, ffmpeg::read_rendition, base.string() + ".mp4", base.string() + ".m3u8");
}

Task<Result<std::filesystem::path>> FfmpegMediaTool::speech_audio(std::filesystem::path input, MediaInfo info,
                                                                  std::filesystem::path scratch, ProgressSink progress) {
  if (!info.audio) co_return fail(ErrorKind::unsupported, "a file without sound has no speech");
  const auto file = scratch / "speech.wav";
  auto options = Arguments{"-map", "0:a:0", "-vn"} + limit_of(info) + Arguments{"-af",       "aresample=async=1:first_pts=0",
                                                                                "-ac",       "1",
                                                                                "-ar",       "16000",
                                                                                "-c:a",      "pcm_s16le",
                                                                                "-fflags",   "+bitexact",
                                                                                "-f",        "wav",
                                                                                "speech.wav"};
  auto looked = co_await ok(look_at(std::move(input)));
  auto run = run_for(info, std::move(scratch), std::move(progress));
  co_await ok(programs_.convert(std::move(looked), {}, std::move(options), std::move(run)));
  co_return made(file, 44);
}

}  // namespace kinora
