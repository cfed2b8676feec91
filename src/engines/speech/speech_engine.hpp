#pragma once

namespace kinora::speech {

/// What speech_main returns, and so how the server tells its end. Words for people are on stderr.
enum ExitCode : int {
  finished = 0,
  wrong_order = 64,    ///< arguments
  wrong_audio = 65,    ///< no 16 kHz mono 16-bit WAV
  no_model = 66,       ///< weights that cannot be read
  unfit_machine = 69,  ///< the processor lacks AVX2, FMA or F16C
  engine_failed = 70,
};

/// `kinora engine speech --audio WAV --model GGML --detector GGML [--language en] [--slots 1]`; argv[0] is "speech".
///
/// Hears a recording and says on stdout, one JSON object per line, in the order of time:
///   {"event":"language","language":"en"}                         once, before the first words
///   {"event":"words","words":[{"text","start","end","confidence","begins_segment"}]}
///   {"event":"progress","fraction":0.25}
///   {"event":"done"}                                             last, and only when all was heard
/// One slot is one thread. A signal ends it at once: it keeps nothing.
int speech_main(int argc, char** argv);

}  // namespace kinora::speech
