#pragma once

#include <chrono>

#include "http/lateness.hpp"
#include "http/request_body.hpp"
#include "http/server.hpp"
#include "http/turnstile.hpp"
#include "http/wire.hpp"

namespace kinora::http {

/// What all connections of a server share.
struct Service {
  const ListenSettings& settings;
  const ServerParts& parts;
  ProblemJson problem_json{};
  UnionEnvelope union_envelope{};
  mutable Turnstile turnstile{settings.limits.requests};
  mutable Lateness lateness{};
};

/// One request and its answer.
class Exchange {
 public:
  Exchange(const Service& service, Wire& wire, Head head);

  /// Yields whether the connection may take a further request.
  Task<Result<bool>> run();

 private:
  std::chrono::milliseconds work_time() const;
  Task<Reply> answer();
  Task<Result<Reply>> handle();
  static bool needs_place(const Route& route);
  Task<Result<Reply>> call_handler(const Route& route);
  Task<Result<Reply>> call_admitted(const Route& route);
  Result<Reply> answer_without_route() const;
  Task<Result<void>> prepare_body(Reply& reply);
  Reply error_reply(Error error);
  void complete(Reply& reply);

  Task<Result<void>> send(Reply& reply);
  Task<Result<bool>> still_admitted();
  Task<Result<void>> send_file(std::string head, std::uint64_t size_bytes);
  Task<Result<void>> send_pieces(std::string head, FilePiece piece, std::uint64_t size_bytes);
  bool wants_keep_alive() const;
  void log(int status) const;

  const Service& service_;
  Wire& wire_;
  Head head_;
  Match match_;
  RequestBody body_;
  Headers gate_headers_;
  Caller caller_{};  ///< whom the gate let in
  std::unique_ptr<BlobReader> file_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::uint64_t sent_bytes_ = 0;
  bool keep_alive_ = true;
};

}  // namespace kinora::http
