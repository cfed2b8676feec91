#pragma once

#include "adapters/blob_store/open.hpp"
#include "base/pool.hpp"
#include "jobs/audit.hpp"
#include "modules/accounts/accounts.hpp"
#include "modules/media/uploads.hpp"
#include "modules/pipeline/pipeline.hpp"
#include "modules/pipeline/stages.hpp"
#include "tests/world.hpp"

namespace kinora::testing {

/// One start of the server, as far as rows and blobs go: everything over one folder. Stages are jobs that nobody works on.
struct Start {
  Start(const std::filesystem::path& folder, ManualClock& clock, Random& random, Log& log)
      : database(open_database("sqlite:" + (folder / "kinora.db").string(), clock, log).value()),
        blobs(open_blob_store({(folder / "blobs").string(), 0}, files, random).value()),
        queue({.worker = "one", .scratch = folder / "scratch"}, *database, clock, random, log),
        events(queue, *database, clock, random, log),
        accounts({.jwt_secret = "access", .refresh_secret = "refresh", .session_secret = "session"}, *database, clock, random),
        media({.grant_secret = "secret"}, *database, *blobs, events, clock, random),
        uploads({.bytes_max = 1 << 30}, media, *database, *blobs, clock, random),
        pipeline(*database, queue, events, {}) {
    for (const auto& stage : pipeline::stages())
      queue.add_workers({{std::string(stage.job_kind), jobs::Lane::light, std::chrono::seconds(60), {}}});
    media.set_on_accepted(pipeline);
    uploads.set_on_accepted(pipeline);
    queue.set_observer(pipeline);
  }
  ~Start() { files.join(); }

  template <class T, class... Args, class... Given>
  Result<T> write(Task<Result<T>> (*body)(Transaction, Args...), Given... given) {
    return run(database->transact(Caller::system("test"), body, std::move(given)...));
  }
  template <class T, class... Args, class... Given>
  Result<T> read(Task<Result<T>> (*body)(Transaction, Args...), Given... given) {
    return run(database->read(Caller::system("test"), body, std::move(given)...));
  }

  Pool files{"files", 1, 16};
  std::unique_ptr<Database> database;
  std::unique_ptr<BlobStore> blobs;
  jobs::Queue queue;
  jobs::EventLog events;
  accounts::Accounts accounts;
  media::Media media;
  media::Uploads uploads;
  pipeline::Pipeline pipeline;
};

}  // namespace kinora::testing
