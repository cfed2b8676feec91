#include "api/v1/credentials.hpp"

namespace kinora::api::v1 {

namespace {

ApiKeyView view_of(const accounts::ApiKey& key) {
  ApiKeyView view{.id = key.id,
                  .name = key.name,
                  .scopes = {},
                  .prefix = key.prefix,
                  .last_used_at = key.last_used_at,
                  .expires_at = key.expires_at,
                  .created_at = key.created_at,
                  .updated_at = key.created_at};
  for (const auto& [scope, word] : Names<Scope>::table)
    if (key.scopes.has(scope)) view.scopes.push_back(scope);
  return view;
}

}  // namespace

Task<Result<http::Created<NewApiKeyView>>> make_api_key(Services& app, Caller caller, MakeApiKey ask) {
  accounts::ApiKeyWish wish{.name = std::move(ask.body.name), .expires_at = std::move(ask.body.expires_at)};
  for (const auto scope : ask.body.scopes) wish.scopes.add(scope);
  auto made = co_await ok(app.accounts.make_api_key(std::move(caller), std::move(wish)));
  auto location = "/api/v1/api-keys/" + made.key.id.text();
  co_return http::Created<NewApiKeyView>{std::move(location), {view_of(made.key), std::move(made.secret)}};
}

Task<Result<ListView<ApiKeyView>>> list_api_keys(Services& app, Caller caller) {
  const auto keys = co_await ok(app.accounts.api_keys(std::move(caller)));
  ListView<ApiKeyView> list;
  for (const auto& key : keys) list.data.push_back(view_of(key));
  co_return list;
}

Task<Result<http::NoContent>> remove_api_key(Services& app, Caller caller, OneApiKey ask) {
  co_await ok(app.accounts.remove_api_key(std::move(caller), ask.path.id));
  co_return http::NoContent{};
}

}  // namespace kinora::api::v1
