#include <boost/asio/ssl.hpp>

#include "base/operation.hpp"
#include "http/transport.hpp"

namespace kinora::http {

namespace {

namespace ssl = asio::ssl;

class TlsTransport final : public Transport {
 public:
  TlsTransport(Socket socket, ssl::context& context) : stream_(std::move(socket), context) {}

  Task<Result<void>> handshake() override {
    co_await ok(stream_.async_handshake(ssl::stream_base::server));
    co_return {};
  }

  Task<Result<void>> readable() override { co_return {}; }

  Task<Result<std::size_t>> read_some(std::span<std::byte> buffer) override {
    const auto space = asio::buffer(buffer.data(), buffer.size());
    if (has_ended_) co_return co_await ok(stream_.next_layer().async_read_some(space));
    auto [code, size] = co_await stream_.async_read_some(space);
    // A peer that ends without close_notify has ended all the same: HTTP's own framing tells whether anything is missing.
    if (code == asio::error::eof || code == ssl::error::stream_truncated) co_return std::size_t{0};
    if (code) co_return std::unexpected(read_error(code, co_await this_fiber));
    co_return size;
  }

  // One record per call: gathering would copy.
  Task<Result<std::size_t>> write_some(std::string_view head, std::string_view body) override {
    const auto piece = head.empty() ? body : head;
    co_return co_await ok(stream_.async_write_some(asio::buffer(piece.data(), piece.size())));
  }

  std::optional<std::size_t> try_write(std::string_view, std::string_view, Behind) override { return std::nullopt; }

  Task<Result<std::size_t>> send_some(FilePiece) override { co_return fail(ErrorKind::internal, "TLS must see what it sends"); }
  bool sends_files() const override { return false; }

  Task<void> end_writing() override {
    if (std::exchange(has_ended_, true)) co_return;
    co_await stream_.async_shutdown();
    error_code ignored;
    stream_.next_layer().shutdown(Socket::shutdown_send, ignored);
  }

  Socket& socket() override { return stream_.next_layer(); }

 private:
  ssl::stream<Socket> stream_;
  bool has_ended_ = false;
};

class OpenSslIdentity final : public TlsIdentity {
 public:
  OpenSslIdentity() : context_(ssl::context::tls_server) {
    context_.set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 |
                         ssl::context::no_compression);
    SSL_CTX_set_options(context_.native_handle(), SSL_OP_NO_RENEGOTIATION);
  }

  Result<void> load(const TlsFiles& files) {
    error_code code;
    context_.use_certificate_chain_file(files.certificate_chain.string(), code);
    if (code) return unfit(files.certificate_chain, code);
    context_.use_private_key_file(files.private_key.string(), ssl::context::pem, code);
    if (code) return unfit(files.private_key, code);
    return {};
  }

  std::unique_ptr<Transport> wrap(Socket socket) override {
    return std::make_unique<TlsTransport>(std::move(socket), context_);
  }

 private:
  static std::unexpected<Error> unfit(const std::filesystem::path& file, const error_code& code) {
    return fail(ErrorKind::invalid, "cannot use " + file.string() + " for TLS: " + code.message() +
                                        "; it must be a readable PEM file, and the key must fit the certificate");
  }

  ssl::context context_;
};

}  // namespace

Result<std::unique_ptr<TlsIdentity>> load_tls_identity(const TlsFiles& files) {
  auto identity = std::make_unique<OpenSslIdentity>();
  if (auto loaded = identity->load(files); !loaded) return std::unexpected(std::move(loaded.error()));
  return identity;
}

}  // namespace kinora::http
