#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/shared/session_cookie.hpp"
#include "api/shared/system_facts.hpp"
#include "api/shared/upload_slots.hpp"
#include "base/health.hpp"
#include "http/cursors.hpp"
#include "http/repeats.hpp"
#include "jobs/event_log.hpp"
#include "jobs/queue.hpp"
#include "modules/accounts/accounts.hpp"
#include "modules/ai/ai.hpp"
#include "modules/chat/chat.hpp"
#include "modules/media/media.hpp"
#include "modules/pipeline/pipeline.hpp"
#include "modules/search/search.hpp"
#include "ports/clock.hpp"
#include "ports/live_bus.hpp"

namespace kinora::api {

/// The one struct that route functions take: every module, and what a surface must know of the server itself. Made by
/// app/wiring.cpp; all outlive the server.
struct Services {
  accounts::Accounts& accounts;
  media::Media& media;
  media::Uploads& uploads;
  ai::Ai& ai;
  search::Search& search;
  search::VideoSearch& video_search;
  chat::Chats& chats;
  pipeline::Pipeline& pipeline;
  jobs::Queue& queue;
  jobs::EventLog& events;
  LiveBus& live;
  http::Cursors& cursors;
  http::Repeats& repeats;
  Clock& clock;
  std::string version;
  std::uint64_t upload_bytes_max = 0;
  CookieRules cookies{};
  UploadSlots upload_slots{};
  std::vector<HealthPart> health{};
  bool tells_health_detail = false;  ///< why a part is not up
  SystemFacts facts{};
  Watched watched{};
  /// The OpenAPI document of v1, made once its routes are.
  std::string openapi{};
};

}  // namespace kinora::api
