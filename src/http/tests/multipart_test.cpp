#include "http/multipart.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "base/encoding.hpp"
#include "base/tests/run.hpp"
#include "http/call.hpp"

namespace kinora::http {

namespace {

/// A body that arrives in pieces of one size.
class PiecewiseBody final : public BodySource {
 public:
  PiecewiseBody(std::string_view text, std::size_t piece_bytes) : rest_(text), piece_bytes_(piece_bytes) {}
  Task<Result<std::size_t>> read(std::span<std::byte> buffer) override {
    const auto size = std::min({buffer.size(), rest_.size(), piece_bytes_});
    std::memcpy(buffer.data(), rest_.data(), size);
    rest_.remove_prefix(size);
    co_return size;
  }

 private:
  std::string_view rest_;
  std::size_t piece_bytes_;
};

using Parts = std::vector<std::pair<Part, std::string>>;

Task<Result<Parts>> read_parts(BodySource& body, std::string boundary, std::size_t buffer_bytes) {
  Multipart multipart(body, boundary);
  Parts parts;
  std::vector<std::byte> buffer(buffer_bytes);
  while (auto part = co_await ok(multipart.next_part())) {
    auto& [head, text] = parts.emplace_back(*part, "");
    while (const auto count = co_await ok(multipart.read(buffer))) text += text_of(std::span(buffer).first(count));
  }
  co_return parts;
}

Result<Parts> parts_of(std::string_view text, std::size_t piece_bytes = 1 << 20, std::size_t buffer_bytes = 4096) {
  PiecewiseBody body(text, piece_bytes);
  return testing::run(read_parts(body, "AaB03x", buffer_bytes));
}

// RFC 7578 section 4 keeps the example of RFC 2388, here with a file whose bytes look like boundaries.
constexpr std::string_view form =
    "preamble\r\n--AaB03x\r\n"
    "Content-Disposition: form-data; name=\"title\"\r\n\r\n"
    "Joe Blow\r\n--AaB03x \r\n"
    "content-disposition: form-data; name=\"file\"; filename=\"C:/videos/a.mp4\"\r\n"
    "Content-Type: video/mp4\r\n\r\n"
    "\r\n--AaB03\r\n--\r\n-\r\n--AaB03y\r\r\n\r\n--AaB03x\r\n"
    "Content-Disposition: form-data; name=\"empty\"\r\n\r\n"
    "\r\n--AaB03x--\r\nepilogue";
constexpr std::string_view file_bytes = "\r\n--AaB03\r\n--\r\n-\r\n--AaB03y\r\r\n";

void expect_the_form(const Result<Parts>& parts) {
  ASSERT_TRUE(parts.has_value()) << parts.error().message;
  ASSERT_EQ(parts->size(), 3);
  EXPECT_EQ((*parts)[0].first.name, "title");
  EXPECT_FALSE((*parts)[0].first.filename.has_value());
  EXPECT_EQ((*parts)[0].second, "Joe Blow");
  EXPECT_EQ((*parts)[1].first.filename, "a.mp4");
  EXPECT_EQ((*parts)[1].first.content_type, "video/mp4");
  EXPECT_EQ((*parts)[1].second, file_bytes);
  EXPECT_EQ((*parts)[2].second, "");
}

TEST(Multipart, GivesPartsWithTheirExactBytes) { expect_the_form(parts_of(form)); }

TEST(Multipart, ReadsTheSameWhereverTheBytesAreCut) {
  for (std::size_t piece = 1; piece < 200; ++piece) {
    SCOPED_TRACE(piece);
    expect_the_form(parts_of(form, piece, 128));
  }
}

TEST(Multipart, SkipsPartsNobodyReads) {
  PiecewiseBody body(form, 7);
  const auto names = testing::run([](BodySource& source) -> Task<Result<std::string>> {
    Multipart multipart(source, "AaB03x");
    std::string all;
    while (auto part = co_await ok(multipart.next_part())) all += part->name + ' ';
    co_return all;
  }(body));

  EXPECT_EQ(names.value(), "title file empty ");
}

TEST(Multipart, RefusesABodyThatEndsEarly) {
  for (std::size_t size = 0; size < form.size() - 12; ++size) {
    const auto parts = parts_of(form.substr(0, size));
    ASSERT_FALSE(parts.has_value()) << size;
    EXPECT_EQ(parts.error().code, "malformed");
  }
}

TEST(Multipart, RefusesPartsWithoutAName) {
  EXPECT_EQ(parts_of("--AaB03x\r\nContent-Type: text/plain\r\n\r\nx\r\n--AaB03x--").error().code, "malformed");
  EXPECT_EQ(parts_of("--AaB03x\r\n\r\nx\r\n--AaB03x--").error().code, "malformed");
  EXPECT_EQ(parts_of("--AaB03x\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--AaB03x--").error().code, "malformed");
  EXPECT_EQ(parts_of("--AaB03x\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\nx\r\n--AaB03x--").error().code,
            "malformed");
}

TEST(Multipart, BoundsTheNumberOfPartsAndTheirHeads) {
  std::string many;
  for (int count = 0; count <= 100; ++count) many += "--AaB03x\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n";
  EXPECT_EQ(parts_of(many + "--AaB03x--").error().code, "malformed");
  EXPECT_EQ(parts_of("--AaB03x\r\nX: " + std::string(9000, 'x') + "\r\n\r\nx\r\n--AaB03x--").error().code, "malformed");
}

TEST(Multipart, BoundsTextFields) {
  const auto text = "--AaB03x\r\nContent-Disposition: form-data; name=a\r\n\r\n" + std::string(70'000, 'x') + "\r\n--AaB03x--";
  PiecewiseBody body(text, 4096);
  const auto read = testing::run([](BodySource& source) -> Task<Result<std::string>> {
    Multipart multipart(source, "AaB03x");
    co_await ok(multipart.next_part());
    co_return co_await multipart.read_text();
  }(body));

  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().kind, ErrorKind::too_large);
}

TEST(Boundary, ComesFromTheContentType) {
  EXPECT_EQ(boundary_of("multipart/form-data; boundary=\"a b\"").value(), "a b");
  EXPECT_EQ(boundary_of("Multipart/Form-Data;boundary=x").value(), "x");
  EXPECT_EQ(boundary_of("application/json").error().kind, ErrorKind::unsupported);
  EXPECT_EQ(boundary_of("multipart/form-data").error().code, "malformed");
  EXPECT_EQ(boundary_of("multipart/form-data; boundary=" + std::string(71, 'x')).error().code, "malformed");
}

TEST(PartHead, KeepsOnlyTheLastComponentOfAFileName) {
  EXPECT_EQ(parse_part_head("Content-Disposition: form-data; name=f; filename=\"../../etc/passwd\"")->filename, "passwd");
  EXPECT_EQ(parse_part_head("Content-Disposition: form-data; name=f; filename=\"\"")->filename, "");
}

}  // namespace

}  // namespace kinora::http
