#include "http/tests/shop.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

namespace kinora::http::testing {

namespace {

constexpr std::size_t stored_bytes = 3'000'000;

struct Greeting {
  std::string text;
  std::int64_t times;
};

struct AskGreeting {
  struct Path {
    Text<1, 20> name;
  } path;
  struct Query {
    Default<Int<1, 5>, 2> times;
  } query;
};
Task<Result<Greeting>> greet(Shop&, Caller, AskGreeting ask) {
  co_return Greeting{"hello " + ask.path.name.value, ask.query.times};
}

struct MakeThing {
  struct Body {
    Text<1, 10> title;
    Optional<Int<0, 9>> size;
  } body;
};
Task<Result<Created<Greeting>>> make_thing(Shop&, Caller, MakeThing ask) {
  co_return Created<Greeting>{"/things/1", {ask.body.title, ask.body.size.value_or(Int<0, 9>{7})}};
}

struct Counted {
  std::uint64_t bytes;
  std::uint64_t sum;
};

struct Upload {
  RawBody body;
};
Task<Result<Counted>> count_bytes(Shop& shop, Caller caller, Upload ask) {
  shop.has_deadline = caller.deadline != std::chrono::steady_clock::time_point::max();
  Counted counted{0, 0};
  std::vector<std::byte> buffer(1 << 20);
  while (const auto size = co_await ok(ask.body.read(buffer))) {
    counted.bytes += size;
    for (const auto byte : std::span(buffer).first(size)) counted.sum += std::to_integer<std::uint64_t>(byte);
    shop.largest_read_bytes = std::max<std::uint64_t>(shop.largest_read_bytes, size);
  }
  co_return counted;
}

struct Form {
  Multipart body;
};
Task<Result<Greeting>> read_form(Shop&, Caller, Form ask) {
  Greeting seen{"", 0};
  while (auto part = co_await ok(ask.body.next_part())) {
    seen.text += part->name + '=' + co_await ok(ask.body.read_text()) + ';';
    ++seen.times;
  }
  co_return seen;
}

Task<Result<FileReply>> file(Shop&, Caller) {
  auto reply = file_of_bytes(file_bytes, "video/mp4");
  reply.etag = "\"f1\"";
  co_return reply;
}

/// A file of the machine.
class StoredReader final : public BlobReader {
 public:
  StoredReader(std::string_view content, ByteRange range) : at_(range.offset), left_(range.length.value_or(stored_bytes)) {
    EXPECT_EQ(::write(descriptor_, content.data(), content.size()), static_cast<ssize_t>(content.size()));
  }
  ~StoredReader() override { ::close(descriptor_); }
  std::uint64_t size_bytes() const override { return left_; }
  Task<Result<std::size_t>> read(std::span<std::byte>) override { co_return fail(ErrorKind::internal, "it is sent in pieces"); }
  Task<Result<std::optional<FilePiece>>> next_piece(std::size_t size_max) override {
    const FilePiece piece{descriptor_, at_, std::min<std::size_t>(size_max, left_)};
    at_ += piece.size;
    left_ -= piece.size;
    co_return piece;
  }

