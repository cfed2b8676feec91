#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/json.hpp"
#include "http/reply.hpp"
#include "http/view_schema.hpp"

/// What a route function may return beside a plain view (an aggregate, written as JSON with 200).
namespace kinora::http {

/// 201 and where the new thing is; empty when it has no address.
template <class View>
struct Created {
  std::string location;
  View view;
};

/// 202: a job goes on with it; `location` is the job's address.
template <class View>
struct Accepted {
  View view;
  std::string location{};
};

struct NoContent {};

/// A view, NoContent or Created with further fields: ETag (which lets the engine answer If-None-Match), Set-Cookie, tus.
template <class View>
struct WithHeaders {
  View view;
  Headers headers;
};

/// A view whose strong ETag is its row's version.
template <class View>
WithHeaders<View> with_version(View view, std::int64_t version) {
  return {std::move(view), {{"ETag", '"' + std::to_string(version) + '"'}}};
}

/// Text that is no JSON: playlists, captions, pages, metrics.
struct Plain {
  std::string content_type;
  std::string body;
  Headers headers{};
  int status = 200;
};

/// Bytes out of a blob: ETag, Range with 206 and 416, If-Range, HEAD.
struct FileReply {
  std::string content_type;
  FileBody file;
  std::string etag{};           ///< strong, with its quotes; empty = none
  std::string cache_control{};  ///< empty = private, revalidated each time
  std::string disposition{};    ///< Content-Disposition; empty = none
  Headers headers{};
};
/// Bytes that outlive the answer (part of the program).
FileReply file_of_bytes(std::string_view bytes, std::string content_type);
/// `attachment; filename*=UTF-8''...`, safe for any name.
std::string attachment_named(std::string_view filename);

Reply reply_of(NoContent);
Reply reply_of(Plain plain);
Reply reply_of(FileReply file);
Reply reply_of(EventStream stream);
Reply json_reply(int status, std::string json);

/// How a type of answer becomes a Reply, and what OpenAPI says of it.
template <class View>
struct Answer {
  static Reply reply(View view, int success) { return json_reply(success, to_json(view)); }
  static void describe(boost::json::object& responses, Schemas& schemas, int success) {
    boost::json::object content{{"application/json", {{"schema", view_schema<View>(schemas)}}}};
    responses[std::to_string(success)] = {{"description", "Success"}, {"content", std::move(content)}};
  }
};

namespace detail {

void describe_response(boost::json::object& responses, int status, std::string_view description, std::string_view content_type);

}  // namespace detail

template <class View>
struct Answer<Created<View>> {
  static Reply reply(Created<View> created, int) {
    auto reply = Answer<View>::reply(std::move(created.view), 201);
    if (!created.location.empty()) set_header(reply.headers, "Location", std::move(created.location));
    return reply;
  }
  static void describe(boost::json::object& responses, Schemas& schemas, int) {
    Answer<View>::describe(responses, schemas, 201);
  }
};

template <class View>
struct Answer<Accepted<View>> {
  static Reply reply(Accepted<View> accepted, int) {
    auto reply = Answer<View>::reply(std::move(accepted.view), 202);
    if (!accepted.location.empty()) set_header(reply.headers, "Location", std::move(accepted.location));
    return reply;
  }
  static void describe(boost::json::object& responses, Schemas& schemas, int) {
    Answer<View>::describe(responses, schemas, 202);
  }
};

template <class View>
struct Answer<WithHeaders<View>> {
  static Reply reply(WithHeaders<View> answer, int success) {
    auto reply = Answer<View>::reply(std::move(answer.view), success);
    for (auto& header : answer.headers) reply.headers.push_back(std::move(header));
    return reply;
  }
  static void describe(boost::json::object& responses, Schemas& schemas, int success) {
    Answer<View>::describe(responses, schemas, success);
  }
};

/// Content that is negotiated, or a handler that answers now or later.
template <class... Views>
struct Answer<std::variant<Views...>> {
  static Reply reply(std::variant<Views...> answer, int success) {
    return std::visit([&]<class View>(View& view) { return Answer<View>::reply(std::move(view), success); }, answer);
  }
  static void describe(boost::json::object& responses, Schemas& schemas, int success) {
    (Answer<Views>::describe(responses, schemas, success), ...);
  }
};

template <>
struct Answer<NoContent> {
  static Reply reply(NoContent, int success) {
    auto reply = reply_of(NoContent{});
    if (success != 200) reply.status = success;
    return reply;
  }
  static void describe(boost::json::object& responses, Schemas&, int success) {
    detail::describe_response(responses, success == 200 ? 204 : success, "Done", {});
  }
};
template <>
struct Answer<Plain> {
  static Reply reply(Plain plain, int) { return reply_of(std::move(plain)); }
  static void describe(boost::json::object& responses, Schemas&, int success) {
    detail::describe_response(responses, success, "Success", {});  // RouteSpec::content_types says what it is
  }
};
template <>
struct Answer<FileReply> {
  static Reply reply(FileReply file, int) { return reply_of(std::move(file)); }
  static void describe(boost::json::object& responses, Schemas&, int) {
    detail::describe_response(responses, 200, "The file", "application/octet-stream");
    detail::describe_response(responses, 206, "The part asked for by Range", "application/octet-stream");
  }
};
template <>
struct Answer<EventStream> {
  static Reply reply(EventStream stream, int) { return reply_of(std::move(stream)); }
  static void describe(boost::json::object& responses, Schemas&, int success) {
    detail::describe_response(responses, success, "Server-sent events", "text/event-stream");
  }
};
template <>
struct Answer<Reply> {
  static Reply reply(Reply reply, int) { return reply; }
  static void describe(boost::json::object& responses, Schemas&, int success) {
    detail::describe_response(responses, success, "Success", {});
  }
};

}  // namespace kinora::http
