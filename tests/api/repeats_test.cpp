#include "http/repeats.hpp"

#include "http/tests/client.hpp"
#include "http/tests/live_server.hpp"
#include "tests/world.hpp"

namespace kinora {

namespace {

using http::Created;
using http::Text;
using http::testing::Client;
using http::testing::LiveServer;
using http::testing::Response;
using testing::happens;

constexpr Migration shelf_tables[] = {{"shelf", 1, "CREATE TABLE books (id @ID PRIMARY KEY, title @TEXT NOT NULL)"}};
constexpr Sql add_book{"INSERT INTO books (id, title) VALUES ($1, $2)"};
constexpr Sql title_of{"SELECT title FROM books WHERE id = $1"};
constexpr Sql count_books{"SELECT COUNT(*) FROM books"};

Task<Result<void>> keep_book(Transaction tx, VideoId id, std::string title) {
  co_await ok(tx.change(add_book, id, std::move(title)));
  co_await ok(tx.made(id));
  co_return {};
}
Task<Result<std::string>> find_title(Transaction tx, VideoId id) { co_return co_await tx.one<std::string>(title_of, id); }
Task<Result<int>> books(Transaction tx) { co_return co_await tx.one<int>(count_books); }

/// An application in which books are made, one for each request.
struct Shelf {
  testing::World& world;
  http::Repeats& repeats;
  std::atomic<bool> is_closed = false;
  std::atomic<bool> waits = false;
  Event arrived{};  ///< set by the first request that waits
  Event opens{};
};

struct BookView {
  VideoId id;
  std::string title;
};

Task<Result<Created<BookView>>> made(Shelf& shelf, std::string title, Caller caller) {
  if (shelf.is_closed) co_return fail(ErrorKind::quota, "the shelf is full");
  if (shelf.waits.exchange(false)) {
    shelf.arrived.set();
    co_await ok(shelf.opens.wait());
  }
  const auto id = shelf.world.random.id<VideoId>(shelf.world.clock);
  co_await ok(shelf.world.database().transact(caller, keep_book, id, title));
  co_return Created<BookView>{"/books/" + id.text(), {id, title}};
}

struct MakeBook {
  struct Body {
    Text<1, 100> title;
  } body;
};
Task<Result<Created<BookView>>> make_book(Shelf& shelf, Caller caller, MakeBook ask) {
  return made(shelf, std::move(ask.body.title.value), std::move(caller));
}

struct ScanBook {
  http::Multipart body;
};
Task<Result<Created<BookView>>> scan_book(Shelf& shelf, Caller caller, ScanBook ask) {
  std::string title;
  while (auto part = co_await ok(ask.body.next_part())) title += co_await ok(ask.body.read_text());
  co_return co_await made(shelf, std::move(title), std::move(caller));
}

Task<Result<void>> no_events(http::EventSink&) { co_return {}; }
Task<Result<std::variant<Created<BookView>, http::EventStream>>> dictate_book(Shelf& shelf, Caller caller, MakeBook ask) {
  auto book = co_await ok(made(shelf, std::move(ask.body.title.value), std::move(caller)));
  co_return http::EventStream{&no_events};
}

Task<Result<Created<BookView>>> made_book(Shelf& shelf, Caller caller, VideoId id) {
  auto title = co_await ok(shelf.world.database().read(std::move(caller), find_title, id));
  co_return Created<BookView>{"/books/" + id.text(), {id, std::move(title)}};
}

http::RouteSpec post_to(std::string path) { return {http::Method::post, std::move(path), http::Access::anyone, {}, {}, {403}}; }

std::vector<http::Surface> surface_of(Shelf& shelf) {
  http::Surface surface{{}, std::make_shared<http::ProblemJson>()};
  surface.routes.push_back(once(shelf, post_to("/books"), make_book, made_book));
  surface.routes.push_back(once(shelf, post_to("/scans"), scan_book, made_book));
  surface.routes.push_back(once(shelf, post_to("/dictations"), dictate_book, made_book));
  return {std::move(surface)};
}

std::string form_of(const std::string& boundary, const std::string& name, const std::string& text) {
  return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + text + "\r\n--" + boundary +
         "--\r\n";
}

class RepeatsTest : public ::testing::Test {
 protected:
  RepeatsTest() {
    caller_.kind = Caller::Kind::person;
    caller_.user = world.random.id<UserId>(world.clock);
    server.gate().answer.caller = caller_;
  }
  ~RepeatsTest() override {
    server.stop();
    EXPECT_EQ(server.undeclared(), std::vector<std::string>());
  }

  Response make(const std::string& key, const std::string& title) {
    Client client(server.port());
    return client.ask("POST", "/books", {{"Content-Type", "application/json"}, {"Idempotency-Key", key}},
                      R"({"title":")" + title + "\"}");
  }
  Response scan(const std::string& key, const std::string& boundary, const std::string& name, const std::string& text) {
    Client client(server.port());
    const auto type = "multipart/form-data; boundary=" + boundary;
    return client.ask("POST", "/scans", {{"Content-Type", type}, {"Idempotency-Key", key}}, form_of(boundary, name, text));
  }
  int books_now() { return world.read(books).value(); }

