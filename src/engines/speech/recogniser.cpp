#include "engines/speech/recogniser.hpp"

#include <whisper.h>

#include <algorithm>
#include <cstdio>

namespace kinora::speech {

namespace {

// Whisper's clock ticks in hundredths of a second.
constexpr double tick = 0.01;
constexpr auto language_audio_max = static_cast<std::size_t>(30 * sample_rate);

// Below both, Whisper has made something up: it doubts that this is speech, and what it heard.
constexpr float no_speech_doubt = 0.6F;
constexpr double token_trust_min = 0.4;

void errors_only(ggml_log_level level, const char* text, void*) {
  if (level == GGML_LOG_LEVEL_ERROR) std::fputs(text, stderr);
}

/// The head of a ggml model file.
struct ModelHeader {
  std::uint32_t magic;
  std::int32_t vocabulary;
  std::int32_t audio_context;
  std::int32_t audio_state;
  std::int32_t audio_heads;
  std::int32_t audio_layers;
  std::int32_t text_context;
  std::int32_t text_state;
  std::int32_t text_heads;
  std::int32_t text_layers;
  std::int32_t mels;
  std::int32_t type;
};
constexpr std::uint32_t ggml_magic = 0x67676d6c;
constexpr std::int32_t english_vocabulary = 51864;

Result<ModelHeader> read_header(const std::string& weights) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(weights.c_str(), "rbe"), &std::fclose);
  ModelHeader header{};
  const bool read = file && std::fread(&header, sizeof header, 1, file.get()) == 1 && header.magic == ggml_magic;
  if (!read) return fail(ErrorKind::unavailable, "the speech model is not a ggml file, or cannot be read");
  return header;
}

/// The attention heads that follow the audio, which time each token; whisper.cpp knows them per model, and cannot tell by
/// itself which model it has. https://github.com/openai/whisper, timing.py
whisper_alignment_heads_preset alignment_heads(const ModelHeader& header) {
  const bool english = header.vocabulary == english_vocabulary;
  switch (header.audio_layers) {
    case 4: return english ? WHISPER_AHEADS_TINY_EN : WHISPER_AHEADS_TINY;
    case 6: return english ? WHISPER_AHEADS_BASE_EN : WHISPER_AHEADS_BASE;
    case 12: return english ? WHISPER_AHEADS_SMALL_EN : WHISPER_AHEADS_SMALL;
    case 24: return english ? WHISPER_AHEADS_MEDIUM_EN : WHISPER_AHEADS_MEDIUM;
    case 32:
      if (header.text_layers == 4) return WHISPER_AHEADS_LARGE_V3_TURBO;
      return header.mels == 128 ? WHISPER_AHEADS_LARGE_V3 : WHISPER_AHEADS_LARGE_V2;
    default: return WHISPER_AHEADS_N_TOP_MOST;
  }
}

whisper_full_params greedy(const std::string& language, int steps) {
  auto params = whisper_full_default_params(WHISPER_SAMPLING_GREEDY);
  params.n_threads = 1;
  params.greedy.best_of = 1;
  params.language = language.c_str();
  params.audio_ctx = steps;
  params.no_context = true;
  params.token_timestamps = true;
  params.suppress_nst = true;
  params.print_progress = params.print_realtime = params.print_timestamps = params.print_special = false;
  return params;
}

bool is_invented(const whisper_state* state_in, int segment, std::span<const Token> tokens) {
  auto* state = const_cast<whisper_state*>(state_in);
  if (tokens.empty() || whisper_full_get_segment_no_speech_prob_from_state(state, segment) < no_speech_doubt) return false;
  double sum = 0;
  for (const auto& token : tokens) sum += token.probability;
  return sum / static_cast<double>(tokens.size()) < token_trust_min;
}

}  // namespace

void quieten_engine() { whisper_log_set(errors_only, nullptr); }

