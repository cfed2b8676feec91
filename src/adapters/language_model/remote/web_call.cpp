#include "adapters/language_model/remote/web_call.hpp"

#include <curl/curl.h>

#include <memory>

namespace kinora {

namespace {

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Headers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

/// What arrives, as far as it may.
struct Arriving {
  std::string body;
  std::size_t bytes_max;
  bool is_too_large = false;
};

std::size_t take(char* bytes, std::size_t, std::size_t count, void* target) {
  auto& arriving = *static_cast<Arriving*>(target);
  arriving.is_too_large = arriving.body.size() + count > arriving.bytes_max;
  if (arriving.is_too_large) return 0;
  arriving.body.append(bytes, count);
  return count;
}

int look_whether_given_up(void* flag, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(flag)->load() ? 1 : 0;
}

Headers headers_of(const WebCall& call) {
  auto* list = curl_slist_append(nullptr, "Content-Type: application/json");
  if (!call.key.empty()) list = curl_slist_append(list, ("Authorization: Bearer " + call.key).c_str());
  return {list, &curl_slist_free_all};
}

void set_bounds(CURL* curl, const WebCall& call) {
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(call.limit.count()));
  curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(call.reply_bytes_max));
}

void set_watch(CURL* curl, const std::atomic<bool>& given_up) {
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &look_whether_given_up);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &given_up);
}

std::unexpected<Error> error_of(CURLcode code, const Arriving& arriving) {
  if (arriving.is_too_large || code == CURLE_FILESIZE_EXCEEDED)
    return fail(ErrorKind::too_large, "the language model's reply does not end");
  if (code == CURLE_OPERATION_TIMEDOUT) return fail(ErrorKind::timeout, "the language model took too long");
  if (code == CURLE_ABORTED_BY_CALLBACK) return fail(ErrorKind::cancelled, "was stopped");
  return fail(ErrorKind::unavailable, std::string("the language model cannot be reached: ") + curl_easy_strerror(code));
}

WebReply reply_from(CURL* curl, Arriving arriving) {
  long status = 0;
  curl_off_t retry_after = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after);
  return {static_cast<int>(status), std::move(arriving.body), std::chrono::seconds(retry_after)};
}

}  // namespace

Result<WebReply> post_json(const WebCall& call, const std::atomic<bool>& given_up) {
  static const auto started = curl_global_init(CURL_GLOBAL_DEFAULT);
  const Handle curl(started == CURLE_OK ? curl_easy_init() : nullptr, &curl_easy_cleanup);
  if (!curl) return fail(ErrorKind::unavailable, "libcurl does not start");
  const auto headers = headers_of(call);
  Arriving arriving{.body = {}, .bytes_max = call.reply_bytes_max};
  curl_easy_setopt(curl.get(), CURLOPT_URL, call.url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, call.body.data());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &take);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &arriving);
  set_bounds(curl.get(), call);
  set_watch(curl.get(), given_up);
  const auto code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) return error_of(code, arriving);
  return reply_from(curl.get(), std::move(arriving));
}

}  // namespace kinora
