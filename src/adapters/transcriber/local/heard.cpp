#include "adapters/transcriber/local/heard.hpp"

#include <unicode/normalizer2.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <cmath>

#include "children/pipe_protocol.hpp"

namespace kinora {

namespace {

// A fast speaker says some 250 words a minute; twelve hours of one are 180,000.
constexpr std::size_t words_max = 1'000'000;

// Beyond any recording, and far below where milliseconds no longer fit a number.
constexpr Seconds latest = std::chrono::hours(1000);

/// As the engine says it, see engines/speech/speech_engine.hpp.
struct WordMessage {
  std::string text;
  Seconds start{0};
  Seconds end{0};
  double confidence = 0;
  bool begins_segment = false;
};

std::string nfc_of(const std::string& text) {
  UErrorCode status = U_ZERO_ERROR;
  const auto* normaliser = icu::Normalizer2::getNFCInstance(status);
  std::string normal;
  if (U_SUCCESS(status)) {
    icu::StringByteSink<std::string> sink(&normal);
    normaliser->normalizeUTF8(0, text, sink, nullptr, status);
  }
  return U_SUCCESS(status) ? normal : text;
}

/// What port and captions build on: the engine reads foreign sound, so its word is not taken for it.
bool is_word(const WordMessage& said) {
  const auto is_blank = [](char letter) { return static_cast<unsigned char>(letter) <= 0x20 || letter == 0x7f; };
  const auto is_moment = [](Seconds time) { return time >= Seconds(0) && time <= latest; };
  return !said.text.empty() && std::ranges::none_of(said.text, is_blank) && is_moment(said.start) && is_moment(said.end) &&
         std::isfinite(said.confidence);
}

/// Of ISO 639: two letters, or three.
bool is_language(std::string_view text) {
  return (text.size() == 2 || text.size() == 3) &&
         std::ranges::all_of(text, [](char letter) { return letter >= 'a' && letter <= 'z'; });
}

}  // namespace

Beat Heard::take(std::string_view line) {
  // The first line that makes no sense decides; the child is heard to its end all the same.
  if (outcome_) outcome_ = understand(line);
  return Beat::progress;
}

Result<void> Heard::understand(std::string_view line) {
  const auto message = pipe_protocol::parse_line(line);
  if (!message) return fail(ErrorKind::internal, "the speech engine said what is no message: " + message.error().message);
  const auto* event = message->if_contains("event");
  const auto name = event != nullptr ? from_json<std::string>(*event).value_or("") : "";
  if (const auto* words = message->if_contains("words"); name == "words" && words != nullptr) return take_words(*words);
  if (const auto* language = message->if_contains("language"); name == "language" && language != nullptr) {
    said_.language = from_json<std::string>(*language).value_or("");
    if (!is_language(said_.language)) return fail(ErrorKind::internal, "the speech engine said a language that is none");
  }
  if (const auto* fraction = message->if_contains("fraction"); name == "progress" && fraction != nullptr && progress_)
    progress_(std::clamp(from_json<double>(*fraction).value_or(0), 0.0, 1.0));
  if (name == "done") done_ = true;
  return {};
}

Result<void> Heard::take_words(const boost::json::value& words) {
  auto messages = from_json<std::vector<WordMessage>>(words);
  if (!messages) return fail(ErrorKind::internal, "the speech engine said words that are none: " + messages.error().message);
  if (said_.words.size() + messages->size() > words_max)
    return fail(ErrorKind::too_large, "more than " + std::to_string(words_max) + " words were heard; cut the recording");
  for (const auto& each : *messages) {
    if (!is_word(each)) return fail(ErrorKind::internal, "the speech engine said a word that is none");
    if (each.begins_segment || said_.words.empty()) said_.segment_starts.push_back(said_.words.size());
    const auto start = std::max(each.start, said_.words.empty() ? Seconds(0) : said_.words.back().start);
    said_.words.push_back({start, std::max(each.end, start), nfc_of(each.text), std::clamp(each.confidence, 0.0, 1.0)});
  }
  return {};
}

Result<Transcription> Heard::transcription() && {
  if (!outcome_) return std::unexpected(std::move(outcome_.error()));
  if (!done_) return fail(ErrorKind::internal, "the speech engine ended in the middle");
  if (said_.words.empty()) said_.language.clear();
  return std::move(said_);
}

}  // namespace kinora
