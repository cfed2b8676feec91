#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "children/launcher.hpp"
#include "ports/transcriber.hpp"

namespace kinora {

struct LocalTranscriberSettings {
  std::filesystem::path model;                       ///< a Whisper model in ggml form
  std::filesystem::path detector;                    ///< Silero's weights in ggml form
  std::string model_sha256{};                        ///< as verified when it was installed; part of model()
  unsigned slots = 1;                                ///< slices heard at a time: threads, and tokens of the CPU budget
  std::filesystem::path program = "/proc/self/exe";  ///< kinora, whose `engine speech` it is
};

/// Speech to text by `kinora engine speech`, one jailed child per recording. A missing model is found at each call, so one that
/// is installed meanwhile is used. `launcher` must outlive it.
std::unique_ptr<Transcriber> make_local_transcriber(Launcher& launcher, LocalTranscriberSettings settings);

}  // namespace kinora
