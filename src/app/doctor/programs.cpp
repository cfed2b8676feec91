#include "app/doctor/programs.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <array>
#include <memory>
#include <set>
#include <sstream>

namespace kinora::app::doctor {

namespace {

using State = Finding::State;

constexpr ChildDeadlines short_run = {.wall_clock = std::chrono::seconds(20), .no_progress = std::chrono::seconds(20)};

/// What a list of FFmpeg must name, and what is off without it.
struct Part {
  std::string FfmpegLists::* list;
  std::string_view name;
  std::string_view without;
};

constexpr auto parts = std::to_array<Part>({
    {&FfmpegLists::encoders, "libx264", "videos are not made playable"},
    {&FfmpegLists::encoders, "aac", "videos have no sound"},
    {&FfmpegLists::encoders, "mjpeg", "videos have no poster"},
    {&FfmpegLists::encoders, "pcm_s16le", "speech is not turned into text"},
    {&FfmpegLists::filters, "scale", "videos are not made playable"},
    {&FfmpegLists::filters, "fps", "videos of changing frame rate are not made playable"},
    {&FfmpegLists::filters, "bwdif", "interlaced videos are not made playable"},
    {&FfmpegLists::filters, "thumbnail", "videos have no poster"},
    {&FfmpegLists::filters, "zscale", "HDR videos are not made playable"},
    {&FfmpegLists::filters, "tonemap", "HDR videos are not made playable"},
});

constexpr std::string_view ffmpeg_fix = "install the package of Debian or Ubuntu: apt-get install ffmpeg";

Task<Result<std::string>> output_of(Launcher& launcher, ChildSpec spec) {
  auto text = std::make_shared<std::string>();
  spec.on_stdout = [text](std::string_view line) {
    text->append(line).push_back('\n');
    return Beat::progress;
  };
  spec.output_bytes_max = 1 << 20;
  const auto program = spec.program;
  const auto exit = co_await ok(launcher.run(std::move(spec), short_run));
  if (exit.succeeded()) co_return std::move(*text);
  co_return fail(ErrorKind::unavailable,
                 fmt::format("{} ended with code {} and signal {}", program.string(), exit.code, exit.signal));
}

/// FFmpeg's lists have flags, then the name, then what it is.
bool names(const std::string& list, std::string_view wanted) {
  std::istringstream lines(list);
  for (std::string line, flags, name; std::getline(lines, line);)
    if (std::istringstream words(line); words >> flags >> name && name == wanted) return true;
  return false;
}

Task<Result<FfmpegLists>> ask_ffmpeg(Launcher& launcher, ChildSpec spec) {
  FfmpegLists lists;
  spec.arguments = {"-hide_banner", "-encoders"};
  lists.encoders = co_await ok(output_of(launcher, spec));
  spec.arguments = {"-hide_banner", "-filters"};
  lists.filters = co_await ok(output_of(launcher, spec));
  co_return lists;
}

}  // namespace

Finding judge_ffmpeg(const std::filesystem::path& ffmpeg, const FfmpegLists& lists) {
  std::set<std::string_view> lacking;
  std::set<std::string_view> without;
  for (const auto& part : parts) {
    if (names(lists.*part.list, part.name)) continue;
    lacking.insert(part.name);
    without.insert(part.without);
  }
  if (lacking.empty()) return {State::works, "FFmpeg", ffmpeg.string() + ", with all it needs"};
  return {State::reduced, "FFmpeg", fmt::format("{} lacks {}", ffmpeg.string(), fmt::join(lacking, ", ")),
          fmt::format("{}", fmt::join(without, "; ")), std::string(ffmpeg_fix)};
}

Task<Finding> examine_jail(Launcher& launcher, Sandbox sandbox, std::filesystem::path scratch) {
  ChildSpec spec{.program = "/bin/true", .scratch = std::move(scratch)};
  const auto output = co_await output_of(launcher, std::move(spec));
  if (output && sandbox == Sandbox::strict)
    co_return Finding{State::works, "jail", "children run without network and other files"};
  if (output)
    co_return Finding{State::reduced, "jail", "KINORA_SANDBOX=weak", "a broken video may reach what this user can reach",
                      "remove KINORA_SANDBOX where the kernel has Landlock and seccomp"};
  co_return Finding{State::fails, "jail", output.error().message, "no video is taken in",
                    "use Linux 5.13 or later with Landlock and seccomp; KINORA_SANDBOX=weak does without, at your risk"};
}

Task<Finding> examine_ffmpeg(Launcher& launcher, std::filesystem::path ffmpeg, std::filesystem::path scratch) {
  ChildSpec spec{.program = ffmpeg, .scratch = std::move(scratch)};
  const auto lists = co_await ask_ffmpeg(launcher, std::move(spec));
  if (lists) co_return judge_ffmpeg(ffmpeg, *lists);
  co_return Finding{State::fails, "FFmpeg", lists.error().message, "no video is taken in", std::string(ffmpeg_fix)};
}

Task<Finding> examine_llama_server(Launcher& launcher, std::filesystem::path program, std::filesystem::path scratch) {
  ChildSpec spec{.program = program, .arguments = {"--version"}, .profile = ProfileName::model, .scratch = std::move(scratch)};
  const auto output = co_await output_of(launcher, std::move(spec));
  if (output) co_return Finding{State::works, "llama-server", program.string()};
  co_return Finding{State::reduced, "llama-server", output.error().message, "no search by meaning; search by words works",
                    "run make setup in kinora's sources, or name the program by KINORA_LLAMA_SERVER"};
}

}  // namespace kinora::app::doctor
