#include "http/response_head.hpp"

#include <fmt/compile.h>

#include <algorithm>
#include <array>

#include "http/header_values.hpp"

namespace kinora::http {

namespace {

std::string_view reason_of(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "";  // the phrase is optional and nobody reads it (RFC 9112 section 4)
  }
}

bool is_control(char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f; }

void append_field(std::string& text, std::string_view name, std::string_view value) {
  text += name;
  text += ": ";
  if (std::ranges::none_of(value, is_control))
    text += value;
  else
    std::ranges::remove_copy_if(value, std::back_inserter(text), is_control);
  text += "\r\n";
}

void append_protection(std::string& text, const Reply& reply, const Framing& framing) {
  text += "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n";
  if (find_header(reply.headers, "Content-Security-Policy") == nullptr)
    text += "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'\r\n";
  if (framing.is_tls) text += "Strict-Transport-Security: max-age=31536000\r\n";
  if (find_header(reply.headers, "Cache-Control") == nullptr) text += "Cache-Control: no-store\r\n";
}

}  // namespace

std::string http_date(Time time) {
  constexpr auto days = std::to_array<std::string_view>({"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"});
  constexpr auto months =
      std::to_array<std::string_view>({"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format(FMT_COMPILE("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT"), days[std::chrono::weekday(day).c_encoding()],
                     unsigned{date.day()}, months[unsigned{date.month()} - 1], int{date.year()}, clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::string response_head(const Reply& reply, const Head& head, Framing framing, Time now) {
  std::string text;
  text.reserve(1024);
  text += "HTTP/1.1 " + std::to_string(reply.status) + ' ';
  text += reason_of(reply.status);
  text += "\r\n";
  append_field(text, "Date", http_date(now));
  if (!reply.content_type.empty()) append_field(text, "Content-Type", reply.content_type);
  if (framing.content_length) append_field(text, "Content-Length", std::to_string(*framing.content_length));
  if (!framing.keep_alive) append_field(text, "Connection", "close");
  if (framing.keep_alive && framing.is_http_1_0) append_field(text, "Connection", "keep-alive");
  append_field(text, "X-Request-Id", head.request_id);
  if (const auto trace = head.traceparent(); !trace.empty()) append_field(text, "traceparent", trace);
  append_protection(text, reply, framing);
  for (const auto& [name, value] : reply.headers) append_field(text, name, value);
  text += "\r\n";
  return text;
}

}  // namespace kinora::http
