#include "api/v1/credentials.hpp"

namespace kinora::api::v1 {

namespace {

std::unexpected<Error> wrong(std::string member, std::string code, std::string message) {
  auto whole = member + ' ' + message;
  return std::unexpected(
      Error{ErrorKind::invalid, std::move(whole), {}, {{"/body/" + member, std::move(code), std::move(message)}}});
}

// In a merge patch (RFC 7396) null removes; the module takes an empty text as that.
template <class Field>
std::optional<std::string> patched(const Field& field) {
  if (field.was_null) return std::string();
  return field ? std::optional(field->value) : std::nullopt;
}

}  // namespace

Task<Result<UserView>> change_me(Services& app, Caller caller, ChangeMe ask) {
  if (ask.body.name.was_null) co_return wrong("name", "required", "cannot be removed");
  accounts::UserChange change{
      .name = patched(ask.body.name), .avatar_url = patched(ask.body.avatar_url), .locale = patched(ask.body.locale)};
  const auto& picture = change.avatar_url.value_or("");
  // Shown as an image by front ends: never a scheme that runs.
  if (!picture.empty() && !picture.starts_with("https://") && !picture.starts_with("http://"))
    co_return wrong("avatar_url", "invalid_url", "must begin with https:// or http://");
  co_return view_of(co_await ok(app.accounts.change_me(std::move(caller), std::move(change))));
}

Task<Result<http::WithHeaders<http::Accepted<ErasureView>>>> erase_me(Services& app, Caller caller, EraseMe ask) {
  const auto id = co_await ok(app.accounts.erase(caller, std::move(ask.body.password)));
  const auto job = co_await ok(app.queue.find(Caller::system(caller.request_id), id));
  http::Headers headers;
  if (session_cookie(ask.head)) headers.push_back(clear_session_cookie(app.cookies, ask.head.peer));
  http::Accepted<ErasureView> accepted{{view_of(job.value_or(jobs::Job{}))}, "/api/v1/jobs/" + id.text()};
  co_return http::WithHeaders<http::Accepted<ErasureView>>{std::move(accepted), std::move(headers)};
}

Task<Result<http::NoContent>> change_password(Services& app, Caller caller, ChangePassword ask) {
  auto& [current, wanted] = ask.body;
  co_await ok(app.accounts.change_password(std::move(caller), std::move(current), std::move(wanted)));
  co_return http::NoContent{};
}

}  // namespace kinora::api::v1
