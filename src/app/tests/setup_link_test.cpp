#include "app/commands/setup_link.hpp"

#include <gtest/gtest.h>

#include "adapters/clock/system_clock.hpp"
#include "adapters/database/open.hpp"
#include "adapters/log/json_lines.hpp"
#include "adapters/random/system_random.hpp"
#include "app/run_to_end.hpp"
#include "app/tests/folder.hpp"

namespace kinora::app {
namespace {

class SetupLink : public ::testing::Test {
 protected:
  SetupLink() { config_ = *load_config({{"KINORA_DATA", folder_.path()}, {"PORT", "8123"}}, {}); }

  /// The database as a running server holds it.
  std::unique_ptr<Database> start_server() {
    auto database = *open_database(config_.database_url, clock_, *log_);
    const auto migrated = run_to_end(database->migrate(accounts::migrations()));
    EXPECT_TRUE(migrated) << migrated.error().message;
    return database;
  }

  testing::Folder folder_;
  Config config_;
  SystemClock clock_;
  std::unique_ptr<Log> log_ = *open_log(LogLevel::error, {}, clock_);
  std::unique_ptr<Random> random_ = *open_system_random();
};

TEST_F(SetupLink, MakesTheFirstAdminWhileTheServerRuns) {
  const auto database = start_server();

  const auto link = make_setup_link(config_);

  ASSERT_TRUE(link) << link.error().message;
  const std::string start = "http://127.0.0.1:8123/setup?token=";
  ASSERT_TRUE(link->starts_with(start)) << *link;
  accounts::Accounts accounts({.jwt_secret = "s", .refresh_secret = "r"}, *database, clock_, *random_);
  const accounts::NewUser ana{"ana@example.test", "correct horse", "Ana", link->substr(start.size())};
  const auto signed_in = run_to_end(accounts.set_up(Caller{}, ana, {}));
  ASSERT_TRUE(signed_in) << signed_in.error().message;
  EXPECT_EQ(signed_in->user.role, Role::admin);
}

TEST_F(SetupLink, LeadsToWhereTheServerReallyListens) {
  const auto database = start_server();
  std::filesystem::create_directory(folder_.path() / "run");
  folder_.write("run/url", "https://video.example.org");

  const auto link = make_setup_link(config_);

  ASSERT_TRUE(link) << link.error().message;
  EXPECT_TRUE(link->starts_with("https://video.example.org/setup?token=")) << *link;
}

TEST_F(SetupLink, IsRefusedOnceThereIsAnAdmin) {
  const auto database = start_server();
  accounts::Accounts accounts({.jwt_secret = "s", .refresh_secret = "r"}, *database, clock_, *random_);
  const auto token = run_to_end(accounts.open_setup());
  ASSERT_TRUE(run_to_end(accounts.set_up(Caller{}, {"ana@example.test", "correct horse", "Ana", **token}, {})));

  const auto link = make_setup_link(config_);

  ASSERT_FALSE(link);
  EXPECT_EQ(link.error().kind, ErrorKind::conflict);
}

TEST_F(SetupLink, IsFollowedByInvitationsOnceThereIsAnAdmin) {
  const auto database = start_server();
  EXPECT_EQ(make_invitation(config_).error().kind, ErrorKind::conflict) << "there is nobody yet who could invite";
  accounts::Accounts accounts({.jwt_secret = "s", .refresh_secret = "r", .registration = accounts::Registration::invite},
                              *database, clock_, *random_);
  const auto token = run_to_end(accounts.open_setup());
  ASSERT_TRUE(run_to_end(accounts.set_up(Caller{}, {"ana@example.test", "correct horse", "Ana", **token}, {})));

  const auto link = make_invitation(config_);

  ASSERT_TRUE(link) << link.error().message;
  const std::string start = "http://127.0.0.1:8123/setup?invite=";
  ASSERT_TRUE(link->starts_with(start)) << *link;
  const accounts::NewUser ben{"ben@example.test", "correct horse", "Ben", link->substr(start.size())};
  const auto joined = run_to_end(accounts.sign_up(Caller{}, ben, {}));
  ASSERT_TRUE(joined) << joined.error().message;
  EXPECT_EQ(joined->user.role, Role::user);
  const accounts::NewUser eve{"eve@example.test", "correct horse", "Eve", ben.invite};
  EXPECT_EQ(run_to_end(accounts.sign_up(Caller{}, eve, {})).error().kind, ErrorKind::expired) << "it works once";
}

TEST_F(SetupLink, NeedsAServerThatStartedOnce) {
  const auto link = make_setup_link(config_);

  ASSERT_FALSE(link);
  EXPECT_EQ(link.error().kind, ErrorKind::not_found);
  EXPECT_NE(link.error().message.find("kinora serve"), std::string::npos) << link.error().message;
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path())) << "looking made files";
}

}  // namespace
}  // namespace kinora::app
