#include "app/wiring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "adapters/blob_store/open.hpp"
#include "adapters/database/migrations.hpp"
#include "adapters/database/open.hpp"
#include "adapters/embedder/open.hpp"
#include "adapters/language_model/open.hpp"
#include "adapters/live_bus/memory/memory_live_bus.hpp"
#include "adapters/media_tool/open.hpp"
#include "adapters/metrics/prometheus_metrics.hpp"
#include "adapters/random/system_random.hpp"
#include "adapters/rate_limiter/open.hpp"
#include "adapters/search_index/open.hpp"
#include "adapters/transcriber/open.hpp"
#include "api/console/console.hpp"
#include "api/gate.hpp"
#include "api/tus/routes.hpp"
#include "api/v1/live_jobs.hpp"
#include "api/v1/live_uploads.hpp"
#include "api/v1/routes.hpp"
#include "app/chosen_models.hpp"
#include "app/descriptors.hpp"
#include "app/handlers.hpp"
#include "app/readings.hpp"
#include "app/secrets.hpp"
#include "base/deadline.hpp"
#include "base/failpoints.hpp"
#include "children/health.hpp"
#include "children/launcher.hpp"
#include "http/openapi.hpp"
#include "http/server.hpp"
#include "jobs/cron.hpp"
#include "jobs/event_log.hpp"
#include "jobs/own_jobs.hpp"
#include "jobs/queue.hpp"
#include "jobs/store.hpp"
#include "ports/database_health.hpp"

