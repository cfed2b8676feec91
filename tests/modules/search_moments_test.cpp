#include <gmock/gmock.h>

#include "tests/modules/heard_library.hpp"

namespace kinora::search {
namespace {

using ::testing::Each;
using ::testing::IsEmpty;

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

}  // namespace
}  // namespace kinora::search
