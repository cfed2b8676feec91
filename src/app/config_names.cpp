#include "app/config_names.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace kinora::app {

namespace {

template <std::size_t size>
constexpr auto words(const std::string_view (&names)[size]) {
  return std::to_array(names);
}

constexpr auto database =
    words({"DB_HOST", "DB_PORT", "DB_NAME", "DB_SCHEMA", "PG_USER", "PG_PASSWORD", "DB_USER", "DB_PASSWORD", "HOST_IP"});
constexpr auto redis = words({"REDIS_URL", "REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD"});
constexpr auto kafka = words({"KAFKA_BROKERS"});
constexpr auto objects = words({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_S3_BUCKET",
                                "AWS_YOUTUBE_BUCKET", "AWS_S3_ENDPOINT", "USE_LOCALSTACK", "BLOBS_SHARED"});
constexpr auto search = words({"ELASTICSEARCH_URL", "ELASTICSEARCH_USERNAME", "ELASTICSEARCH_PASSWORD"});
constexpr auto links = words({"YOUTUBE_API_KEY"});
constexpr auto models = words({"GOOGLE_CLOUD_API_KEY", "EMBEDDINGS_URL", "EMBEDDINGS_MODEL", "EMBEDDINGS_API_KEY", "SPEECH_URL",
                               "SPEECH_MODEL", "SPEECH_API_KEY", "VOICE_URL", "VOICE_MODEL", "VOICE_API_KEY"});
constexpr auto issuers = words({"SUPABASE_URL", "SUPABASE_JWT_SECRET", "OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"});
constexpr auto sockets = words({"WS_PORT", "WS_QUERY_TOKEN"});
constexpr auto editor = words({"EDITOR_MAX_UPLOAD", "EDITOR_WORKSPACE", "EDITOR_NULL_ORIGIN"});
constexpr auto plans = words({"ENFORCE_PLANS"});
constexpr auto files = words({"TEMP_FILE_TTL", "CLAMD_URL"});
constexpr auto job_limits = words({"VIDEO_PROCESSING_TIMEOUT"});
constexpr auto mail = words({"SMTP_URL", "MAIL_FROM"});
constexpr auto operators = words({"CRON_SECRET", "SENTRY_DSN", "OTEL_EXPORTER_OTLP_ENDPOINT"});

constexpr auto unserved = std::to_array<UnservedSettings>({
    {database, "the database is SQLite in the data directory"},
    {redis, "cache, limits and live updates stay in this process"},
    {kafka, "events stay in this process"},
    {objects, "files are kept in the data directory"},
    {search, "search is built in"},
    {links, "videos come as files, not as links"},
    {models, "embeddings and speech to text run on this machine"},
    {issuers, "only accounts of this server can sign in"},
    {sockets, "there is no WebSocket listener"},
    {editor, "the editor is not served"},
    {plans, "plans are not enforced"},
    {files, "uploads are not scanned, and temporary files go with their job"},
    {job_limits, "each kind of job has a limit of its own"},
    {mail, "no mail is sent"},
    {operators, "nothing is reported to other services"},
});

constexpr auto of_providers =
    words({"OPENAI_API_KEY", "GEMINI_API_KEY", "OLLAMA_HOST", "AI_MODEL", "LLM_MODEL", "LLM_API_KEY", "LLM_URL"});

constexpr auto ignored =
    words({"SUPABASE_ANON_KEY", "SUPABASE_SERVICE_ROLE_KEY", "CELERY_BROKER_URL", "CELERY_RESULT_BACKEND"});

/// Levenshtein's, with one row.
std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < left.size(); ++i) {
    auto diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < right.size(); ++j) {
      const auto replaced = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::span<const UnservedSettings> unserved_settings() { return unserved; }
std::span<const std::string_view> provider_settings() { return of_providers; }
std::span<const std::string_view> ignored_settings() { return ignored; }

std::string_view nearest_name(std::string_view name, std::span<const std::string_view> known) {
  const auto distance = [&](std::string_view each) { return edit_distance(name, each); };
  const auto nearest = std::ranges::min_element(known, {}, distance);
  return nearest == known.end() || distance(*nearest) > 3 ? std::string_view() : *nearest;
}

}  // namespace kinora::app
