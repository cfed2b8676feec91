#include "adapters/media_tool/ffmpeg/program.hpp"

#include <algorithm>

#include "adapters/media_tool/ffmpeg/allow_lists.hpp"
#include "base/numbers.hpp"

namespace kinora::ffmpeg {

namespace {

// Of a single allocation inside FFmpeg: what a lying header can make it ask for.
constexpr std::string_view allocation_bytes_max = "1073741824";
constexpr std::size_t logged_bytes_max = 600;

void append(Arguments& to, Arguments more) { std::ranges::move(more, std::back_inserter(to)); }

/// The demuxer is given, so nothing is guessed; it may open no other file, and no other demuxer or decoder.
Arguments input_options(const Input& input, std::string decoders) {
  return {"-protocol_whitelist", "file",        "-format_whitelist",        input.demuxer, "-codec_whitelist",
          std::move(decoders),   "-max_pixels", std::to_string(pixels_max), "-f",          input.demuxer};
}

std::string_view last_of(std::string_view text, std::size_t size_max) {
  return text.substr(text.size() - std::min(text.size(), size_max));
}

/// FFmpeg's own words: Codec (magicyuv) not on whitelist 'h264,...'
std::string_view refused_codec(std::string_view said) {
  constexpr std::string_view before = "Codec (";
  const auto start = said.find(before);
  const auto end = said.find(") not on whitelist", start == std::string_view::npos ? 0 : start);
  if (start == std::string_view::npos || end == std::string_view::npos) return {};
  return said.substr(start + before.size(), std::min<std::size_t>(end - start - before.size(), 40));
}

Result<void> outcome_of(const ChildExit& exit) {
  if (exit.succeeded()) return {};
  if (const auto codec = refused_codec(exit.stderr_tail); !codec.empty())
    return fail(ErrorKind::unsupported,
                "the codec '" + std::string(codec) + "' is not supported; convert the file to H.264 and AAC");
  if (exit.stderr_tail.contains("No space left on device"))
    return fail(ErrorKind::unavailable, "the disk is full; make room and try again", "storage_full");
  if (exit.signal != 0) return fail(ErrorKind::internal, "the converter crashed on this file");
  return fail(ErrorKind::invalid, "the file is damaged or incomplete and cannot be read");
}

/// Tells `grown` each new height of the number behind `key`.
LineSink follow(std::string_view key, std::function<void(std::int64_t)> grown) {
  return [key, grown = std::move(grown), reached = std::int64_t{0}](std::string_view line) mutable {
    if (!line.starts_with(key)) return Beat::none;
    const auto number = number_of<std::int64_t>(line.substr(key.size())).value_or(0);
    if (number <= reached) return Beat::none;
    reached = number;
    grown(number);
    return Beat::progress;
  };
}

}  // namespace

Task<Result<void>> Programs::probe(Input input, Arguments options, Run run) {
  Arguments arguments = {"-hide_banner", "-loglevel", "error", "-max_alloc", std::string(allocation_bytes_max)};
  append(arguments, input_options(input, decoders_for_probing()));
  append(arguments, std::move(options));
  append(arguments, {"-i", input.file});
  std::vector<Input> inputs = {std::move(input)};
  co_return co_await start(settings_.ffprobe, std::move(inputs), std::move(arguments), std::move(run));
}

Task<Result<void>> Programs::convert(Conversion conversion, Run run) {
  const auto threads = std::to_string(settings_.threads);
  Arguments arguments = {"-nostdin",
                         "-hide_banner",
                         "-loglevel",
                         "error",
                         "-y",
                         "-max_alloc",
                         std::string(allocation_bytes_max),
                         "-progress",
                         "pipe:1",
                         "-stats_period",
                         "0.2",
                         "-filter_threads",
                         threads,
                         "-filter_complex_threads",
                         threads};
  for (const auto& input : conversion.inputs) {
    append(arguments, {"-threads", threads});
    append(arguments, input_options(input, allowed_decoders()));
    append(arguments, conversion.reading);
    append(arguments, {"-i", input.file});
  }
  if (!conversion.graph.empty()) append(arguments, {"-filter_complex", std::move(conversion.graph)});
  for (auto& output : conversion.outputs) {
    append(arguments, {"-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn", "-threads", threads});
    append(arguments, std::move(output));
  }
  co_return co_await start(settings_.ffmpeg, std::move(conversion.inputs), std::move(arguments), std::move(run));
}

Task<Result<void>> Programs::start(std::filesystem::path program, std::vector<Input> inputs, Arguments arguments, Run run) {
  ChildSpec spec;
  spec.program = std::move(program);
  spec.arguments = std::move(arguments);
  for (const auto& input : inputs) spec.readable.push_back(input.file);
  spec.scratch = run.scratch;
  spec.limits.memory_bytes = run.memory_bytes;
  spec.limits.nice = run.nice;
  spec.on_stdout = std::move(run.on_line);
  spec.on_stderr = [](std::string_view) { return Beat::none; };
  const auto exit = co_await ok(launcher_.run(std::move(spec), run.deadlines));
  if (!exit.succeeded())
    log_.warning("converter failed", {{"demuxer", inputs.front().demuxer},
                                      {"code", std::int64_t{exit.code}},
                                      {"signal", std::int64_t{exit.signal}},
                                      {"said", last_of(exit.stderr_tail, logged_bytes_max)}});
  co_return outcome_of(exit);
}

LineSink follow_time(ProgressSink progress, Seconds duration) {
  return follow("out_time_us=", [progress = std::move(progress), duration](std::int64_t microseconds) {
    if (progress && duration.count() > 0)
      progress(std::clamp(static_cast<double>(microseconds) / 1e6 / duration.count(), 0.0, 1.0));
  });
}

LineSink follow_frames(ProgressSink progress, std::int64_t before, std::int64_t total) {
  return follow("frame=", [progress = std::move(progress), before, total](std::int64_t frames) {
    if (progress && total > 0)
      progress(std::clamp(static_cast<double>(before + frames) / static_cast<double>(total), 0.0, 1.0));
  });
}

}  // namespace kinora::ffmpeg
