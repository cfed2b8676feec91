#include "engines/speech/listener.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <thread>

namespace kinora::speech {

namespace {

constexpr std::int64_t window_size = 120 * sample_rate;
// Speech that runs up to the end of a window is heard with the next one.
constexpr std::int64_t open_end = sample_rate;
// -60 dB of full scale: no voice, whatever the detector would make of it.
constexpr float silence = 0.001F;
constexpr std::int64_t language_audio = 30 * sample_rate;

bool is_silent(std::span<const float> samples) {
  return std::ranges::all_of(samples, [](float each) { return std::abs(each) < silence; });
}

std::vector<float> read_all(const WavFile& audio, const Span& span) { return audio.read(span.start, span.size()); }

}  // namespace

Result<Listener> Listener::open(const Order& order) {
  auto detector = VoiceDetector::open(order.detector);
  if (!detector) return std::unexpected(std::move(detector.error()));
  auto model = Model::open(order.model);
  if (!model) return std::unexpected(std::move(model.error()));
  auto shared = std::make_unique<Model>(*std::move(model));
  std::vector<Ear> ears;
  for (unsigned i = 0; i < order.slots; ++i) {
    auto ear = Ear::open(*shared);
    if (!ear) return std::unexpected(std::move(ear.error()));
    ears.push_back(*std::move(ear));
  }
  return Listener(order, *std::move(detector), std::move(shared), std::move(ears));
}

Result<void> Listener::hear(const WavFile& audio, const Telling& tell) {
  for (std::int64_t at = 0; at < audio.samples();) {
    const auto window = next_window(audio, at);
    if (!window) return std::unexpected(window.error());
    const auto slices = plan_slices(window->speech, audio.samples());
    if (auto found = find_language(audio, slices); !found) return found;
    if (auto heard = hear_slices(audio, slices, tell); !heard) return heard;
    at = window->span.end;
    tell.progress(static_cast<double>(at) / static_cast<double>(audio.samples()));
  }
  return {};
}

Result<Listener::Window> Listener::next_window(const WavFile& audio, std::int64_t at) {
  Window window{{at, std::min(at + window_size, audio.samples())}, {}};
  const auto samples = read_all(audio, window.span);
  if (samples.empty()) return fail(ErrorKind::invalid, "the audio ends before its header says");
  if (is_silent(samples)) return window;
  auto speech = detector_.find(samples);
  if (!speech) return std::unexpected(std::move(speech.error()));
  for (const auto& each : *speech) window.speech.push_back({at + each.start, at + each.end});
  const bool more = window.span.end < audio.samples();
  if (more && !window.speech.empty() && window.speech.back().end > window.span.end - open_end &&
      window.speech.back().start > at) {
    window.span.end = window.speech.back().start;
    window.speech.pop_back();
  }
  return window;
}

/// On the first voiced half minute: asking again for each slice would cost an encoder pass each. Where no words come of it, the
/// next window is asked again: an overture must not decide what the talk after it is heard as.
Result<void> Listener::find_language(const WavFile& audio, const std::vector<Slice>& slices) {
  if (is_language_told_ || slices.empty()) return {};
  language_ = model_->speaks_one_language() ? "en" : known_language(order_.language);
  if (!language_.empty()) return {};
  std::vector<float> voiced;
  for (const auto& slice : slices) {
    if (std::ssize(voiced) >= language_audio) break;
    std::ranges::copy(read_all(audio, slice.audio), std::back_inserter(voiced));
  }
  auto language = ears_.front().language_of(voiced);
  if (!language) return std::unexpected(std::move(language.error()));
  language_ = *std::move(language);
  return {};
}

/// As many slices at a time as there are ears, told in order.
Result<void> Listener::hear_slices(const WavFile& audio, const std::vector<Slice>& slices, const Telling& tell) {
  for (std::size_t first = 0; first < slices.size(); first += ears_.size()) {
    const auto count = std::min(ears_.size(), slices.size() - first);
    std::vector<std::vector<float>> samples(count);
    std::vector<Result<std::vector<HeardWord>>> heard(count);
    for (std::size_t i = 0; i < count; ++i) samples[i] = read_all(audio, slices[first + i].audio);
    const auto hear_one = [&](std::size_t i) { heard[i] = hear_slice(ears_[i], samples[i], slices[first + i]); };
    {
      std::vector<std::jthread> others;
      for (std::size_t i = 1; i < count; ++i) others.emplace_back(hear_one, i);
      hear_one(0);
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (!heard[i]) return std::unexpected(heard[i].error());
      tell_words(*heard[i], tell);
      tell.progress(static_cast<double>(slices[first + i].audio.end) / static_cast<double>(audio.samples()));
    }
  }
  return {};
}

Result<std::vector<HeardWord>> Listener::hear_slice(Ear& ear, std::span<const float> samples, const Slice& slice) const {
  const auto steps = encoder_steps(std::ssize(samples));
  auto tokens = ear.hear(samples, language_, steps);
  if (!tokens) return std::unexpected(std::move(tokens.error()));
  auto words = assemble_words(*tokens, slice);
  if (is_crammed(words)) return std::vector<HeardWord>();
  if (!is_loop(words) || steps == 0) return without_loops(std::move(words));
  tokens = ear.hear(samples, language_, 0);
  if (!tokens) return std::unexpected(std::move(tokens.error()));
  return without_loops(assemble_words(*tokens, slice));
}

void Listener::tell_words(const std::vector<HeardWord>& words, const Telling& tell) {
  if (words.empty()) return;
  if (!is_language_told_) tell.language(language_);
  is_language_told_ = true;
  tell.words(words);
}

}  // namespace kinora::speech
