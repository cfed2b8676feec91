#include "api/tus/routes.hpp"

#include "api/tus/files.hpp"
#include "http/repeats.hpp"

namespace kinora::api::tus {

namespace {

class Envelope final : public http::ErrorEnvelope {
 public:
  http::Reply render(const http::Problem& problem) const override {
    auto reply = json_.render(problem);
    http::set_header(reply.headers, "Tus-Resumable", "1.0.0");
    if (problem.status == 412) http::set_header(reply.headers, "Tus-Version", "1.0.0");
    return reply;
  }

 private:
  http::ProblemJson json_;
};

}  // namespace

std::shared_ptr<const http::ErrorEnvelope> envelope() { return std::make_shared<Envelope>(); }

std::vector<http::Route> routes(Services& app) {
  using enum http::Method;
  using enum http::Access;
  using http::LimitClass;
  using http::once;
  using http::route;
  constexpr auto none = LimitClass::none;  // pieces are limited by bytes and by connections
  // clang-format off
  return {
      route(app, {options, "/files", anyone, none, "What this tus server can do", {}}, describe_server),
      once(app, {.method = post, .path = "/files", .access = either, .limit = LimitClass::upload,
                 .summary = "Begin a resumable upload", .success = 201, .time_max = 3600s}, create_file, created_file),
      route(app, {head, "/files/{id}", either, none, "Where an upload stands", {410, 423}}, show_file),
      route(app, {.method = patch, .path = "/files/{id}", .access = either, .limit = none,
                  .summary = "Send the next bytes of an upload", .errors = {409, 410, 423, 460}, .success = 204, .time_max = 3600s}, append_to_file),
      route(app, {delete_, "/files/{id}", either, none, "Give an upload up", {409, 410, 423}}, delete_file),
      route(app, {.method = post, .path = "/files/{id}", .access = either, .limit = none,
                  .summary = "PATCH or DELETE, by X-HTTP-Method-Override", .errors = {409, 410, 423, 460}, .success = 204, .time_max = 3600s}, overridden),
  };
  // clang-format on
}

}  // namespace kinora::api::tus
