#include <gmock/gmock.h>

#include "tests/modules/heard_library.hpp"

namespace kinora::search {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string words = "valve battery probe";

constexpr Sql channel_of_video{"UPDATE videos SET channel_id = $2 WHERE id = $1"};
Task<Result<void>> put_into_channel(Transaction tx, VideoId video, ChannelId channel) {
  co_await ok(tx.change(channel_of_video, video, channel));
  co_return {};
}

/// Ana's gardens, the first one in a channel.
class Gardens : public testing::HeardLibrary {
 protected:
  Gardens() : HeardLibrary([](const std::string&) { return testing::Scripted{.status = "400 Bad Request"}; }) {
    EXPECT_TRUE(world_.write(put_into_channel, in_channel_, channel_));
  }

  std::vector<Moment> find(Query query) { return testing::run(search_.find(ana_, std::move(query))).value(); }
  /// Where they are, best first.
  static std::vector<std::pair<VideoId, Seconds>> places(const std::vector<Moment>& moments) {
    std::vector<std::pair<VideoId, Seconds>> places;
    for (const auto& moment : moments) places.emplace_back(moment.video, moment.start);
    return places;
  }

  ChannelId channel_{world_.random.id<ChannelId>(world_.clock)};
  VideoId in_channel_ = hear(testing::garden());
  VideoId elsewhere_ = hear(testing::garden());
};

TEST_F(Gardens, GiveTheSameMomentsFirstWhateverTheLimit) {
  for (int more = 0; more < 10; ++more) hear(testing::garden());
  const auto whole = places(find({.text = words, .limit = 100}));

  ASSERT_GT(whole.size(), 20U);
  for (const std::size_t limit : {1U, 5U, 12U, 17U, 18U, 19U, 20U}) {
    const auto first = places(find({.text = words, .limit = limit}));

    EXPECT_EQ(first, std::vector(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(limit))) << limit;
  }
}

TEST_F(Gardens, AreSearchedByTheirChannel) {
  const auto found = find({.text = words, .channel = channel_});

  EXPECT_FALSE(found.empty());
  EXPECT_THAT(found, Each(::testing::Field(&Moment::video, in_channel_)));
}

TEST_F(Gardens, AreFoundOnlyWhenVideoAndChannelAreBothRight) {
  EXPECT_FALSE(find({.text = words, .videos = {in_channel_}, .channel = channel_}).empty());
  EXPECT_THAT(find({.text = words, .videos = {elsewhere_}, .channel = channel_}), IsEmpty());
}

TEST_F(Gardens, AreNotFoundByAChannelThatNobodyKnows) {
  EXPECT_THAT(find({.text = words, .channel = world_.random.id<ChannelId>(world_.clock)}), IsEmpty());
}

TEST_F(Gardens, AreAskedByTheirChannel) {
  const auto chat = testing::run(chats_.open(ana_, "Gardens", {.all = false, .channel_id = channel_})).value();

  const auto reply = ask(chat, "What tells how wet the soil is?").value();

  ASSERT_THAT(reply.citations, SizeIs(::testing::Gt(0U)));
  EXPECT_THAT(reply.citations, Each(::testing::Field(&chat::Citation::video_id, in_channel_)));
}

TEST_F(Gardens, AreNoChatOfAChannelThatNobodyKnows) {
  const auto chat =
      testing::run(chats_.open(ana_, "?", {.all = false, .channel_id = world_.random.id<ChannelId>(world_.clock)}));

  ASSERT_FALSE(chat);
  EXPECT_EQ(chat.error().kind, ErrorKind::not_found);
}

TEST_F(Gardens, AreWhatAChatIsAboutFromItsChangeOn) {
  const auto chat = open_chat("Gardens", {in_channel_});

  const auto changed = testing::run(chats_.change(ana_, chat.id, {.scope = chat::ChatScope{{elsewhere_}, false}})).value();

  EXPECT_EQ(changed.title, "Gardens");
  EXPECT_THAT(changed.scope.video_ids, ElementsAre(elsewhere_));
  EXPECT_GT(changed.version, chat.version);
  EXPECT_THAT(ask(changed, "What tells how wet the soil is?").value().citations,
              Each(::testing::Field(&chat::Citation::video_id, elsewhere_)));
}

TEST_F(Gardens, AreChangedByTheFirstOfTwoWhoHaveReadOneVersion) {
  const auto chat = testing::run(chats_.open(ana_, "Gardens", {})).value();
  const IfVersion read{{chat.version}};

  EXPECT_TRUE(testing::run(chats_.change(ana_, chat.id, {.title = "first", .if_version = read})));

  EXPECT_EQ(testing::kind_of(testing::run(chats_.change(ana_, chat.id, {.title = "second", .if_version = read}))),
            ErrorKind::stale);
}

}  // namespace
}  // namespace kinora::search
