#include "engines/speech/speech_engine.hpp"

#include <cstdio>

#include "children/pipe_protocol.hpp"
#include "engines/speech/listener.hpp"

namespace kinora::speech {

namespace {

int end_with(ExitCode code, const Error& error) {
  std::fprintf(stderr, "speech: %s\n", error.message.c_str());
  return code;
}

// The engine is built for these; on an older processor it would die of an illegal instruction without a word.
bool is_fit() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c") &&
         __builtin_cpu_supports("bmi2");
#else
  return true;
#endif
}

boost::json::value message_of(const HeardWord& word) {
  return {{"text", word.text},
          {"start", word.start},
          {"end", word.end},
          {"confidence", word.confidence},
          {"begins_segment", word.begins_segment}};
}

void say_words(const std::vector<HeardWord>& words) {
  boost::json::array messages;
  for (const auto& word : words) messages.push_back(message_of(word));
  pipe_protocol::say({{"event", "words"}, {"words", std::move(messages)}});
}

Telling to_the_pipe() {
  return {.language = [](const std::string& language) { pipe_protocol::say({{"event", "language"}, {"language", language}}); },
          .words = say_words,
          .progress = [](double fraction) { pipe_protocol::say({{"event", "progress"}, {"fraction", fraction}}); }};
}

}  // namespace

int speech_main(int argc, char** argv) {
  const auto order = parse_order(std::span(argv, static_cast<std::size_t>(argc)).subspan(1));
  if (!order) return end_with(wrong_order, order.error());
  if (!is_fit())
    return end_with(unfit_machine,
                    {ErrorKind::unavailable,
                     "this processor has no AVX2, FMA, F16C and BMI2 (2013 and later), which speech to text needs"});
  quieten_engine();
  const auto audio = WavFile::open(order->audio);
  if (!audio) return end_with(wrong_audio, audio.error());
  auto listener = Listener::open(*order);
  if (!listener) return end_with(no_model, listener.error());
  const auto heard = listener->hear(*audio, to_the_pipe());
  if (!heard) return end_with(heard.error().kind == ErrorKind::invalid ? wrong_audio : engine_failed, heard.error());
  pipe_protocol::say({{"event", "done"}});
  return finished;
}

}  // namespace kinora::speech