namespace kinora::app {

namespace {

// One process per data directory, which its lock guarantees: what "local" held before belonged to a server that is gone.
constexpr std::string_view worker_name = "local";

/// Every owner's schema, in the order in which they may refer to each other.
std::vector<Migration> all_migrations() {
  std::vector<Migration> steps;
  for (auto owner : {jobs::migrations(), accounts::migrations(), media::migrations(), ai::migrations(), search::migrations(),
                     chat::migrations(), pipeline::migrations()})
    std::ranges::move(owner, std::back_inserter(steps));
  return steps;
}

accounts::Settings accounts_settings(const Config& config, const Secrets& secrets) {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  return {.jwt_secret = secrets.access,
          .refresh_secret = secrets.refresh,
          .session_secret = secrets.session,
          .access_lifetime = duration_cast<seconds>(config.access_lifetime),
          .refresh_lifetime = duration_cast<seconds>(config.refresh_lifetime),
          .session_lifetime = duration_cast<seconds>(config.session_lifetime),
          .registration = config.registration};
}

/// How the cores of this machine are shared. The encoder leaves one to speech and embeddings, so that words do not wait for a
/// long ladder; those hold a core each, as many side by side as half the machine.
struct CpuPlan {
  std::size_t cores;
  std::size_t encoder_threads;
  std::size_t hearing_max;
};
CpuPlan cpu_plan() {
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  return {cores, std::max<std::size_t>(1, cores - 1), std::max<std::size_t>(1, cores / 2)};
}

MediaToolSettings media_tool_settings() { return {.threads = static_cast<int>(cpu_plan().encoder_threads)}; }

media::Settings media_settings(const Config& config, const Secrets& secrets, const MediaTool& tool) {
  return {.grant_secret = secrets.grants,
          .previous_grant_secret = config.media_secret_previous.value_or(std::string()),
          .plain_files = config.keep_variant_files ? media::PlainFiles::keep : media::PlainFiles::none,
          .first_look = [&tool](std::span<const std::byte> head) { return tool.recognise(head); }};
}

/// What jobs write lies in these folders.
Result<void> require_room(std::span<const std::filesystem::path> folders, std::uint64_t bytes_min) {
  for (const auto& folder : folders) {
    std::error_code untold;
    const auto space = std::filesystem::space(folder, untold);
    if (untold || space.available >= bytes_min) continue;
    return fail(ErrorKind::unavailable,
                fmt::format("only {} MiB of the disk are free and {} MiB are kept back (MIN_FREE_DISK); make room",
                            space.available >> 20, bytes_min >> 20),
                "storage_full");
  }
  return {};
}

jobs::QueueSettings queue_settings(const Config& config, Metrics& metrics) {
  jobs::QueueSettings settings{.worker = std::string(worker_name), .scratch = config.scratch};
  settings.metrics = &metrics;
  settings.room = [folders = std::array{config.data, config.scratch}, bytes_min = config.free_disk_bytes_min] {
    return require_room(folders, bytes_min);
  };
  const auto plan = cpu_plan();
  settings.slots = {{jobs::Lane::light, config.jobs_max}, {jobs::Lane::encode, 1}, {jobs::Lane::inference, plan.hearing_max}};
  settings.cores = {{jobs::Lane::encode, plan.encoder_threads}, {jobs::Lane::inference, 1}};
  settings.cores_max = plan.cores;
  return settings;
}

TranscriberSettings transcriber_settings(const Config& config) {
  auto whisper = model_named(config, hearing_model);
  return {
      .model = std::move(whisper.file), .detector = config.models / voice_detector, .model_sha256 = std::move(whisper.sha256)};
}

EmbedderSettings embedder_settings(const Config& config, const DataDirectory& directory, std::string_view model) {
  auto embedding = model_named(config, model);
  return {.program = config.llama_server,
          .model = std::move(embedding.file),
          .folder = directory.run() / "embedder",
          .model_sha256 = std::move(embedding.sha256)};
}

std::unique_ptr<ServedLanguageModel> open_language_model(const Config& config, const DataDirectory& directory,
                                                         Launcher& launcher, Log& log) {
  if (const auto& remote = config.language_model; !remote.url.empty())
    return open_remote_language_model({.url = remote.url, .model = remote.model, .key = remote.key});
  const bool may_write = config.ai_provider != "none";
  auto weights = model_named(config, writing_model);
  return open_local_language_model({.program = config.llama_server,
                                    .model = may_write ? std::move(weights.file) : std::filesystem::path(),
                                    .folder = directory.run() / "llm",
                                    .model_sha256 = std::move(weights.sha256)},
                                   launcher, log);
}

http::CorsRules allowed_pages(const Config& config) { return {config.allowed_origins, config.listens_on_loopback()}; }

http::ListenSettings listen_settings(const Config& config) {
  http::ListenSettings settings{.address = config.listen_address, .port = config.port};
  if (config.serves_tls()) settings.tls = http::TlsFiles{config.tls_certificate, config.tls_key};
  settings.cors = allowed_pages(config);
  settings.proxies = config.trusted_proxies;
  settings.limits.connections = connections_within(take_all_descriptors());
  settings.error_texts = config.mode == Mode::development ? http::ErrorTexts::full : http::ErrorTexts::generic;
  return settings;
}

/// What stages make things with; another model is another input, which reprocess sees.
pipeline::MadeWith made_with(const Transcriber& transcriber, const Embedder& embedder, const LanguageModel& language_model) {
  return {{"transcribe", transcriber.model()},
          {"embed", embedder.model()},
          {"chapters", language_model.model()},
          {"summary", language_model.model()}};
}

/// What has to be opened, and so can fail, before anything is put together.
struct Opened {
  std::unique_ptr<Random> random;
  Secrets secrets;
  std::unique_ptr<Database> database;
  std::unique_ptr<BlobStore> blobs;
  std::unique_ptr<SearchIndex> index;
};

Task<Result<void>> database_works(Database& database, jobs::Queue& queue) {
  co_await ok(queue.find(Caller::system("health"), JobId{}));
  co_return co_await can_write(database, Caller::system("health"));
}

class WiredServer final : public Server {
 public:
  /// The pools that adapters work on; made before them, gone after them.
  struct Pools {
    Pool files{"file", 4, 256};
    Pool search{"search", 2, 64};
    ~Pools() {
      files.join();
      search.join();
    }
  };