std::string known_language(std::string_view tag) {
  std::string primary(tag.substr(0, tag.find('-')));
  std::ranges::transform(primary, primary.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const auto id = primary.empty() ? -1 : whisper_lang_id(primary.c_str());
  return id < 0 ? std::string() : std::string(whisper_lang_str(id));
}

void VoiceDetector::Free::operator()(whisper_vad_context* context) const { whisper_vad_free(context); }
void Model::Free::operator()(whisper_context* context) const { whisper_free(context); }
void Ear::Free::operator()(whisper_state* state) const { whisper_free_state(state); }

Result<VoiceDetector> VoiceDetector::open(const std::string& weights) {
  auto params = whisper_vad_default_context_params();
  params.n_threads = 1;
  params.use_gpu = false;
  VoiceDetector detector(whisper_vad_init_from_file_with_params(weights.c_str(), params));
  if (!detector.context_) return fail(ErrorKind::unavailable, "the voice detector's weights cannot be loaded");
  return detector;
}

Result<std::vector<Span>> VoiceDetector::find(std::span<const float> audio) {
  if (!whisper_vad_detect_speech(context_.get(), audio.data(), static_cast<int>(audio.size())))
    return fail(ErrorKind::internal, "the voice detector failed");
  const auto count = static_cast<std::size_t>(whisper_vad_n_probs(context_.get()));
  auto speech = find_speech(std::span(whisper_vad_probs(context_.get()), count));
  // The last step is padded with silence.
  if (!speech.empty()) speech.back().end = std::min(speech.back().end, static_cast<std::int64_t>(audio.size()));
  return speech;
}

Result<Model> Model::open(const std::string& weights) {
  const auto header = read_header(weights);
  if (!header) return std::unexpected(header.error());
  auto params = whisper_context_default_params();
  params.use_gpu = false;
  // Flash attention, the default, computes no attention weights, and without them no token has a time.
  params.flash_attn = false;
  params.dtw_token_timestamps = true;
  params.dtw_aheads_preset = alignment_heads(*header);
  params.dtw_n_top = 4;  // of N_TOP_MOST alone
  auto* context = whisper_init_from_file_with_params_no_state(weights.c_str(), params);
  if (context == nullptr) return fail(ErrorKind::unavailable, "the speech model cannot be loaded");
  return Model(context, whisper_is_multilingual(context) != 0);
}

Result<Ear> Ear::open(const Model& model) {
  auto* state = whisper_init_state(model.context());
  if (state == nullptr) return fail(ErrorKind::unavailable, "there is not enough memory to hear with the speech model");
  return Ear(model, state);
}

Result<std::string> Ear::language_of(std::span<const float> audio) {
  if (model_->speaks_one_language()) return std::string("en");
  const auto heard = audio.first(std::min(audio.size(), language_audio_max));
  auto* context = model_->context();
  const int failed = whisper_pcm_to_mel_with_state(context, state_.get(), heard.data(), static_cast<int>(heard.size()), 1);
  const int found = failed == 0 ? whisper_lang_auto_detect_with_state(context, state_.get(), 0, 1, nullptr) : -1;
  if (found < 0) return fail(ErrorKind::internal, "the language could not be found");
  return std::string(whisper_lang_str(found));
}

Result<std::vector<Token>> Ear::hear(std::span<const float> audio, const std::string& language, int steps) {
  const auto params = greedy(language, steps);
  const int failed =
      whisper_full_with_state(model_->context(), state_.get(), params, audio.data(), static_cast<int>(audio.size()));
  if (failed != 0) return fail(ErrorKind::internal, "the speech model failed with " + std::to_string(failed));
  return tokens();
}

std::vector<Token> Ear::tokens() const {
  std::vector<Token> heard;
  const auto first_special = whisper_token_eot(model_->context());
  for (int segment = 0; segment < whisper_full_n_segments_from_state(state_.get()); ++segment) {
    const auto before = heard.size();
    for (int i = 0; i < whisper_full_n_tokens_from_state(state_.get(), segment); ++i) {
      const auto token = whisper_full_get_token_data_from_state(state_.get(), segment, i);
      if (token.id >= first_special) continue;
      const auto* text = whisper_full_get_token_text_from_state(model_->context(), state_.get(), segment, i);
      const auto ticks = token.t_dtw >= 0 ? token.t_dtw : token.t1;
      heard.push_back({text, token.p, static_cast<double>(ticks) * tick});
    }
    if (is_invented(state_.get(), segment, std::span(heard).subspan(before))) heard.resize(before);
  }
  return heard;
}

}  // namespace kinora::speech
