#include "http/cursors.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"

namespace kinora::http {

namespace {

class CursorsTest : public ::testing::Test {
 protected:
  static Caller person(std::uint8_t number) {
    Caller caller;
    caller.kind = Caller::Kind::person;
    caller.user = {Uuid{{number}}};
    return caller;
  }
  static Page page(std::string list, std::optional<std::string> cursor = {}) {
    return {20, std::move(cursor), std::move(list)};
  }

  bool opens(const Caller& caller, std::string list, const std::string& text) {
    const auto place = cursors.open(caller, page(std::move(list), text));
    if (!place) {
      EXPECT_EQ(place.error().code, "invalid_cursor");
      EXPECT_EQ(place.error().fields.at(0).pointer, "/query/cursor");
    }
    return place.has_value();
  }

  Cursors cursors{"secret"};
  Caller ana = person(1);
  std::string cursor = cursors.seal(ana, page("/videos"), "place");
};

TEST_F(CursorsTest, HoldAPlace) { EXPECT_EQ(cursors.open(ana, page("/videos", cursor)).value(), "place"); }

TEST_F(CursorsTest, AreGoodForOneListOnly) {
  EXPECT_FALSE(opens(ana, "/jobs", cursor));
  EXPECT_FALSE(opens(ana, "/videos\nq=1:a", cursor));
}

TEST_F(CursorsTest, AreGoodForOnePersonOnly) { EXPECT_FALSE(opens(person(2), "/videos", cursor)); }

TEST_F(CursorsTest, AreGoodForOneServerOnly) {
  const Cursors others("another secret");

  EXPECT_FALSE(opens(ana, "/videos", others.seal(ana, page("/videos"), "place")));
}

TEST_F(CursorsTest, CannotBeChanged) {
  const auto bytes = bytes_of_base64url(cursor).value();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto changed = bytes;
    changed[at] ^= std::byte{1};
    EXPECT_FALSE(opens(ana, "/videos", base64url_of(changed))) << at;
  }
}

TEST_F(CursorsTest, CannotBeMadeUp) {
  EXPECT_FALSE(opens(ana, "/videos", ""));
  EXPECT_FALSE(opens(ana, "/videos", "elsewhere"));
  EXPECT_FALSE(opens(ana, "/videos", cursor.substr(0, 20)));
}

}  // namespace

}  // namespace kinora::http