  WiredServer(const Config& config, const DataDirectory& directory, std::unique_ptr<Pools> pools, Opened opened, Clock& clock,
              Log& log)
      : log_(log),
        pools_(std::move(pools)),
        random_(std::move(opened.random)),
        database_(std::move(opened.database)),
        blobs_(std::move(opened.blobs)),
        index_(std::move(opened.index)),
        live_(open_memory_live_bus()),
        launcher_({.sandbox = config.sandbox}),
        tool_(open_media_tool(media_tool_settings(), launcher_, pools_->files, log)),
        transcriber_(open_transcriber(transcriber_settings(config), launcher_, log)),
        limiter_(open_memory_rate_limiter(clock)),
        embedder_(open_embedder(embedder_settings(config, directory, model_of_many_languages), launcher_, pools_->files, log)),
        reader_(open_word_embedder(embedder_settings(config, directory, model_of_many_languages), multilingual_e5, launcher_,
                                   pools_->files, log)),
        english_reader_(open_word_embedder(embedder_settings(config, directory, model_of_english), english_minilm, launcher_,
                                           pools_->files, log)),
        language_model_(open_language_model(config, directory, launcher_, log)),
        queue_(queue_settings(config, *metrics_), *database_, clock, *random_, log),
        cron_(queue_, *database_, clock, *random_, log),
        events_(queue_, *database_, clock, *random_, log),
        accounts_(accounts_settings(config, opened.secrets), *database_, clock, *random_),
        media_(media_settings(config, opened.secrets, *tool_), *database_, *blobs_, events_, clock, *random_),
        uploads_({.bytes_max = config.upload_bytes_max}, media_, *database_, *blobs_, clock, *random_),
        ai_(*database_, queue_, events_, clock, *random_),
        search_(media_, *index_, *embedder_, {*reader_, *english_reader_}, *database_),
        video_search_(media_, ai_, search_),
        chats_(media_, ai_, search_, *language_model_, *database_, events_, clock, *random_),
        pipeline_(*database_, queue_, events_, made_with(*transcriber_, *embedder_, *language_model_)),
        cursors_(std::move(opened.secrets.cursors)),
        repeats_(*database_),
        services_{accounts_, media_,  uploads_, ai_,      search_,  video_search_, chats_,         pipeline_,
                  queue_,    events_, *live_,   cursors_, repeats_, clock,         KINORA_VERSION, config.upload_bytes_max},
        live_jobs_(*live_, clock),
        live_uploads_(*live_, clock),
        console_(KINORA_VERSION),
        router_(surfaces()),
        meter_(config.rate_rules, *limiter_),
        gate_(accounts_, meter_, allowed_pages(config)),
        answer_meter_(*metrics_),
        readings_(*metrics_, queue_, config.data) {
    services_.cookies = {config.session_same_site, config.allow_plain_http};
    const auto log_in_rule = config.rate_rules.find(http::LimitClass::login, api::RateTier::anonymous);
    if (log_in_rule) accounts_.limit_log_ins(*limiter_, *log_in_rule);
    services_.health = health_parts(config, directory);
    services_.tells_health_detail = config.health_detail;
    services_.facts = system_facts(config);
    services_.watched = {metrics_.get(), config.metrics_token,
                         [this](Caller caller) { return readings_.look(std::move(caller)); }};
    services_.openapi = json_text(http::openapi_document("kinora", KINORA_VERSION, router_.surfaces().front().routes));
    events_.add_handlers(all_handlers());
    accounts_.set_erasure({&queue_, {&media_, &chats_}});
    queue_.add_workers(accounts::workers({&media_, &chats_}, clock));
    media_.set_on_accepted(pipeline_);
    uploads_.set_on_accepted(pipeline_);
    uploads_.set_watcher(live_uploads_);
    ai_.set_on_corrected(pipeline_);
    queue_.set_observer(pipeline_);
    queue_.set_watcher(live_jobs_);
    events_.tell(*live_);
    queue_.add_workers(jobs::workers(queue_, *database_));
    cron_.add(jobs::cron());
    cron_.add(media::cron());
    queue_.add_workers(media::workers(media_, *tool_, *database_, *blobs_, clock, *random_, log));
    queue_.add_workers(ai::workers({media_, ai_, *transcriber_, *language_model_, events_, clock, *random_}));
    queue_.add_workers(pipeline::workers());
    queue_.add_workers(search::workers(media_, ai_, *database_, *index_, *embedder_, clock, *random_));
  }

  Result<void> listen(const Config& config, asio::any_io_executor executor, Clock& clock, Log& log) {
    executor_ = executor;
    http::ServerParts parts{router_, gate_, log, *random_, clock};
    parts.meter = &answer_meter_;
    auto opened = http::Server::open(std::move(executor), listen_settings(config), std::move(parts));
    if (!opened) return std::unexpected(std::move(opened.error()));
    listener_ = *std::move(opened);
    return {};
  }

  Task<Result<void>> run(Event& stop, OnReady on_ready) override {
    co_await ok(database_->migrate(all_migrations()));
    may_end("start.migrated");
    const auto lost = co_await ok(search::mend_index(*database_, *index_, queue_));
    may_end("start.index_mended");
    if (lost > 0) log_.warning("videos are put into the search index again", {{"videos", static_cast<std::int64_t>(lost)}});
    co_await ok(chats_.end_orphans());
    auto setup_token = co_await ok(accounts_.open_setup());
    Fiber& fiber = co_await this_fiber;
    TaskGroup edge(fiber.executor);
    TaskGroup work(fiber.executor);
    TaskGroup helpers(fiber.executor);
    helpers.spawn(embedder_->serve());
    helpers.spawn(reader_->serve());
    helpers.spawn(english_reader_->serve());
    helpers.spawn(language_model_->serve());
    work.spawn(queue_.run());
    work.spawn(cron_.run());
    work.spawn(events_.relay());
    work.spawn(accounts_.keep_house(log_));
    edge.spawn(listener_->serve(), executor_);
    on_ready(std::move(setup_token));
    static_cast<void>(co_await stop.wait());
    for (auto* group : {&edge, &work, &helpers}) {
      group->stop();
      co_await group->join();
    }
    co_return {};
  }

