#include "api/v1/views.hpp"

#include <fmt/format.h>

#include <cmath>

namespace kinora::api::v1 {

namespace {

int percent_of(double fraction) { return static_cast<int>(std::lround(100 * fraction)); }

std::optional<ErrorView> view_of(const std::optional<jobs::JobError>& error) {
  return error ? std::optional(ErrorView{error->code, error->message}) : std::nullopt;
}

/// Of a job that failed for good also what has it run again.
std::optional<ErrorView> error_of(const jobs::Job& job) {
  auto error = view_of(job.error);
  if (error && job.state == jobs::State::failed)
    error->message += " (to try again: POST /api/v1/jobs/" + job.id.text() + "/retry)";
  return error;
}

/// What is over counts whole, what runs by its own progress; each stage the same.
int progress_of(const std::vector<pipeline::StageView>& stages) {
  double sum = 0;
  for (const auto& stage : stages) sum += stage.state == "skipped" ? 1 : stage.progress;
  return stages.empty() ? 0 : percent_of(sum / static_cast<double>(stages.size()));
}

std::vector<CaptionView> captions_of(const media::Addresses& files) {
  std::vector<CaptionView> captions;
  for (const auto& [language, address] : files.captions) captions.push_back({language, language, "captions", address});
  return captions;
}

}  // namespace

UserView view_of(const accounts::User& user) {
  return {.id = user.id,
          .email = user.email,
          .name = user.name,
          .avatar_url = user.avatar_url,
          .role = user.role,
          .plan = user.plan,
          .plan_expires_at = user.plan_expires_at,
          .locale = user.locale,
          .email_verified = user.email_verified_at.has_value(),
          .created_at = user.created_at,
          .updated_at = user.updated_at};
}

SignInView view_of(accounts::SignIn sign_in) {
  return {.user = view_of(sign_in.user),
          .token = sign_in.access_token,
          .access_token = sign_in.access_token,
          .refresh_token = std::move(sign_in.refresh_token),
          .token_type = "Bearer",
          .expires_in = sign_in.expires_in.count(),
          .csrf_token = sign_in.cookie ? std::optional(std::move(sign_in.cookie->csrf_token)) : std::nullopt};
}

VideoView view_of(const media::Video& video, const std::vector<pipeline::StageView>& stages, const media::Addresses& files) {
  VideoView view{.id = video.id,
                 .number = video.number,
                 .user_id = video.owner,
                 .title = video.title,
                 .description = video.description,
                 .status = video.status,
                 .status_message = video.status_message,
                 .progress = progress_of(stages),
                 .source = {.kind = video.source_kind},
                 .size_bytes = video.size_bytes,
                 .language = video.language,
                 .visibility = video.visibility,
                 .tags = video.tags,
                 .key = video.id.uuid.base32(),
                 .poster_url = files.poster,
                 .captions = captions_of(files),
                 .processed_at = video.processed_at,
                 .created_at = video.created_at,
                 .updated_at = video.updated_at};
  for (const auto& stage : stages)
    view.stages.push_back({stage.name, stage.state, percent_of(stage.progress), view_of(stage.error)});
  if (video.duration) view.duration = video.duration->count();
  if (video.info) view.container = video.info->container;
  if (video.info && video.info->video) {
    view.width = video.info->video->width;
    view.height = video.info->video->height;
    view.fps = video.info->video->frames_per_second;
  }
  return view;
}

UploadView view_of(const media::UploadProgress& progress) {
  const auto& upload = progress.upload;
  return {.id = upload.id,
          .video_id = upload.video,
          .protocol = "tus",
          .status = upload.state,
          .length = upload.length,
          .offset = progress.offset,
          .filename = upload.filename,
          .content_type = upload.content_type,
          .sha256 = progress.sha256.empty() ? std::nullopt : std::optional(progress.sha256),
          .expires_at = upload.expires_at};
}

JobView view_of(const jobs::Job& job) {
  JobView view{
      .id = job.id,
      .kind = job.kind,
      .state = job.state,
      .progress = percent_of(job.progress),
      .lane = job.lane,
      .priority = job.priority,
      .subject = {job.subject.type, job.subject.type == "video" ? VideoId{job.subject.id}.text() : job.subject.id.canonical()},
      .attempts = job.attempts,
      .max_attempts = job.max_attempts,
      .error = error_of(job),
      .scheduled_at = job.scheduled_at,
      .started_at = job.started_at,
      .finished_at = job.finished_at,
      .created_at = job.created_at,
      .updated_at = job.updated_at};
  if (job.eta) view.eta_seconds = job.eta->count();
  if (job.result)
    if (auto result = parse_json(*job.result)) view.result = *std::move(result);
  return view;
}

VariantView view_of(VideoId video, const media::Variant& variant, const media::Addresses& files) {
  const auto file = variant.is_plain_file ? "/variants/" + variant.quality + ".mp4" : "/" + variant.quality + "/index.m3u8";
  return {.id = variant.id,
          .video_id = video,
          .quality = variant.quality,
          .key = variant.key,
          .url = files.base + file,
          .codec = variant.codec,
          .width = variant.width,
          .height = variant.height,
          .fps = variant.frames_per_second,
          .bitrate = variant.bits_per_second,
          .size_bytes = variant.size_bytes,
          .status = "ready",
          .created_at = variant.created_at,
          .updated_at = variant.created_at};
}

WatchView view_of(VideoId video, const media::Playback& playback) {
  WatchView view{.url = playback.master_path,
                 .playback_url = playback.master_path,
                 .type = "application/vnd.apple.mpegurl",
                 .expires_at = playback.addresses.expires_at,
                 .poster_url = playback.addresses.poster,
                 .storyboard_url = playback.storyboard,
                 .captions = captions_of(playback.addresses)};
  for (const auto& variant : playback.variants) view.variants.push_back(view_of(video, variant, playback.addresses));
  return view;
}

TranscriptView view_of(const ai::Transcript& transcript) {
  TranscriptView view{.id = transcript.id,
                      .video_id = transcript.video,
                      .status = "complete",
                      .language = transcript.language,
                      .transcript_text = transcript.text,
                      .duration_seconds = transcript.duration,
                      .model_info = transcript.model_info,
                      .edited = transcript.edited_at.has_value(),
                      .created_at = transcript.created_at,
                      .updated_at = transcript.updated_at};
  for (const auto& segment : transcript.segments) {
    SegmentView shown{.id = segment.id, .start = segment.start, .end = segment.end, .text = segment.text};
    for (const auto& word : segment.words) shown.words.push_back({word.start, word.end, word.text, word.confidence});
    view.segments.push_back(std::move(shown));
  }
  return view;
}

std::string moment_url(VideoId video, Seconds start) { return fmt::format("/watch/{}?t={:.2f}", video.text(), start.count()); }

MomentView view_of(const search::Moment& moment) {
  return {.video_id = moment.video,
          .title = moment.title,
          .start = moment.start,
          .end = moment.end,
          .text = moment.text,
          .score = moment.score,
          .scores = {moment.semantic, moment.keyword},
          .url = moment_url(moment.video, moment.start)};
}

ChatView view_of(const chat::Chat& chat) {
  return {.id = chat.id,
          .title = chat.title,
          .scope = {.video_ids = chat.scope.video_ids, .channel_id = chat.scope.channel_id, .all = chat.scope.all},
          .surface = "v1",
          .message_count = chat.message_count,
          .last_message_at = chat.last_message_at,
          .created_at = chat.created_at,
          .updated_at = chat.updated_at};
}

CitationView view_of(const chat::Citation& citation) {
  return {citation.index,
          citation.video_id,
          citation.start,
          citation.end,
          citation.text,
          citation.title,
          moment_url(citation.video_id, citation.start),
          citation.score};
}

MessageView view_of(const chat::Message& message) {
  MessageView view{.id = message.id,
                   .chat_id = message.chat,
                   .parent_id = message.parent,
                   .role = message.role,
                   .content_type = "text",
                   .content = message.content,
                   .status = message.status,
                   .confidence = message.confidence,
                   .engine = message.engine,
                   .model = message.model,
                   .created_at = message.created_at,
                   .updated_at = message.updated_at};
  for (const auto& citation : message.citations) view.citations.push_back(view_of(citation));
  return view;
}

}  // namespace kinora::api::v1
