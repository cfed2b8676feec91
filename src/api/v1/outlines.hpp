#pragma once

#include "api/v1/jobs.hpp"

/// Requests and answers about what a video says in short, and how its transcript is written.
namespace kinora::api::v1 {

enum class TranscriptFormat : std::uint8_t { json, text, srt, vtt };

}  // namespace kinora::api::v1

template <>
struct kinora::Names<kinora::api::v1::TranscriptFormat> {
  using enum api::v1::TranscriptFormat;
  static constexpr auto table = std::to_array<std::pair<api::v1::TranscriptFormat, std::string_view>>(
      {{json, "json"}, {text, "text"}, {srt, "srt"}, {vtt, "vtt"}});
};

namespace kinora::api::v1 {

/// What is not there may still come while its video is being processed.
template <class T>
Result<T> or_not_ready(Result<T> found, media::Status status, std::string message) {
  if (found || found.error().kind != ErrorKind::not_found || is_settled(status)) return found;
  return fail(ErrorKind::conflict, std::move(message), "not_ready");
}

// outlines.cpp
struct SummaryView {
  SummaryId id{};
  VideoId video_id{};
  std::string language;
  std::string summary_text;
  std::string overview;
  std::vector<std::string> key_points{};
  std::vector<ai::KeyMoment> timestamps{};
  double quality_score = 0;
  ai::WriterInfo model_info;
  Time created_at{};
  Time updated_at{};
};
SummaryView view_of(const ai::Summary& summary);
struct ReadSummary {
  struct Path {
    VideoId id;
  } path;
  struct Query {
    http::Optional<Text<2, 35>> language;
  } query;
};
Task<Result<SummaryView>> show_summary(Services& app, Caller caller, ReadSummary ask);

struct Summarise {
  struct Path {
    http::Numbered<VideoId> id;
  } path;
  struct Body {
    http::Optional<Text<2, 35>> language;
    http::Optional<http::Flag> include_timestamps;
  } body;
};
Task<Result<http::Accepted<JobAnswer>>> summarise(Services& app, Caller caller, Summarise ask);

struct ChapterView {
  ChapterId id{};
  VideoId video_id{};
  Seconds start{};
  Seconds end{};
  std::string title;
  std::string summary;
  Time created_at{};
  Time updated_at{};
};
ListView<ChapterView> view_of(VideoId video, const std::vector<ai::Chapter>& chapters);
Task<Result<ListView<ChapterView>>> list_chapters(Services& app, Caller caller, OneVideo ask);

struct SetChapters {
  struct Path {
    http::Numbered<VideoId> id;
  } path;
  struct Body {
    struct Item {
      http::Num<0.0, 360000.0> start;
      http::Num<0.0, 360000.0> end;
      Text<1, 200> title;
      http::Optional<Text<0, 2000>> summary;
    };
    http::List<Item, 0, 200> chapters;
  } body;
};
Task<Result<ListView<ChapterView>>> set_chapters(Services& app, Caller caller, SetChapters ask);

// transcripts.cpp
struct ReadTranscript {
  struct Path {
    http::Numbered<VideoId> id;
  } path;
  struct Query {
    http::Default<http::OneOf<TranscriptFormat>, TranscriptFormat::json> format;
    http::Optional<Text<2, 35>> language;
    http::Optional<http::Flag> words;
  } query;
};
Task<Result<std::variant<http::WithHeaders<TranscriptView>, http::Plain>>> read_transcript(Services& app, Caller caller,
                                                                                           ReadTranscript ask);

struct CorrectTranscript {
  struct Path {
    http::Numbered<VideoId> id;
  } path;
  struct Body {
    struct Item {
      SegmentId id;
      Text<0, 5000> text;
    };
    http::List<Item, 1, 200> segments;
  } body;
  http::NeededMatch match;
};
Task<Result<http::WithHeaders<TranscriptView>>> correct_transcript(Services& app, Caller caller, CorrectTranscript ask);

}  // namespace kinora::api::v1