  testing::World world{{{std::begin(shelf_tables), std::end(shelf_tables)}}};
  http::Repeats repeats{world.database()};
  Shelf shelf{world, repeats};
  Caller caller_;
  LiveServer server{surface_of(shelf)};
};

TEST_F(RepeatsTest, AnswerARepeatWithWhatTheFirstRequestMade) {
  const auto first = make("k", "Dune");
  const auto again = make("k", "Dune");

  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(first.header("Idempotency-Replayed"), "");
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.header("Idempotency-Replayed"), "true");
  EXPECT_EQ(again.header("Location"), first.header("Location"));
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(books_now(), 1);
}

TEST_F(RepeatsTest, MakeAnotherThingUnderAnotherKey) {
  EXPECT_NE(make("k", "Dune").body, make("l", "Dune").body);
  EXPECT_EQ(books_now(), 2);
}

TEST_F(RepeatsTest, RefuseAnotherRequestUnderTheSameKey) {
  make("k", "Dune");

  const auto other = make("k", "Solaris");

  EXPECT_EQ(other.status, 409);
  EXPECT_TRUE(other.body.contains("idempotency_mismatch")) << other.body;
  EXPECT_EQ(books_now(), 1);
}

TEST_F(RepeatsTest, RefuseAnotherAddressUnderTheSameKey) {
  make("k", "Dune");

  EXPECT_TRUE(scan("k", "cut", "text", "Dune").body.contains("idempotency_mismatch"));
}

TEST_F(RepeatsTest, KnowAFormByItsPartsWhateverItsBoundary) {
  const auto first = scan("k", "cut", "text", "Dune");
  const auto again = scan("k", "----other", "text", "Dune");

  EXPECT_EQ(again.header("Idempotency-Replayed"), "true");
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(books_now(), 1);
}

TEST_F(RepeatsTest, RefuseAFormWithOtherBytesOrNames) {
  scan("k", "cut", "text", "Dune");

  EXPECT_TRUE(scan("k", "cut", "text", "Dunes").body.contains("idempotency_mismatch"));
  EXPECT_TRUE(scan("k", "cut", "note", "Dune").body.contains("idempotency_mismatch"));
}

TEST_F(RepeatsTest, MakeOneThingOfManyEqualRequestsAtOnce) {
  std::vector<Response> answers(16);
  {
    std::vector<std::jthread> clients;
    for (auto& answer : answers) clients.emplace_back([&] { answer = make("k", "Dune"); });
  }

  EXPECT_EQ(books_now(), 1);
  const auto whole = make("k", "Dune").body;
  int first_answers = 0;
  for (const auto& answer : answers) {
    const bool replayed = answer.header("Idempotency-Replayed") == "true";
    if (answer.status == 201) EXPECT_EQ(answer.body, whole);
    if (answer.status == 201 && !replayed) ++first_answers;
    if (answer.status != 201) EXPECT_EQ(answer.header("Retry-After"), "1") << answer.status;
  }
  EXPECT_EQ(first_answers, 1);
}

TEST_F(RepeatsTest, AskForPatienceWhileTheFirstRequestIsAnswered) {
  shelf.waits = true;
  Response first;
  std::jthread slow([&] { first = make("k", "Dune"); });
  ASSERT_TRUE(happens(shelf.arrived));

  const auto meanwhile = make("k", "Dune");
  shelf.opens.set();
  slow.join();

  EXPECT_EQ(meanwhile.status, 409);
  EXPECT_EQ(meanwhile.header("Retry-After"), "1");
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(make("k", "Dune").body, first.body);
}

TEST_F(RepeatsTest, LetARequestThatFailedBeTriedAgain) {
  shelf.is_closed = true;
  EXPECT_EQ(make("k", "Dune").status, 403);
  shelf.is_closed = false;

  const auto again = make("k", "Dune");

  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.header("Idempotency-Replayed"), "");
}

TEST_F(RepeatsTest, KeepTheKeysOfPeopleApart) {
  const auto anas = make("k", "Dune");
  server.gate().answer.caller.user = world.random.id<UserId>(world.clock);

  const auto bens = make("k", "Solaris");

  EXPECT_EQ(bens.status, 201);
  EXPECT_NE(bens.body, anas.body);
}

TEST_F(RepeatsTest, NameAKeyThatIsTooLong) {
  const auto answer = make(std::string(256, 'k'), "Dune");

  EXPECT_EQ(answer.status, 422);
  EXPECT_TRUE(answer.body.contains(R"("pointer":"/headers/Idempotency-Key")")) << answer.body;
  EXPECT_EQ(make(std::string(255, 'k'), "Dune").status, 201);
}

TEST_F(RepeatsTest, PassOverTheKeyOfAStream) {
  for (int time = 0; time < 2; ++time) {
    Client client(server.port());
    client.ask("POST", "/dictations",
               {{"Content-Type", "application/json"}, {"Idempotency-Key", "k"}, {"Accept", "text/event-stream"}},
               R"({"title":"Dune"})");
  }

  EXPECT_EQ(books_now(), 2);
}

}  // namespace

}  // namespace kinora
