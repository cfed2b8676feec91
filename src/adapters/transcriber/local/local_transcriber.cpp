#include <memory>
#include <system_error>

#include "adapters/transcriber/local/heard.hpp"
#include "adapters/transcriber/open.hpp"
#include "children/health.hpp"
#include "children/pipe_protocol.hpp"

namespace kinora {

namespace {

// One line comes per slice of 28 s, which takes 3 s on an idle core; on a machine with much else to do it may be minutes.
constexpr ChildDeadlines deadlines{.wall_clock = std::chrono::hours(24), .no_progress = std::chrono::minutes(10)};

constexpr std::size_t hash_shown = 12;
constexpr std::size_t reason_max = 500;

/// The engine's exit codes, see engines/speech/speech_engine.hpp.
ErrorKind kind_of(const ChildExit& exit) {
  switch (exit.code) {
    case 65: return ErrorKind::invalid;
    case 66:
    case 69: return ErrorKind::unavailable;
    default: return ErrorKind::internal;
  }
}

std::string why(const ChildExit& exit) {
  if (exit.signal != 0) return "signal " + std::to_string(exit.signal);
  auto said = exit.stderr_tail.substr(exit.stderr_tail.size() - std::min(exit.stderr_tail.size(), reason_max));
  while (said.ends_with('\n')) said.pop_back();
  return said.empty() ? "exit code " + std::to_string(exit.code) : said;
}

Result<void> require(const std::filesystem::path& weights) {
  std::error_code failed;
  if (std::filesystem::is_regular_file(weights, failed)) return {};
  return fail(ErrorKind::unavailable,
              "speech to text is off: " + weights.filename().string() + " is not installed. Bring it with `make setup`.",
              "no_model");
}

class LocalTranscriber final : public Transcriber {
 public:
  LocalTranscriber(TranscriberSettings settings, Launcher& launcher, Log& log)
      : settings_(std::move(settings)), launcher_(launcher), log_(log) {}

  Task<Result<Transcription>> transcribe(std::filesystem::path wav, std::string language, std::filesystem::path scratch,
                                         ProgressSink progress) override {
    co_await ok(require(settings_.model));
    co_await ok(require(settings_.detector));
    Heard heard(std::move(progress));
    auto spec = order(std::move(wav), std::move(language), std::move(scratch));
    spec.on_stdout = [&heard](std::string_view line) { return heard.take(line); };
    const auto exit = co_await ok(launcher_.run(std::move(spec), deadlines));
    if (!exit.succeeded()) co_return fail(kind_of(exit), "speech to text failed: " + why(exit));
    auto said = co_await ok(std::move(heard).transcription());
    said.model = model();
    log_.info("recording transcribed", {{"words", static_cast<std::int64_t>(said.words.size())},
                                        {"cpu_ms", exit.cpu.count() / 1000},
                                        {"peak_memory_bytes", static_cast<std::int64_t>(exit.peak_memory_bytes)}});
    co_return said;
  }

  std::string model() const override {
    auto name = settings_.model.stem().string();
    if (settings_.model_sha256.empty()) return name;
    return name + '@' + settings_.model_sha256.substr(0, hash_shown);
  }

 private:
  ChildSpec order(std::filesystem::path wav, std::string language, std::filesystem::path scratch) const {
    ChildSpec spec;
    spec.program = settings_.program;
    spec.arguments = {"engine",     "speech",
                      "--audio",    wav.string(),
                      "--model",    settings_.model.string(),
                      "--detector", settings_.detector.string(),
                      "--slots",    std::to_string(settings_.slots)};
    if (!language.empty()) spec.arguments.insert(spec.arguments.end(), {"--language", std::move(language)});
    spec.profile = ProfileName::model;
    spec.readable = {std::move(wav), settings_.model, settings_.detector};
    spec.scratch = std::move(scratch);
    spec.line_bytes_max = pipe_protocol::line_bytes_max;
    return spec;
  }

  TranscriberSettings settings_;
  Launcher& launcher_;
  Log& log_;
};

}  // namespace

HealthPart health_of(const TranscriberSettings& settings) {
  return health_of_children("speech", {settings.program, settings.model, settings.detector});
}

std::unique_ptr<Transcriber> open_transcriber(TranscriberSettings settings, Launcher& launcher, Log& log) {
  return std::make_unique<LocalTranscriber>(std::move(settings), launcher, log);
}

}  // namespace kinora
