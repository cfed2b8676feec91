#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "http/head.hpp"

namespace kinora::http {

/// The proxies whose word about their clients is believed. None: every forwarding header is a client's invention.
class TrustedProxies {
 public:
  /// Comma-separated addresses and networks: `10.0.0.0/8, 127.0.0.1, fd00::/8`. Nothing when one of them is neither.
  static std::optional<TrustedProxies> parse(std::string_view list);
  bool has(std::string_view address) const;

 private:
  std::vector<boost::asio::ip::network_v4> four_;
  std::vector<boost::asio::ip::network_v6> six_;
};

/// The peer itself, or, when it is trusted, the last address in X-Forwarded-For that is not; whatever stands further left was
/// written by who knows whom. X-Forwarded-Proto of a trusted peer says whether the client used TLS.
Peer client_behind(const TrustedProxies& proxies, const Peer& peer, const Head& head);

}  // namespace kinora::http
