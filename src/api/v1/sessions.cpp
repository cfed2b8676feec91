#include "api/v1/credentials.hpp"

namespace kinora::api::v1 {

namespace {

SessionView view_of(const accounts::Session& session, const Caller& caller) {
  return {.id = session.id,
          .kind = session.type,
          .user_agent = session.user_agent,
          .ip = session.address,
          .last_seen_at = session.last_seen_at,
          .expires_at = session.expires_at,
          .current = caller.session == session.id,
          .created_at = session.created_at,
          .updated_at = session.last_seen_at};
}

http::WithHeaders<http::NoContent> without_cookie(const Services& app, const http::Head& head) {
  http::Headers headers;
  if (session_cookie(head)) headers.push_back(clear_session_cookie(app.cookies, head.peer));
  return {{}, std::move(headers)};
}

}  // namespace

Task<Result<ListView<SessionView>>> list_sessions(Services& app, Caller caller) {
  const auto sessions = co_await ok(app.accounts.sessions(caller));
  ListView<SessionView> list;
  for (const auto& session : sessions) list.data.push_back(view_of(session, caller));
  co_return list;
}

Task<Result<http::NoContent>> end_session(Services& app, Caller caller, OneSession ask) {
  co_await ok(app.accounts.end_session(std::move(caller), ask.path.id));
  co_return http::NoContent{};
}

Task<Result<http::WithHeaders<http::NoContent>>> log_out(Services& app, Caller caller, LogOut ask) {
  co_await ok(app.accounts.log_out(std::move(caller)));
  co_return without_cookie(app, ask.head);
}

Task<Result<http::WithHeaders<http::NoContent>>> log_out_everywhere(Services& app, Caller caller, LogOut ask) {
  co_await ok(app.accounts.log_out_everywhere(std::move(caller)));
  co_return without_cookie(app, ask.head);
}

Task<Result<http::Created<TicketView>>> make_ticket(Services& app, Caller caller) {
  auto ticket = co_await ok(app.accounts.make_ticket(std::move(caller)));
  co_return http::Created<TicketView>{{}, {std::move(ticket.text), ticket.expires_at}};
}

}  // namespace kinora::api::v1
