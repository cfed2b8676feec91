#pragma once

#include <map>
#include <string>

#include "app/commands/api_client.hpp"
#include "app/commands/eval_report.hpp"

namespace kinora::app {

/// Asks a server the questions of an evaluation. Blocks: for a command.
class EvalClient {
 public:
  /// Errors: invalid.
  static Result<EvalClient> to(const std::string& server, std::string token);

  /// Begins a chat that asks about everything its owner may see.
  Result<void> begin();
  Result<EvalAnswer> ask(EvalQuestion question);
  /// The chat goes again: an evaluation leaves nothing behind.
  Result<void> end();

 private:
  explicit EvalClient(ApiClient api) : api_(std::move(api)) {}
  Result<bool> is_said(const EvalPassage& quote);

  ApiClient api_;
  std::string chat_;
  std::map<std::string, std::string> transcripts_;  // by video
};

}  // namespace kinora::app