  std::uint16_t port() const override { return listener_->port(); }

 private:
  std::vector<http::Surface> surfaces() {
    const auto problem = std::make_shared<http::ProblemJson>();
    return {{api::v1::routes(services_), problem},
            {api::tus::routes(services_), api::tus::envelope()},
            {api::console::routes(console_), problem}};
  }

  std::vector<HealthPart> health_parts(const Config& config, const DataDirectory& directory) {
    using enum HealthPart::Weight;
    return {{"database", critical, [this] { return database_works(*database_, queue_); }},
            {"storage", critical, [this] { return blobs_->can_write(); }},
            health_of(media_tool_settings()),
            health_of_jail(config.sandbox),
            health_of(transcriber_settings(config)),
            health_of(embedder_settings(config, directory, model_of_many_languages))};
  }

  Log& log_;
  std::unique_ptr<Pools> pools_;
  std::unique_ptr<Random> random_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<BlobStore> blobs_;
  std::unique_ptr<SearchIndex> index_;
  std::unique_ptr<LiveBus> live_;
  std::unique_ptr<Metrics> metrics_ = open_prometheus_metrics();
  Launcher launcher_;
  std::unique_ptr<MediaTool> tool_;
  std::unique_ptr<Transcriber> transcriber_;
  std::unique_ptr<RateLimiter> limiter_;
  std::unique_ptr<ServedEmbedder> embedder_;
  std::unique_ptr<ServedWordEmbedder> reader_;
  std::unique_ptr<ServedWordEmbedder> english_reader_;
  std::unique_ptr<ServedLanguageModel> language_model_;
  jobs::Queue queue_;
  jobs::Cron cron_;
  jobs::EventLog events_;
  accounts::Accounts accounts_;
  media::Media media_;
  media::Uploads uploads_;
  ai::Ai ai_;
  search::Search search_;
  search::VideoSearch video_search_;
  chat::Chats chats_;
  pipeline::Pipeline pipeline_;
  http::Cursors cursors_;
  http::Repeats repeats_;
  api::Services services_;
  api::v1::LiveJobs live_jobs_;
  api::v1::LiveUploads live_uploads_;
  api::console::Console console_;
  http::Router router_;
  api::Meter meter_;
  api::AccountsGate gate_;
  http::AnswerMeter answer_meter_;
  Readings readings_;
  asio::any_io_executor executor_;  ///< of the listening socket
  std::unique_ptr<http::Server> listener_;
};

Result<Opened> open_parts(const Config& config, const DataDirectory& directory, WiredServer::Pools& pools, Clock& clock,
                          Log& log) {
  Opened opened;
  auto random = open_system_random();
  if (!random) return std::unexpected(std::move(random.error()));
  opened.random = *std::move(random);
  auto secrets = read_secrets(config, directory, *opened.random);
  if (!secrets) return std::unexpected(std::move(secrets.error()));
  opened.secrets = *std::move(secrets);
  auto database = open_database(config.database_url, clock, log);
  if (!database) return std::unexpected(std::move(database.error()));
  opened.database = *std::move(database);
  const BlobStoreSettings blob_settings{directory.blobs().string(), config.free_disk_bytes_min};
  auto blobs = open_blob_store(blob_settings, pools.files, *opened.random);
  if (!blobs) return std::unexpected(std::move(blobs.error()));
  opened.blobs = *std::move(blobs);
  auto index = open_embedded_search_index(directory.search(), pools.search, log);
  if (!index) return std::unexpected(std::move(index.error()));
  opened.index = *std::move(index);
  return opened;
}

}  // namespace

Result<std::unique_ptr<Server>> Server::open(const Config& config, const DataDirectory& directory,
                                             asio::any_io_executor executor, Clock& clock, Log& log) {
  auto pools = std::make_unique<WiredServer::Pools>();
  auto opened = open_parts(config, directory, *pools, clock, log);
  if (!opened) return std::unexpected(std::move(opened.error()));
  auto server = std::make_unique<WiredServer>(config, directory, std::move(pools), *std::move(opened), clock, log);
  if (auto listening = server->listen(config, std::move(executor), clock, log); !listening)
    return std::unexpected(std::move(listening.error()));
  return server;
}

}  // namespace kinora::app
