#pragma once

#include <array>
#include <string_view>

#include "api/services.hpp"
#include "http/ask.hpp"
#include "http/reply.hpp"

/// The requests of tus and the function that answers each; routes.cpp lists them with their rules.
namespace kinora::api::tus {

Task<Result<http::Reply>> describe_server(Services& app, Caller caller);

struct CreateFile {
  static constexpr std::array<std::string_view, 3> told_by{"Upload-Length", "Upload-Defer-Length", "Upload-Metadata"};

  http::Head head;
  http::RawBody body;
};
Task<Result<http::Reply>> create_file(Services& app, Caller caller, CreateFile ask);
/// As its creation was answered, but with how far it has come since.
Task<Result<http::Reply>> created_file(Services& app, Caller caller, UploadId id);

struct OneFile {
  struct Path {
    UploadId id;
  } path;
  http::Head head;
};
Task<Result<http::Reply>> show_file(Services& app, Caller caller, OneFile ask);
Task<Result<http::Reply>> delete_file(Services& app, Caller caller, OneFile ask);

struct AppendToFile {
  struct Path {
    UploadId id;
  } path;
  http::Head head;
  http::RawBody body;
};
Task<Result<http::Reply>> append_to_file(Services& app, Caller caller, AppendToFile ask);
/// A POST that means another method, from clients whose environment knows only GET and POST.
Task<Result<http::Reply>> overridden(Services& app, Caller caller, AppendToFile ask);

}  // namespace kinora::api::tus
