// A form with files.
#include "http/multipart.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/encoding.hpp"
#include "http/call.hpp"
#include "http/target.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace kinora::fuzz {
namespace {

constexpr std::string_view boundary = "AaB03x";

/// A body that arrives as the dice fall.
class CutBody final : public http::BodySource {
 public:
  CutBody(std::string_view bytes, std::size_t piece_max) : rest_(bytes), dice_(bytes), piece_max_(piece_max) {}
  Task<Result<std::size_t>> read(std::span<std::byte> buffer) override {
    const auto size = std::min({buffer.size(), rest_.size(), 1 + dice_.draw(piece_max_)});
    std::memcpy(buffer.data(), rest_.data(), size);
    rest_.remove_prefix(size);
    co_return size;
  }

 private:
  std::string_view rest_;
  Dice dice_;
  std::size_t piece_max_;
};

struct Form {
  std::vector<http::Part> heads{};
  std::vector<std::string> bodies{};
};

Task<Result<Form>> read_form(http::BodySource& body, std::size_t buffer_bytes, bool with_bodies) {
  http::Multipart multipart(body, boundary);
  Form form;
  std::vector<std::byte> buffer(buffer_bytes);
  while (auto part = co_await ok(multipart.next_part())) {
    form.heads.push_back(*std::move(part));
    auto& text = form.bodies.emplace_back();
    if (!with_bodies) continue;
    while (const auto count = co_await ok(multipart.read(buffer))) text += text_of(std::span(buffer).first(count));
  }
  co_return form;
}

Result<Form> form_of(std::string_view bytes, std::size_t piece_max, std::size_t buffer_bytes, bool with_bodies = true) {
  CutBody body(bytes, piece_max);
  return run_now(read_form(body, buffer_bytes, with_bodies));
}

bool same_heads(const Form& one, const Form& other) {
  return std::ranges::equal(one.heads, other.heads, [](const http::Part& left, const http::Part& right) {
    return left.name == right.name && left.filename == right.filename && left.content_type == right.content_type;
  });
}

void check_cuts(std::string_view input) {
  const auto whole = form_of(input, input.size() + 1, 65'536);
  const auto cut = form_of(input, 9, http::Multipart::buffer_bytes_min);
  const auto passed_over = form_of(input, 50, 1000, false);
  require(whole.has_value() == cut.has_value() && whole.has_value() == passed_over.has_value(),
          "a form is right or wrong wherever it is cut");
  if (!whole) return;
  require(same_heads(*whole, *cut) && same_heads(*whole, *passed_over) && whole->bodies == cut->bodies,
          "a form has the same parts wherever it is cut");
  for (const auto& part : whole->heads) {
    require(http::count_code_points(part.name).has_value(), "a part's name is UTF-8");
    require(part.filename.value_or("").find_first_of("/\\") == std::string::npos, "a file's name holds no path");
  }
}

void check_round_trip(std::string_view content) {
  if (content.contains("\r\n--AaB03x") || content.starts_with("--AaB03x")) return;
  auto sent = std::string("--AaB03x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp4\"\r\n\r\n");
  sent.append(content).append("\r\n--AaB03x\r\nContent-Disposition: form-data; name=title\r\n\r\nA title\r\n--AaB03x--\r\n");
  const auto form = form_of(sent, 40, 200);
  require(form && form->bodies.size() == 2 && form->bodies[0] == content && form->bodies[1] == "A title",
          "a file arrives as it was sent");
}

}  // namespace

void check(std::string_view input) {
  check_cuts(input);
  check_round_trip(input);
  if (const auto found = http::boundary_of(input))
    require(!found->empty() && found->size() <= 70, "a boundary has 1 to 70 letters");
}

}  // namespace kinora::fuzz
