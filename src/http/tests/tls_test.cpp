#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>
#include <filesystem>

#include "http/tests/client.hpp"
#include "http/tests/live_server.hpp"
#include "http/tests/shop.hpp"
#include "http/transport.hpp"

namespace kinora::http {

namespace {

/// A certificate for this test alone, as files in a folder that goes with it.
class OwnCertificate {
 public:
  OwnCertificate() : folder_(std::filesystem::path(::testing::TempDir()) / ("kinora_tls_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_sign(certificate, key, EVP_sha256());
    write(files().certificate_chain, [&](std::FILE* file) { PEM_write_X509(file, certificate); });
    write(files().private_key,
          [&](std::FILE* file) { PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr); });
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  ~OwnCertificate() { std::filesystem::remove_all(folder_); }

  TlsFiles files() const { return {folder_ / "chain.pem", folder_ / "key.pem"}; }

 private:
  template <class Print>
  static void write(const std::filesystem::path& path, Print print) {
    std::FILE* file = std::fopen(path.c_str(), "w");
    print(file);
    std::fclose(file);
  }
  std::filesystem::path folder_;
};

struct Asked {
  std::string answer;
  int end = 0;  ///< SSL_get_error() of the last read
};

// One request under TLS; everything that came until the server ended.
Asked ask_under_tls(std::uint16_t port, std::string_view request) {
  testing::Client connection(port);
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL* tls = SSL_new(context);
  SSL_set_fd(tls, connection.descriptor());
  EXPECT_EQ(SSL_connect(tls), 1);
  SSL_write(tls, request.data(), static_cast<int>(request.size()));
  Asked asked;
  char bytes[16 * 1024];
  int count = 0;
  while ((count = SSL_read(tls, bytes, sizeof(bytes))) > 0) asked.answer.append(bytes, static_cast<std::size_t>(count));
  asked.end = SSL_get_error(tls, count);
  SSL_free(tls);
  SSL_CTX_free(context);
  return asked;
}

constexpr std::string_view closing_request = "GET /api/file HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

ListenSettings under_tls(const OwnCertificate& certificate) {
  ListenSettings settings;
  settings.tls = certificate.files();
  return settings;
}

TEST(Tls, CarriesRequestsAndTellsBrowsersToStay) {
  OwnCertificate certificate;
  testing::Shop shop;
  testing::LiveServer server(testing::shop_surface(shop), under_tls(certificate));

  const auto answer = ask_under_tls(server.port(), closing_request).answer;

  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(answer.contains("Strict-Transport-Security: "));
  EXPECT_TRUE(answer.ends_with(testing::file_bytes));
}

TEST(Tls, TellsWhereAnAnswerEnds) {
  OwnCertificate certificate;
  testing::Shop shop;
  testing::LiveServer server(testing::shop_surface(shop), under_tls(certificate));

  const auto asked = ask_under_tls(server.port(), closing_request);

  EXPECT_EQ(asked.end, SSL_ERROR_ZERO_RETURN) << "without close_notify it might have been cut off";
}

TEST(Tls, ClosesOnWhoSpeaksInTheClear) {
  OwnCertificate certificate;
  testing::Shop shop;
  testing::LiveServer server(testing::shop_surface(shop), under_tls(certificate));
  testing::Client client(server.port());

  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(Tls, NamesTheFileItCannotUse) {
  const auto identity = load_tls_identity({"/nowhere/chain.pem", "/nowhere/key.pem"});

  ASSERT_FALSE(identity.has_value());
  EXPECT_TRUE(identity.error().message.contains("/nowhere/chain.pem")) << identity.error().message;
}

}  // namespace

}  // namespace kinora::http
