#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/health.hpp"
#include "base/log.hpp"
#include "children/launcher.hpp"
#include "ports/transcriber.hpp"

namespace kinora {

struct TranscriberSettings {
  std::filesystem::path model;                       ///< a Whisper model in ggml form
  std::filesystem::path detector;                    ///< Silero's weights in ggml form
  std::string model_sha256{};                        ///< as verified when it was installed; part of model()
  unsigned slots = 1;                                ///< slices heard at a time: threads, and tokens of the CPU budget
  std::filesystem::path program = "/proc/self/exe";  ///< kinora, whose `engine speech` it is
};

/// Speech to text by `kinora engine speech`, one jailed child per recording. A missing model shows at each call, as unavailable
/// (code `no_model`), so one that is installed meanwhile is used. Launcher and log outlive the transcriber.
std::unique_ptr<Transcriber> open_transcriber(TranscriberSettings settings, Launcher& launcher, Log& log);

HealthPart health_of(const TranscriberSettings& settings);

}  // namespace kinora
