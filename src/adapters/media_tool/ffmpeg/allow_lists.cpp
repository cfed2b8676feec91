#include "adapters/media_tool/ffmpeg/allow_lists.hpp"

#include <algorithm>
#include <array>

namespace kinora::ffmpeg {

namespace {

struct Codec {
  std::string_view name;
  std::string_view decoders;  ///< FFmpeg picks the first one it has
};

constexpr auto video = std::to_array<Codec>({
    {"h264", "h264"},
    {"hevc", "hevc"},
    {"vp8", "vp8"},
    {"vp9", "vp9"},
    {"av1", "libdav1d,libaom-av1,av1"},
    {"mpeg1video", "mpeg1video"},
    {"mpeg2video", "mpeg2video"},
    {"mpeg4", "mpeg4"},
    {"msmpeg4v2", "msmpeg4v2"},
    {"msmpeg4v3", "msmpeg4"},
    {"wmv1", "wmv1"},
    {"wmv2", "wmv2"},
    {"wmv3", "wmv3"},
    {"vc1", "vc1"},
    {"flv1", "flv"},
    {"vp6f", "vp6f"},
    {"h263", "h263"},
    {"mjpeg", "mjpeg"},
    {"prores", "prores"},
    {"theora", "theora"},
});

constexpr auto audio = std::to_array<Codec>({
    {"aac", "aac"},
    {"mp3", "mp3float,mp3"},
    {"mp2", "mp2float,mp2"},
    {"ac3", "ac3"},
    {"eac3", "eac3"},
    {"dts", "dca"},
    {"opus", "opus,libopus"},
    {"vorbis", "vorbis"},
    {"flac", "flac"},
    {"alac", "alac"},
    {"wmav1", "wmav1"},
    {"wmav2", "wmav2"},
    {"wmapro", "wmapro"},
    {"speex", "speex"},
    {"nellymoser", "nellymoser"},
    {"amr_nb", "amrnb"},
    {"amr_wb", "amrwb"},
    {"adpcm_ms", "adpcm_ms"},
    {"adpcm_ima_wav", "adpcm_ima_wav"},
    {"adpcm_swf", "adpcm_swf"},
    {"pcm_u8", "pcm_u8"},
    {"pcm_s8", "pcm_s8"},
    {"pcm_s16le", "pcm_s16le"},
    {"pcm_s16be", "pcm_s16be"},
    {"pcm_s24le", "pcm_s24le"},
    {"pcm_s24be", "pcm_s24be"},
    {"pcm_s32le", "pcm_s32le"},
    {"pcm_s32be", "pcm_s32be"},
    {"pcm_f32le", "pcm_f32le"},
    {"pcm_f32be", "pcm_f32be"},
    {"pcm_f64le", "pcm_f64le"},
    {"pcm_alaw", "pcm_alaw"},
    {"pcm_mulaw", "pcm_mulaw"},
});

constexpr std::string_view beside =
    "png,bmp,subrip,srt,ass,ssa,movtext,webvtt,text,dvdsub,dvbsub,pgssub,xsub,libzvbi_teletextdec,truehd,mlp,pcm_bluray,pcm_"
    "dvd";

}  // namespace

bool is_allowed_video(std::string_view codec) { return std::ranges::find(video, codec, &Codec::name) != video.end(); }
bool is_allowed_audio(std::string_view codec) { return std::ranges::find(audio, codec, &Codec::name) != audio.end(); }

std::string allowed_decoders() {
  std::string list;
  for (const auto& codec : video) list.append(codec.decoders).push_back(',');
  for (const auto& codec : audio) list.append(codec.decoders).push_back(',');
  list.pop_back();
  return list;
}

std::string decoders_for_probing() { return allowed_decoders() + ',' + std::string(beside); }

}  // namespace kinora::ffmpeg
