#include "modules/accounts/key_store.hpp"

#include "modules/accounts/person.hpp"
#include "modules/accounts/tokens.hpp"

namespace kinora::accounts {

namespace {

// The mark and 48 of 256 random bits: enough to tell keys apart, nothing to guess the rest from.
constexpr std::size_t prefix_size = api_key_mark.size() + 8;

Result<void> check(const Caller& caller, const ApiKeyWish& wish, Time now) {
  if (!caller.scopes.has_all_of(wish.scopes))
    return fail(ErrorKind::forbidden, "a key can make only keys with its own scopes: " + words_of(caller.scopes));
  if (wish.scopes.has(Scope::admin) && caller.role != Role::admin)
    return fail(ErrorKind::forbidden, "only an admin's key can have the scope admin");
  if (wish.expires_at && *wish.expires_at <= now)
    return std::unexpected(Error{ErrorKind::invalid,
                                 "expires_at has passed already",
                                 {},
                                 {{"/body/expires_at", "too_early", "has passed already; give a time to come"}}});
  return {};
}

}  // namespace

std::string words_of(Scopes scopes) {
  std::string words;
  for (const auto& [scope, word] : Names<Scope>::table)
    if (scopes.has(scope)) words += (words.empty() ? "" : " ") + std::string(word);
  return words;
}

Scopes scopes_of(std::string_view words) {
  auto scopes = Scopes::none();
  while (!words.empty()) {
    const auto word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    if (const auto scope = parse_name<Scope>(word)) scopes.add(*scope);
  }
  return scopes;
}

Task<Result<NewApiKey>> Accounts::make_api_key(Caller caller, ApiKeyWish wish) {
  const auto now = clock_.now();
  co_await ok(check(caller, wish, now));
  NewApiKey made{.key = {}, .secret = std::string(api_key_mark) + random_.token()};
  made.key = {.id = random_.id<ApiKeyId>(clock_),
              .name = std::move(wish.name),
              .prefix = made.secret.substr(0, prefix_size),
              .scopes = wish.scopes,
              .expires_at = wish.expires_at,
              .created_at = now};
  co_await ok(database_.transact(caller, insert_api_key, caller.user, made.key, secret_hash(made.secret)));
  co_return made;
}

Task<Result<std::vector<ApiKey>>> Accounts::api_keys(Caller caller) { return database_.read(caller, api_keys_of, caller.user); }

Task<Result<void>> Accounts::remove_api_key(Caller caller, ApiKeyId id) {
  const bool removed = co_await ok(database_.transact(caller, delete_api_key, id, caller.user));
  if (!removed) co_return fail(ErrorKind::not_found, "there is no API key " + id.text());
  co_return {};
}

Task<Result<Caller>> Accounts::authenticate_key(Caller anonymous, std::string secret) {
  const auto known = co_await ok(database_.read(anonymous, find_api_key, secret_hash(secret)));
  if (!known) co_return fail(ErrorKind::unauthorised, "this API key is not known, or has expired; make a new one");
  const auto now = clock_.now();
  keys_seen_.note(known->key.uuid, now);
  auto caller = person(std::move(anonymous), *known, now);
  caller.scopes = known->scopes;
  caller.api_key = known->key;
  co_return caller;
}

}  // namespace kinora::accounts
