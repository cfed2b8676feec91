#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"

namespace kinora::app {

/// A running server, asked over its native interface as any client would. Blocks: for a command.
class ApiClient {
 public:
  /// `server` is http(s)://address[:port]; `token` an access token or the secret of an API key. Errors: invalid.
  static Result<ApiClient> to(std::string server, std::string token);

  /// Each yields the body of an answer below 300. Errors: unavailable (no answer), invalid (what the server says).
  Result<std::string> get(const std::string& target) { return request("GET", target, {}); }
  Result<std::string> post(const std::string& target, const std::string& json) { return request("POST", target, json); }
  Result<std::string> remove(const std::string& target) { return request("DELETE", target, {}); }
  /// A form with one file.
  Result<std::string> upload(const std::string& target, std::string_view filename, std::string_view bytes);

  const std::string& server() const { return server_; }

 private:
  ApiClient(std::string server, std::string token);
  Result<std::string> request(const char* method, const std::string& target, const std::string& json);
  Result<std::string> perform(const std::string& target, const char* content_type);

  std::string server_;
  std::string token_;
  std::unique_ptr<void, void (*)(void*)> curl_;  ///< keeps its connection from one request to the next
};

/// The JSON of an answer, as T.
template <class T>
Result<T> read_as(const Result<std::string>& body) {
  if (!body) return std::unexpected(body.error());
  return from_json_text<T>(*body);
}

/// A value of a query: `a b` is `a%20b`.
std::string percent_encoded(std::string_view text);

}  // namespace kinora::app
