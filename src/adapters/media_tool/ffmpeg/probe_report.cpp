#include "adapters/media_tool/ffmpeg/probe_report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

#include "adapters/media_tool/ffmpeg/allow_lists.hpp"
#include "base/json.hpp"
#include "base/numbers.hpp"

namespace kinora::ffmpeg {

namespace {

using boost::json::object;

constexpr double late_from = 0.05;  // seconds; less than that is an encoder's padding

std::string text_in(const object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// ffprobe writes some numbers as text, and N/A for what it does not know.
double number_in(const object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  if (value == nullptr) return 0;
  if (value->is_number()) return value->to_number<double>();
  const auto number = number_of<double>(text_in(from, key));
  return number && std::isfinite(*number) ? *number : 0;
}

/// No number of a file is larger; a hostile one is.
std::int64_t integer_in(const object& from, std::string_view key, double largest) {
  return static_cast<std::int64_t>(std::clamp(number_in(from, key), -largest, largest));
}
int integer_in(const object& from, std::string_view key) { return static_cast<int>(integer_in(from, key, 1e9)); }

std::int64_t bits_per_second_in(const object& from) { return integer_in(from, "bit_rate", 1e15); }

/// "30000/1001", "4:3"; 0 when there is none.
double ratio_in(const object& from, std::string_view key, char sign) {
  const auto text = text_in(from, key);
  const auto at = text.find(sign);
  if (at == std::string::npos) return 0;
  const auto over = number_of<double>(std::string_view(text).substr(0, at));
  const auto under = number_of<double>(std::string_view(text).substr(at + 1));
  return over && under && *under > 0 ? *over / *under : 0;
}

const object& object_in(const object& from, std::string_view key) {
  static const object none;
  const auto* value = from.if_contains(key);
  return value != nullptr && value->is_object() ? value->get_object() : none;
}

bool is_cover_art(const object& stream) {
  const auto& disposition = object_in(stream, "disposition");
  return integer_in(disposition, "attached_pic") != 0 || integer_in(disposition, "still_image") != 0;
}

const object& display_matrix_of(const object& stream) {
  static const object none;
  const auto* list = stream.if_contains("side_data_list");
  if (list == nullptr || !list->is_array()) return none;
  for (const auto& data : list->get_array())
    if (data.is_object() && data.get_object().if_contains("rotation") != nullptr) return data.get_object();
  return none;
}

/// FFmpeg tells the angle counter-clockwise.
int clockwise_rotation_of(const object& matrix) {
  const auto quarter_turns = static_cast<int>(std::lround(-static_cast<double>(integer_in(matrix, "rotation")) / 90));
  return (quarter_turns % 4 + 4) % 4 * 90;
}

/// The determinant of [a b; c d], which FFmpeg prints as lines of three numbers behind their offset: "00000000: a b u".
bool is_mirrored(const object& matrix) {
  std::array<double, 6> numbers{};
  auto text = std::istringstream(text_in(matrix, "displaymatrix"));
  std::string offset;
  for (std::size_t row = 0; row < 2; ++row) {
    text >> offset;
    for (std::size_t column = 0; column < 3; ++column) text >> numbers[row * 3 + column];
  }
  return numbers[0] * numbers[4] - numbers[1] * numbers[3] < 0;
}

bool is_interlaced(const object& stream) {
  const auto order = text_in(stream, "field_order");
  return order == "tt" || order == "bb" || order == "tb" || order == "bt";
}

/// BT.2100: perceptual quantiser, hybrid log-gamma.
bool is_high_dynamic_range(const object& stream) {
  const auto transfer = text_in(stream, "color_transfer");
  return transfer == "smpte2084" || transfer == "arib-std-b67";
}

/// What a container says of the average is often a little off, for the last frame has no length; what its time stamps allow is
/// exact, but far too high when they jump.
double frame_rate_of(const object& stream) {
  const auto average = ratio_in(stream, "avg_frame_rate", '/');
  const auto stamped = ratio_in(stream, "r_frame_rate", '/');
  return stamped > 0 && std::abs(average / stamped - 1) < 0.01 ? stamped : average;
}

/// As shown: pixels made square by widening, then turned.
void measure(VideoTrack& track, const object& stream) {
  track.coded_width = integer_in(stream, "width");
  track.coded_height = integer_in(stream, "height");
  const auto aspect = ratio_in(stream, "sample_aspect_ratio", ':');
  const bool sane = aspect > 0.1 && aspect < 10;
  track.width = sane ? static_cast<int>(std::lround(track.coded_width * aspect)) : track.coded_width;
  track.height = track.coded_height;
  const auto& matrix = display_matrix_of(stream);
  track.rotation = clockwise_rotation_of(matrix);
  track.mirrored = is_mirrored(matrix);
  if (track.rotation % 180 != 0) std::swap(track.width, track.height);
}

/// A damaged file names no codec.
std::unexpected<Error> not_supported(const std::string& track, const std::string& codec, const std::string& better) {
  const auto what = codec.empty() ? "'s codec is not known" : " codec '" + codec + "' is not supported";
  return fail(ErrorKind::unsupported, "the " + track + what + "; convert the file to " + better);
}

Result<VideoTrack> read_video(const object& stream) {
  VideoTrack track;
  track.codec = text_in(stream, "codec_name");
  if (!is_allowed_video(track.codec)) return not_supported("picture", track.codec, "H.264");
  measure(track, stream);
  const auto pixels = static_cast<long long>(track.coded_width) * track.coded_height;
  if (track.coded_width <= 0 || track.coded_height <= 0)  // ffprobe, too, refuses what is too large, and then tells no size
    return fail(ErrorKind::unsupported, "the picture is too large, or tells no size; 7680 x 4320 is the most");
  if (pixels > pixels_max || track.coded_width > side_max || track.coded_height > side_max)
    return fail(ErrorKind::unsupported, "a picture of " + std::to_string(track.coded_width) + " x " +
                                            std::to_string(track.coded_height) +
                                            " pixels is too large; 7680 x 4320 is the most");
  track.profile = text_in(stream, "profile");
  track.pixel_format = text_in(stream, "pix_fmt");
  track.frames_per_second = frame_rate_of(stream);
  track.interlaced = is_interlaced(stream);
  track.high_dynamic_range = is_high_dynamic_range(stream);
  track.bits_per_second = bits_per_second_in(stream);
  return track;
}

/// ISO 639-2 as containers write it, to BCP 47, where the two-letter code is used when there is one (RFC 5646, 2.2.1).
std::string language_of(const object& stream) {
  using Pair = std::pair<std::string_view, std::string_view>;
  constexpr auto two_letters = std::to_array<Pair>({
      {"ara", "ar"}, {"bul", "bg"}, {"ces", "cs"}, {"chi", "zh"}, {"cze", "cs"}, {"dan", "da"}, {"deu", "de"},
      {"dut", "nl"}, {"ell", "el"}, {"eng", "en"}, {"est", "et"}, {"fin", "fi"}, {"fra", "fr"}, {"fre", "fr"},
      {"ger", "de"}, {"gre", "el"}, {"heb", "he"}, {"hin", "hi"}, {"hun", "hu"}, {"ind", "id"}, {"ita", "it"},
      {"jpn", "ja"}, {"kor", "ko"}, {"lav", "lv"}, {"lit", "lt"}, {"nld", "nl"}, {"nor", "no"}, {"pol", "pl"},
      {"por", "pt"}, {"ron", "ro"}, {"rum", "ro"}, {"rus", "ru"}, {"slk", "sk"}, {"slo", "sk"}, {"slv", "sl"},
      {"spa", "es"}, {"swe", "sv"}, {"tha", "th"}, {"tur", "tr"}, {"ukr", "uk"}, {"vie", "vi"}, {"zho", "zh"},
  });
  const auto text = text_in(object_in(stream, "tags"), "language");
  const bool is_code =
      (text.size() == 2 || text.size() == 3) && std::ranges::all_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
  if (!is_code || text == "und" || text == "mul" || text == "zxx") return {};
  const auto* found = std::ranges::find(two_letters, text, &Pair::first);
  return found != two_letters.end() ? std::string(found->second) : text;
}

Result<AudioTrack> read_audio(const object& stream, double file_start) {
  AudioTrack track{.codec = text_in(stream, "codec_name"),
                   .profile = text_in(stream, "profile"),
                   .channels = integer_in(stream, "channels"),
                   .sample_rate = integer_in(stream, "sample_rate"),
                   .language = language_of(stream),
                   .begins_late = number_in(stream, "start_time") > file_start + late_from};
  if (!is_allowed_audio(track.codec)) return not_supported("sound", track.codec, "AAC");
  if (track.channels <= 0 || track.channels > channels_max || track.sample_rate <= 0)
    return fail(ErrorKind::unsupported, "sound with " + std::to_string(track.channels) + " channels is not supported");
  return track;
}

/// Keeps the first real picture and the first sound; everything else in the file is passed over.
Result<void> read_stream(MediaInfo& info, const object& stream, double file_start) {
  const auto kind = text_in(stream, "codec_type");
  if (kind == "video" && !info.video && !is_cover_art(stream)) {
    auto track = read_video(stream);
    if (!track) return std::unexpected(std::move(track.error()));
    info.video = *std::move(track);
  } else if (kind == "audio" && !info.audio) {
    auto track = read_audio(stream, file_start);
    if (!track) return std::unexpected(std::move(track.error()));
    info.audio = *std::move(track);
  }
  return {};
}

}  // namespace

std::string_view probed_entries() {
  return "format=format_name,start_time,duration,bit_rate:"
         "stream=codec_type,codec_name,profile,width,height,pix_fmt,sample_aspect_ratio,field_order,color_transfer,start_time,"
         "avg_frame_rate,r_frame_rate,bit_rate,channels,sample_rate:stream_disposition=attached_pic,still_image:"
         "stream_tags=language:stream_side_data=rotation,displaymatrix";
}

Result<MediaInfo> read_probe_report(std::string_view json) {
  const auto report = parse_json(json);
  if (!report || !report->is_object()) return fail(ErrorKind::invalid, "the file is damaged and cannot be read");
  const auto& root = report->get_object();
  const auto& format = object_in(root, "format");
  MediaInfo info;
  info.container = text_in(format, "format_name");
  info.container.resize(std::min(info.container.find(','), info.container.size()));
  info.duration = Seconds(std::max(0.0, number_in(format, "duration")));
  info.bits_per_second = bits_per_second_in(format);
  const auto start = number_in(format, "start_time");
  if (const auto* streams = root.if_contains("streams"); streams != nullptr && streams->is_array())
    for (const auto& stream : streams->get_array())
      if (stream.is_object())
        if (auto read = read_stream(info, stream.get_object(), start); !read) return std::unexpected(std::move(read.error()));
  if (!info.video && !info.audio) return fail(ErrorKind::unsupported, "the file holds neither picture nor sound");
  return info;
}

}  // namespace kinora::ffmpeg
