#include "http/problem.hpp"

#include <algorithm>
#include <array>

#include "base/json.hpp"

namespace kinora::http {

namespace {

constexpr auto codes = std::to_array<ProblemCode>({
    {"malformed", 400, "The request cannot be read"},
    {"invalid_cursor", 400, "The cursor does not belong to this list"},
    {"unauthorized", 401, "Sign in first"},
    {"token_expired", 401, "The token has expired"},
    {"invalid_credentials", 401, "The e-mail address or the password is wrong"},
    {"forbidden", 403, "This is not allowed"},
    {"csrf_failed", 403, "The request did not come from an allowed page"},
    {"https_required", 403, "This needs HTTPS"},
    {"registration_closed", 403, "Registration is closed"},
    {"quota_exceeded", 403, "The plan's limit is reached"},
    {"not_found", 404, "Not found"},
    {"method_not_allowed", 405, "This method is not allowed here"},
    {"not_acceptable", 406, "None of the accepted types is available"},
    {"request_timeout", 408, "The request did not arrive in time"},
    {"conflict", 409, "The present state does not allow this"},
    {"email_taken", 409, "The e-mail address is taken"},
    {"not_ready", 409, "Not ready yet"},
    {"idempotency_mismatch", 409, "The idempotency key was used for another request"},
    {"expired", 410, "Its time has passed"},
    {"stale", 412, "It has changed since it was read"},
    {"tus_version", 412, "This version of tus is not supported"},
    {"too_large", 413, "Too large"},
    {"uri_too_long", 414, "The address is too long"},
    {"unsupported_media", 415, "This kind of content is not supported"},
    {"range_not_satisfiable", 416, "The range lies outside the file"},
    {"validation_failed", 422, "Some fields are wrong"},
    {"malware_found", 422, "The file is infected"},
    {"precondition_required", 428, "If-Match is needed"},
    {"rate_limited", 429, "Too many requests"},
    {"headers_too_large", 431, "The request's headers are too large"},
    {"locked", 423, "Another request is at work on it"},
    {"checksum_mismatch", 460, "The checksum does not match the bytes"},
    {"internal", 500, "Something went wrong here"},
    {"media_failed", 500, "The media tool failed"},
    {"not_implemented", 501, "Not implemented"},
    {"model_failed", 502, "The model failed"},
    {"source_unavailable", 502, "The outside source is unavailable"},
    {"unavailable", 503, "Temporarily unavailable"},
    {"timeout", 504, "This took too long"},
    {"version_not_supported", 505, "This version of HTTP is not supported"},
    {"storage_full", 507, "The storage is full"},
});

std::string_view default_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid: return "validation_failed";
    case ErrorKind::unsupported: return "unsupported_media";
    case ErrorKind::too_large: return "too_large";
    case ErrorKind::unauthorised: return "unauthorized";
    case ErrorKind::forbidden: return "forbidden";
    case ErrorKind::not_found: return "not_found";
    case ErrorKind::conflict: return "conflict";
    case ErrorKind::stale: return "stale";
    case ErrorKind::expired: return "expired";
    case ErrorKind::quota: return "quota_exceeded";
    case ErrorKind::rate_limited: return "rate_limited";
    case ErrorKind::unavailable: return "unavailable";
    case ErrorKind::timeout: return "timeout";
    case ErrorKind::cancelled: return "unavailable";
    case ErrorKind::internal: return "internal";
  }
  return "internal";
}

const ProblemCode* find_code(std::string_view code) {
  const auto found = std::ranges::find(codes, code, &ProblemCode::code);
  return found == codes.end() ? nullptr : &*found;
}

struct ProblemBody {
  std::string type;
  std::string title;
  int status;
  std::string detail;
  std::string instance;
  std::string code;
  std::string request_id;
  std::optional<std::string> traceparent;
  std::vector<FieldError> errors;
  int statusCode;
  std::string message;
  std::string error;
};

struct UnionBody {
  bool success;
  std::string error;
  std::string message;
  std::string detail;
  std::string code;
  int statusCode;
  std::string requestId;
};

}  // namespace

ProblemCode code_of(const Error& error) {
  if (const auto* known = find_code(error.code)) return *known;
  auto by_kind = *find_code(default_code(error.kind));
  if (!error.code.empty()) by_kind.code = error.code;
  return by_kind;
}

int status_of(const Error& error) { return code_of(error).status; }

Problem problem_of(Error error, Occurrence of, ErrorTexts texts) {
  const auto code = code_of(error);
  Problem problem{code.status,   std::string(code.code), std::string(code.title), std::move(error.message),
                  std::move(of), std::move(error.fields)};
  if (problem.status >= 500 && texts == ErrorTexts::generic)
    problem.detail = problem.title + ". Ask with this id: " + problem.of.request_id;
  return problem;
}

Reply ProblemJson::render(const Problem& problem) const {
  const auto& trace = problem.of.traceparent;
  const ProblemBody body{"urn:kinora:problem:" + problem.code,
                         problem.title,
                         problem.status,
                         problem.detail,
                         problem.of.instance,
                         problem.code,
                         problem.of.request_id,
                         trace.empty() ? std::nullopt : std::optional(trace),
                         problem.fields,
                         problem.status,
                         problem.detail,
                         problem.title};
  return {problem.status, "application/problem+json", {}, to_json(body)};
}

Reply UnionEnvelope::render(const Problem& problem) const {
  std::string code = problem.code;
  std::ranges::transform(code, code.begin(),
                         [](char letter) { return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 32) : letter; });
  const UnionBody body{false, problem.detail, problem.detail, problem.detail, code, problem.status, problem.of.request_id};
  return {problem.status, "application/json", {}, to_json(body)};
}

void add_required_headers(Reply& reply) {
  const auto add = [&](std::string_view name, std::string value) {
    if (find_header(reply.headers, name) == nullptr) reply.headers.push_back({std::string(name), std::move(value)});
  };
  if (reply.status == 401) add("WWW-Authenticate", "Bearer realm=\"kinora\"");
  if (reply.status == 429 || reply.status == 503) add("Retry-After", "1");
}

}  // namespace kinora::http
