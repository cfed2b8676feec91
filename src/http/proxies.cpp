#include "http/proxies.hpp"

#include <algorithm>
#include <ranges>

#include "http/header_values.hpp"

namespace kinora::http {

namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;

std::optional<ip::address> parse_address(std::string_view text) {
  error_code wrong;
  const auto address = ip::make_address(text, wrong);
  return wrong ? std::nullopt : std::optional(address);
}

// `203.0.113.7:4711` and `[2001:db8::1]:4711` are what some proxies write.
std::string_view without_port(std::string_view text) {
  if (text.starts_with('[')) return text.substr(1, std::min(text.find(']'), text.size()) - 1);
  return std::ranges::count(text, ':') == 1 ? text.substr(0, text.find(':')) : text;
}

// A whole address is a network of one.
std::string with_prefix(std::string_view item, std::string_view longest) {
  return item.contains('/') ? std::string(item) : std::string(item) + std::string(longest);
}

template <class Network, class Address>
bool is_in_any(const std::vector<Network>& networks, const Address& address) {
  return std::ranges::any_of(networks, [&](const Network& each) {
    return each.canonical() == Network(address, static_cast<unsigned short>(each.prefix_length())).canonical();
  });
}

}  // namespace

std::optional<TrustedProxies> TrustedProxies::parse(std::string_view list) {
  TrustedProxies proxies;
  for (const auto item : list_members(list)) {
    error_code wrong;
    if (item.contains(':'))
      proxies.six_.push_back(ip::make_network_v6(with_prefix(item, "/128"), wrong));
    else
      proxies.four_.push_back(ip::make_network_v4(with_prefix(item, "/32"), wrong));
    if (wrong) return std::nullopt;
  }
  return proxies;
}

bool TrustedProxies::has(std::string_view text) const {
  if (four_.empty() && six_.empty()) return false;
  const auto address = parse_address(text);
  if (!address) return false;
  if (address->is_v4()) return is_in_any(four_, address->to_v4());
  return is_in_any(six_, address->to_v6());
}

Peer client_behind(const TrustedProxies& proxies, const Peer& peer, const Head& head) {
  if (!proxies.has(peer.address)) return peer;
  Peer client = peer;
  if (const auto scheme = head.header("X-Forwarded-Proto")) client.is_tls = same_name(trimmed(*scheme), "https");
  const auto list = head.list("X-Forwarded-For");
  const auto named = list_members(list);
  for (const auto item : std::views::reverse(named)) {
    const auto address = parse_address(without_port(item));
    if (!address) break;
    client.address = address->to_string();
    client.is_loopback = address->is_loopback();
    if (!proxies.has(client.address)) break;
  }
  return client;
}

}  // namespace kinora::http
