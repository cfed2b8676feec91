#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/log.hpp"
#include "base/task.hpp"
#include "http/answer_meter.hpp"
#include "http/cors.hpp"
#include "http/gate.hpp"
#include "http/problem.hpp"
#include "http/proxies.hpp"
#include "http/router.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"

namespace kinora::http {

/// PEM files.
struct TlsFiles {
  std::filesystem::path certificate_chain;
  std::filesystem::path private_key;
};

/// How long each wait may last, and how much there may be. What expires is closed within one `tick`.
struct Limits {
  HeadLimits head{};
  std::size_t connections = 4096;
  std::size_t requests = 256;                     ///< worked on at once; beyond, they are told to come again
  std::chrono::milliseconds head_time{10'000};    ///< from the first byte of a head to its last, and for a TLS handshake
  std::chrono::milliseconds body_time{30'000};    ///< for each next piece of a body
  std::size_t body_rate_min = 1024;               ///< bytes a second that a body must have come at, body_time aside
  std::chrono::milliseconds idle_time{75'000};    ///< between requests
  std::chrono::milliseconds write_time{30'000};   ///< for each next piece of an answer: slow readers
  std::chrono::milliseconds event_pause{15'000};  ///< a stream silent for so long gets a comment
  std::chrono::milliseconds event_check{4'000};   ///< after which a stream's caller must still be who he was
  std::chrono::milliseconds grace_time{10'000};   ///< for running requests once the server stops
  std::chrono::milliseconds tick{250};
};

struct ListenSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any free one, see Server::port()
  std::optional<TlsFiles> tls{};
  Limits limits{};
  CorsRules cors{};
  TrustedProxies proxies{};
  ErrorTexts error_texts = ErrorTexts::generic;
};

/// What serving needs; all outlive the server.
struct ServerParts {
  const Router& router;
  Gate& gate;
  Log& log;
  Random& random;
  const Clock& clock;
  /// Called instead of a log line when a route answered a status it does not declare; tests fail there.
  std::function<void(const RouteSpec&, int status)> on_undeclared{};
  AnswerMeter* meter = nullptr;  ///< hears of each answer; null: nobody does
};

/// One listening socket and its connections.
class Server {
 public:
  /// Binds and listens at once, so that a taken port is an error here and no connection is refused before serve() runs.
  static Result<std::unique_ptr<Server>> open(asio::any_io_executor executor, ListenSettings settings, ServerParts parts);
  virtual ~Server() = default;

  virtual std::uint16_t port() const = 0;
  /// Accepts until its fiber is stopped; then closes idle connections and streams, lets running requests end within the grace
  /// time, stops the rest, and returns when all are closed. Spawn it once, on the executor given to open().
  virtual Task<void> serve() = 0;
};

}  // namespace kinora::http
