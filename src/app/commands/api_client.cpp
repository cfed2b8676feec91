#include "app/commands/api_client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

namespace kinora::app {

namespace {

constexpr std::size_t reply_bytes_max = 64 << 20;
constexpr long answer_seconds_max = 300;

struct Problem {
  std::string detail;
};

std::size_t keep(const char* bytes, std::size_t, std::size_t count, void* kept) {
  auto& body = *static_cast<std::string*>(kept);
  if (body.size() + count > reply_bytes_max) return 0;
  body.append(bytes, count);
  return count;
}

Result<std::string> judged(long status, std::string body) {
  if (status < 300) return body;
  const auto problem = from_json_text<Problem>(body);
  return fail(ErrorKind::invalid, fmt::format("the server answers {}: {}", status, problem ? problem->detail : body));
}

}  // namespace

Result<ApiClient> ApiClient::to(std::string server, std::string token) {
  if (!server.starts_with("http://") && !server.starts_with("https://"))
    return fail(ErrorKind::invalid, "the server " + server + " must be written as http://address:port");
  while (server.ends_with('/')) server.pop_back();
  return ApiClient(std::move(server), std::move(token));
}

ApiClient::ApiClient(std::string server, std::string token)
    : server_(std::move(server)), token_(std::move(token)), curl_(curl_easy_init(), curl_easy_cleanup) {}

Result<std::string> ApiClient::request(const char* method, const std::string& target, const std::string& json) {
  curl_easy_reset(curl_.get());
  curl_easy_setopt(curl_.get(), CURLOPT_CUSTOMREQUEST, method);
  if (!json.empty()) curl_easy_setopt(curl_.get(), CURLOPT_COPYPOSTFIELDS, json.c_str());
  return perform(target, json.empty() ? "" : "application/json");
}

Result<std::string> ApiClient::upload(const std::string& target, std::string_view filename, std::string_view bytes) {
  curl_easy_reset(curl_.get());
  const std::unique_ptr<curl_mime, void (*)(curl_mime*)> form(curl_mime_init(curl_.get()), curl_mime_free);
  auto* part = curl_mime_addpart(form.get());
  curl_mime_name(part, "file");
  curl_mime_filename(part, std::string(filename).c_str());
  curl_mime_data(part, bytes.data(), bytes.size());
  curl_easy_setopt(curl_.get(), CURLOPT_MIMEPOST, form.get());
  return perform(target, "");
}

Result<std::string> ApiClient::perform(const std::string& target, const char* content_type) {
  std::string body;
  std::unique_ptr<curl_slist, void (*)(curl_slist*)> fields(
      curl_slist_append(nullptr, ("Authorization: Bearer " + token_).c_str()), curl_slist_free_all);
  if (*content_type != '\0') curl_slist_append(fields.get(), fmt::format("Content-Type: {}", content_type).c_str());
  curl_easy_setopt(curl_.get(), CURLOPT_URL, (server_ + target).c_str());
  curl_easy_setopt(curl_.get(), CURLOPT_HTTPHEADER, fields.get());
  curl_easy_setopt(curl_.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl_.get(), CURLOPT_TIMEOUT, answer_seconds_max);
  curl_easy_setopt(curl_.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl_.get(), CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(curl_.get(), CURLOPT_WRITEDATA, &body);
  if (const auto failed = curl_easy_perform(curl_.get()); failed != CURLE_OK)
    return fail(ErrorKind::unavailable, fmt::format("no server answers at {} ({})", server_, curl_easy_strerror(failed)));
  long status = 0;
  curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
  return judged(status, std::move(body));
}

std::string percent_encoded(std::string_view text) {
  const std::unique_ptr<char, void (*)(void*)> encoded(curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())),
                                                       curl_free);
  return encoded.get();
}

}  // namespace kinora::app