 private:
  int descriptor_ = ::memfd_create("stored", MFD_CLOEXEC);
  std::uint64_t at_;
  std::uint64_t left_;
};

Task<Result<std::unique_ptr<BlobReader>>> open_stored(std::size_t bytes_missing, ByteRange range) {
  std::string content;
  while (content.size() < stored_bytes) content += file_bytes;
  content.resize(stored_bytes - bytes_missing);
  co_return std::make_unique<StoredReader>(content, range);
}
FileReply stored_reply(std::size_t bytes_missing) {
  return {"video/mp4", {stored_bytes, [bytes_missing](ByteRange range) { return open_stored(bytes_missing, range); }}};
}
Task<Result<FileReply>> stored(Shop&, Caller) { co_return stored_reply(0); }
Task<Result<FileReply>> shortened(Shop&, Caller) { co_return stored_reply(1); }

Task<Result<WithHeaders<Greeting>>> versioned(Shop&, Caller) { co_return with_version(Greeting{"it", 1}, 7); }
Task<Result<Greeting>> big(Shop&, Caller) { co_return Greeting{std::string(5000, 'x'), 1}; }
Task<Result<NoContent>> refuse(Shop&, Caller) { co_return fail(ErrorKind::conflict, "not now"); }
Task<Result<NoContent>> ignore(Shop&, Caller) { co_return NoContent{}; }
Task<Result<NoContent>> broken(Shop&, Caller) {
  throw std::runtime_error("secret path /data");
  co_return NoContent{};
}

Task<Result<NoContent>> wait(Shop& shop, Caller) {
  shop.waiting.set();
  Event never;
  const auto stopped = co_await never.wait();
  if (stopped.error().kind == ErrorKind::cancelled) shop.cancelled.set();
  co_return std::unexpected(stopped.error());
}

Task<Result<void>> three_events(EventSink& sink) {
  for (const std::string_view word : {"one", "two", "three"}) {
    ServerEvent event{"count", std::string(word), {}};
    co_await ok(sink.send(std::move(event)));
  }
  co_return {};
}
Task<Result<EventStream>> events(Shop&, Caller) { co_return EventStream{&three_events}; }

Task<Result<void>> silence(Shop& shop, EventSink& sink) {
  ServerEvent event{"ready", "", {}};
  co_await ok(sink.send(std::move(event)));
  shop.waiting.set();
  Event never;
  const auto stopped = co_await never.wait();
  shop.cancelled.set();
  co_return std::unexpected(stopped.error());
}
Task<Result<EventStream>> silent_events(Shop& shop, Caller) {
  co_return EventStream{[&shop](EventSink& sink) { return silence(shop, sink); }};
}

Task<Result<void>> flood(Shop& shop, EventSink& sink) {
  shop.waiting.set();
  while (true) {
    ServerEvent event{"flood", std::string(10'000, 'x'), {}};
    const auto sent = co_await sink.send(std::move(event));
    if (sent) continue;
    shop.cancelled.set();
    co_return sent;
  }
}
Task<Result<EventStream>> flood_events(Shop& shop, Caller) {
  co_return EventStream{[&shop](EventSink& sink) { return flood(shop, sink); }};
}

RouteSpec spec(Method method, std::string path) { return {method, std::move(path), Access::anyone}; }

RouteSpec in_time(RouteSpec spec, std::chrono::seconds time) {
  spec.time_max = time;
  return spec;
}

}  // namespace

std::vector<Surface> shop_surface(Shop& shop) {
  Surface surface{{}, std::make_shared<ProblemJson>()};
  auto& routes = surface.routes;
  routes.push_back(route(shop, spec(Method::get, "/api/hello/{name}"), greet));
  routes.push_back(route(shop, spec(Method::post, "/api/things"), make_thing));
  routes.push_back(route(shop, spec(Method::put, "/api/bytes"), count_bytes));
  routes.push_back(route(shop, spec(Method::post, "/api/form"), read_form));
  routes.push_back(route(shop, spec(Method::get, "/api/file"), file));
  routes.push_back(route(shop, spec(Method::get, "/api/stored"), stored));
  routes.push_back(route(shop, spec(Method::get, "/api/shortened"), shortened));
  routes.push_back(route(shop, spec(Method::get, "/api/versioned"), versioned));
  routes.push_back(route(shop, spec(Method::get, "/api/big"), big));
  routes.push_back(route(shop, spec(Method::get, "/api/refused"), refuse));
  routes.push_back(route(shop, spec(Method::put, "/api/ignored"), ignore));
  routes.push_back(route(shop, spec(Method::get, "/api/broken"), broken));
  routes.push_back(route(shop, spec(Method::get, "/api/wait"), wait));
  routes.push_back(route(shop, in_time(spec(Method::get, "/api/wait-briefly"), std::chrono::seconds(0)), wait));
  routes.push_back(route(shop, spec(Method::get, "/api/events"), events));
  routes.push_back(route(shop, spec(Method::get, "/api/silent-events"), silent_events));
  routes.push_back(route(shop, spec(Method::get, "/api/flood"), flood_events));
  return {std::move(surface)};
}

}  // namespace kinora::http::testing
