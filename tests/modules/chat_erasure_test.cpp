#include "tests/modules/heard_library.hpp"

namespace kinora {
namespace {

using testing::kind_of;
using testing::run;

class ChatsOfAPerson : public testing::HeardLibrary {
 protected:
  ChatsOfAPerson() : HeardLibrary([](const std::string&) { return testing::wrote("{}"); }) {}
};

TEST_F(ChatsOfAPerson, GoWithTheAccountAndNoOthers) {
  const auto mine = open_chat("Mine", {});
  const auto reply = ask(mine, "What is said of copper?").value();
  auto ben = ana_;
  ben.user = world_.random.id<UserId>(world_.clock);
  const auto of_ben = run(chats_.open(ben, "Ben's", {})).value();

  ASSERT_TRUE(run(chats_.erase(Caller::system("test"), ana_.user)));

  EXPECT_EQ(kind_of(run(chats_.find(ana_, mine.id))), ErrorKind::not_found);
  EXPECT_EQ(kind_of(run(chats_.message(ana_, reply.id))), ErrorKind::not_found);
  EXPECT_TRUE(run(chats_.find(ben, of_ben.id)));
}

}  // namespace
}  // namespace kinora
