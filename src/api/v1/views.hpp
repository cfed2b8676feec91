#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/services.hpp"

/// What the native API shows: domain to wire, field by field.
namespace kinora::api::v1 {

struct UserView {
  UserId id{};
  std::string email;
  std::string name;
  std::optional<std::string> avatar_url{};
  Role role{};
  Plan plan{};
  std::optional<Time> plan_expires_at{};
  std::optional<std::string> locale{};
  bool email_verified = false;
  Time created_at{};
  Time updated_at{};
};
UserView view_of(const accounts::User& user);

struct SignInView {
  UserView user;
  std::string token;  ///< the access token again, as another server's front end calls it
  std::string access_token;
  std::string refresh_token;
  std::string token_type;
  std::int64_t expires_in = 0;
  std::optional<std::string> csrf_token{};  ///< with a session cookie
};
SignInView view_of(accounts::SignIn sign_in);

struct ErrorView {
  std::string code;
  std::string message;
};

struct StageView {
  std::string name;
  std::string state;
  int progress = 0;
  std::optional<ErrorView> error{};
};

struct SourceView {
  std::string kind;
  std::optional<std::string> url{};
  std::optional<std::string> external_id{};
};

struct CaptionView {
  std::string language;
  std::string label;
  std::string kind;
  std::string url;
};

struct VideoView {
  VideoId id{};
  std::int64_t number = 0;
  UserId user_id{};
  std::optional<std::string> user_name{};
  std::string title;
  std::string description;
  media::Status status{};
  std::optional<std::string> status_message{};
  int progress = 0;
  std::vector<StageView> stages{};
  SourceView source;
  std::optional<std::string> channel_id{};
  std::optional<double> duration{};
  std::optional<int> width{};
  std::optional<int> height{};
  std::optional<double> fps{};
  std::int64_t size_bytes = 0;
  std::optional<std::string> container{};
  std::optional<std::string> language{};
  media::Visibility visibility{};
  std::vector<std::string> tags{};
  std::string key;
  std::optional<std::string> poster_url{};
  std::vector<CaptionView> captions{};
  std::optional<Time> processed_at{};
  Time created_at{};
  Time updated_at{};
};
VideoView view_of(const media::Video& video, const std::vector<pipeline::StageView>& stages, const media::Addresses& files);

struct SubjectView {
  std::string type;
  std::string id;
};

struct JobView {
  JobId id{};
  std::string kind;
  jobs::State state{};
  int progress = 0;
  jobs::Lane lane{};
  int priority = 0;
  SubjectView subject;
  int attempts = 0;
  int max_attempts = 0;
  std::optional<ErrorView> error{};
  std::optional<boost::json::value> result{};
  Time scheduled_at{};
  std::optional<Time> started_at{};
  std::optional<Time> finished_at{};
  std::optional<std::int64_t> eta_seconds{};
  Time created_at{};
  Time updated_at{};
};
JobView view_of(const jobs::Job& job);

struct UploadView {
  UploadId id{};
  VideoId video_id{};
  std::string protocol;
  media::UploadState status{};
  std::optional<std::int64_t> length{};
  std::uint64_t offset = 0;
  std::string filename;
  std::string content_type;
  std::optional<std::string> sha256{};  ///< of the whole, when it becomes complete
  Time expires_at{};
};
UploadView view_of(const media::UploadProgress& progress);

struct VariantView {
  VariantId id{};
  VideoId video_id{};
  std::string quality;
  std::string key;
  std::string url;
  std::string codec;
  int width = 0;
  int height = 0;
  double fps = 0;
  std::int64_t bitrate = 0;
  std::int64_t size_bytes = 0;
  std::string status;
  Time created_at{};
  Time updated_at{};
};
VariantView view_of(VideoId video, const media::Variant& variant, const media::Addresses& files);

struct WatchView {
  std::string url;
  std::string playback_url;
  std::string type;
  Time expires_at{};
  std::optional<std::string> poster_url{};
  std::optional<std::string> storyboard_url{};
  std::vector<CaptionView> captions{};
  std::vector<VariantView> variants{};
};
WatchView view_of(VideoId video, const media::Playback& playback);

struct WordView {
  Seconds start{};
  Seconds end{};
  std::string text;
  double confidence = 0;
};
struct SegmentView {
  SegmentId id{};
  Seconds start{};
  Seconds end{};
  std::string text;
  std::optional<std::string> speaker_id{};
  std::vector<WordView> words{};
};
struct SpeakerView {
  std::string id;
  std::string label;
};
struct TranscriptView {
  TranscriptId id{};
  VideoId video_id{};
  std::string status;
  std::string language;
  std::string transcript_text;
  Seconds duration_seconds{};
  ai::ModelInfo model_info;
  bool edited = false;
  std::vector<SegmentView> segments{};
  std::vector<SpeakerView> speakers{};
  Time created_at{};
  Time updated_at{};
};
TranscriptView view_of(const ai::Transcript& transcript);

struct ScoresView {
  std::optional<double> semantic{};
  std::optional<double> keyword{};
};
struct MomentView {
  VideoId video_id{};
  std::string title;
  Seconds start{};
  Seconds end{};
  std::string text;
  double score = 0;
  ScoresView scores;
  std::string url;
};
MomentView view_of(const search::Moment& moment);
/// Where a person watches this moment; it can be copied and opened.
std::string moment_url(VideoId video, Seconds start);

struct ScopeView {
  std::vector<VideoId> video_ids{};
  std::optional<ChannelId> channel_id{};
  bool all = true;
};
struct ChatView {
  ChatId id{};
  std::string title;
  ScopeView scope;
  std::string surface;
  std::int64_t message_count = 0;
  std::optional<Time> last_message_at{};
  Time created_at{};
  Time updated_at{};
};
ChatView view_of(const chat::Chat& chat);

struct CitationView {
  int index = 0;
  VideoId video_id{};
  Seconds start{};
  Seconds end{};
  std::string text;
  std::string title;
  std::string url;
  double score = 0;
};
/// What a language model read and wrote, where it says so; none that kinora asks does.
struct UsageView {
  std::optional<std::int64_t> prompt_tokens{};
  std::optional<std::int64_t> completion_tokens{};
};
struct MessageView {
  MessageId id{};
  ChatId chat_id{};
  std::optional<MessageId> parent_id{};
  chat::Role role{};
  std::string content_type;
  std::string content;
  chat::MessageStatus status{};
  std::vector<CitationView> citations{};
  std::vector<std::string> suggestions{};  ///< none are made yet
  std::optional<double> confidence{};
  std::optional<chat::Engine> engine{};
  std::optional<std::string> model{};
  UsageView usage{};
  std::vector<boost::json::value> attachments{};  ///< none can be sent yet
  Time created_at{};
  Time updated_at{};
};
CitationView view_of(const chat::Citation& citation);
MessageView view_of(const chat::Message& message);

/// A list as every list is.
template <class View>
struct ListView {
  std::vector<View> data{};
  bool has_more = false;
  std::optional<std::string> next_cursor{};
};

/// Nothing of the video is still being made: what is not there will not come.
inline bool is_settled(media::Status status) { return status == media::Status::ready || status == media::Status::failed; }

}  // namespace kinora::api::v1
