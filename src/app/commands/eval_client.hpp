#pragma once

#include <map>
#include <string>

#include "app/commands/eval_report.hpp"

namespace kinora::app {

/// A server over plain HTTP, asked by its native interface with an access token. Blocks: for a command.
class EvalClient {
 public:
  /// `server` is http://address:port. Errors: invalid.
  static Result<EvalClient> to(const std::string& server, std::string token);

  /// Begins a chat that asks about everything its owner may see.
  Result<void> begin();
  Result<EvalAnswer> ask(EvalQuestion question);
  /// The chat goes again: an evaluation leaves nothing behind.
  Result<void> end();

 private:
  EvalClient(std::string host, std::string port, std::string token)
      : host_(std::move(host)), port_(std::move(port)), token_(std::move(token)) {}
  Result<std::string> request(const std::string& method, const std::string& target, const std::string& body);
  Result<bool> is_said(const EvalPassage& quote);

  std::string host_;
  std::string port_;
  std::string token_;
  std::string chat_;
  std::map<std::string, std::string> transcripts_;  // by video
};

}  // namespace kinora::app
