#include "http/proxies.hpp"

#include <gtest/gtest.h>

namespace kinora::http {
namespace {

Peer client(std::string peer, std::string fields, std::string_view trusted = "10.0.0.0/8, 127.0.0.1, fd00::/8") {
  const auto head = parse_head("GET / HTTP/1.1\r\nHost: k\r\n" + fields + "\r\n").value();
  return client_behind(TrustedProxies::parse(trusted).value(), {std::move(peer), false, false}, head);
}

TEST(TrustedProxies, SpeakForTheirClients) {
  EXPECT_EQ(client("10.1.2.3", "X-Forwarded-For: 203.0.113.7\r\n").address, "203.0.113.7");
  EXPECT_EQ(client("127.0.0.1", "X-Forwarded-For: 203.0.113.7:4711\r\n").address, "203.0.113.7");
  EXPECT_EQ(client("fd00::1", "X-Forwarded-For: [2001:db8::7]:4711\r\n").address, "2001:db8::7");
}

TEST(TrustedProxies, AreAskedOnlyForWhatTheyThemselvesSaw) {
  EXPECT_EQ(client("10.1.2.3", "X-Forwarded-For: 1.1.1.1, 203.0.113.7\r\n").address, "203.0.113.7") << "the left was forged";
  EXPECT_EQ(client("10.1.2.3", "X-Forwarded-For: 203.0.113.7, 10.9.9.9\r\n").address, "203.0.113.7") << "two proxies";
  EXPECT_EQ(client("10.1.2.3", "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 203.0.113.7\r\n").address, "203.0.113.7");
}

TEST(TrustedProxies, AreTheClientWhenTheyNameNone) {
  EXPECT_EQ(client("10.1.2.3", "").address, "10.1.2.3");
  EXPECT_EQ(client("10.1.2.3", "X-Forwarded-For: unknown\r\n").address, "10.1.2.3");
}

TEST(TrustedProxies, SayWhetherTheClientUsedTls) {
  EXPECT_TRUE(client("10.1.2.3", "X-Forwarded-Proto: https\r\n").is_tls);
  EXPECT_FALSE(client("10.1.2.3", "X-Forwarded-Proto: http\r\n").is_tls);
}

TEST(AnyoneElse, IsNotBelieved) {
  const auto seen = client("203.0.113.9", "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: https\r\n");

  EXPECT_EQ(seen.address, "203.0.113.9");
  EXPECT_FALSE(seen.is_tls);
  EXPECT_FALSE(seen.is_loopback);
  EXPECT_EQ(client("127.0.0.1", "X-Forwarded-For: 203.0.113.7\r\n", "").address, "127.0.0.1");
}

TEST(ListsOfProxies, AreAddressesAndNetworks) {
  EXPECT_TRUE(TrustedProxies::parse("192.168.0.1,::1"));
  for (const auto* wrong : {"nginx", "10.0.0.0/33", "10.0.0.256", "fd00::/129", "10.0.0.0/8 127.0.0.1"})
    EXPECT_FALSE(TrustedProxies::parse(wrong)) << wrong;
}

}  // namespace
}  // namespace kinora::http
