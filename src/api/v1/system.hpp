#pragma once

#include "api/v1/resources.hpp"

/// What this server can do, and what it counts.
namespace kinora::api::v1 {

struct FeaturesView {
  bool transcription = false;
  bool semantic_search = false;
  bool written_answers = false;  ///< else they are quotes alone
  bool sign_up = false;          ///< for everybody
};
struct ModelView {
  std::string use;
  std::string name;
  std::string place;
  bool available = false;
};
struct LimitsView {
  std::uint64_t upload_bytes = 0;
  std::int64_t list_items = 0;
  std::int64_t restore_seconds = 0;  ///< in which a deletion can be undone
};
/// What waits and works, for admins.
struct LoadView {
  std::string lane;
  std::string state;
  std::int64_t jobs = 0;
  Time oldest{};
};
struct SystemView {
  std::string version;
  std::string role;
  FeaturesView features{};
  std::vector<ModelView> models{};
  LimitsView limits{};
  std::optional<std::vector<LoadView>> load{};
};
Task<Result<SystemView>> show_system(Services& app, Caller caller);

struct AskMetrics {
  http::Head head;
};
/// Errors: unauthorised (another token), forbidden (no token, and not from this machine).
Task<Result<http::Plain>> show_metrics(Services& app, Caller caller, AskMetrics ask);

}  // namespace kinora::api::v1
