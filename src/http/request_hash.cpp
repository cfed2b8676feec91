#include "http/request_hash.hpp"

#include <openssl/evp.h>

#include <array>
#include <utility>

#include "base/encoding.hpp"

namespace kinora::http {

void RequestHash::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

RequestHash::RequestHash(const Head& head, std::shared_ptr<Repeatable> into)
    : context_(EVP_MD_CTX_new()), into_(std::move(into)) {
  EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  add_text(head.method_text());
  add_text(head.path());
  add_text(head.query());
}

void RequestHash::add_text(std::string_view text) {
  const auto size = std::to_string(text.size()) + ':';
  EVP_DigestUpdate(context_.get(), size.data(), size.size());
  EVP_DigestUpdate(context_.get(), text.data(), text.size());
}

void RequestHash::begin_part(std::string_view name, std::string_view filename) {
  end_part();
  add_text(name);
  add_text(filename);
}

void RequestHash::add(std::span<const std::byte> bytes) {
  EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
  part_bytes_ += bytes.size();
}

// Its size is known last: without it a part's bytes could stand for the next part's name.
void RequestHash::end_part() { add_text(std::to_string(std::exchange(part_bytes_, 0))); }

void RequestHash::finish() {
  end_part();
  std::array<std::byte, 32> digest{};
  EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  into_->request_hash = hex_of(digest);
}

}  // namespace kinora::http
