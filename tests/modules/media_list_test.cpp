#include <algorithm>

#include "modules/media/store.hpp"
#include "tests/modules/media_library.hpp"

namespace kinora::media {
namespace {

using testing::run;

Task<Result<void>> insert_titled(Transaction tx, VideoId id, UserId owner, std::string title) {
  const NewVideoRow row{id, owner, "key/" + id.canonical(), "hash", 1, {.title = std::move(title)}};
  return insert_video(tx, row);
}
Task<Result<void>> change_row(Transaction tx, VideoId id, Video (*change)(Video)) {
  auto video = co_await ok(get_video(tx, id));
  co_return co_await update_video(tx, change(std::move(video)));
}
Task<Result<void>> set_duration(Transaction tx, VideoId id, double seconds) {
  MediaInfo info;
  info.duration = Seconds(seconds);
  return store_probe(tx, id, std::move(info));
}

/// Rows without bytes: a list looks at nothing else.
class VideoList : public testing::MediaLibrary {
 protected:
  VideoId add(std::string title) {
    const auto id = world_.random.id<VideoId>(world_.clock);
    EXPECT_TRUE(world_.write(insert_titled, id, ana_.user, std::move(title)));
    return id;
  }
  VideoId add_changed(std::string title, Video (*change)(Video)) {
    const auto id = add(std::move(title));
    EXPECT_TRUE(world_.write(change_row, id, change));
    return id;
  }
  std::vector<Video> list(ListQuery query) { return run(media_.list(ana_, std::move(query))).value(); }
  std::vector<std::string> titles(ListQuery query) {
    std::vector<std::string> titles;
    for (auto& video : list(std::move(query))) titles.push_back(std::move(video.title));
    return titles;
  }
  /// All of it, two at a time; `between` runs after each page.
  template <class Between>
  std::vector<Video> leaf_through(ListQuery query, Between between) {
    std::vector<Video> all;
    query.limit = 2;
    while (true) {
      auto page = list(query);
      if (page.empty()) return all;
      query.after = place_of(query.order, page.back());
      std::ranges::move(page, std::back_inserter(all));
      between();
    }
  }
};

using Titles = std::vector<std::string>;

TEST_F(VideoList, GoesThroughEveryOrderOnce) {
  for (int index = 0; index < 9; ++index) {
    const auto id = add(index % 3 == 0 ? "same" : std::string(1, static_cast<char>('a' + index)));
    // Some are not probed yet, some last equally long, some were born in the same moment.
    if (index % 4 != 0) EXPECT_TRUE(world_.write(set_duration, id, index / 3));
    if (index % 2 == 0) world_.clock.pass(1s);
  }

  for (const auto& [order, word] : Names<ListOrder>::table) {
    const auto seen = leaf_through({.order = order}, [] {});
    ASSERT_EQ(seen.size(), 9) << word;
    std::vector<VideoId> ids;
    for (const auto& video : seen) ids.push_back(video.id);
    std::ranges::sort(ids);
    EXPECT_TRUE(std::ranges::adjacent_find(ids) == ids.end()) << word;
    const auto in_order = [](const auto& places) { return std::ranges::is_sorted(places); };
    std::vector<std::tuple<Time, std::string, double>> keys;
    for (const auto& video : seen) {
      const auto place = place_of(order, video);
      const bool by_title = order == ListOrder::title || order == ListOrder::title_down;
      const bool by_duration = order == ListOrder::shortest || order == ListOrder::longest;
      keys.emplace_back(by_title || by_duration ? Time() : place.created_at, place.title, by_duration ? place.duration : 0);
    }
    if (word.starts_with('-')) std::ranges::reverse(keys);
    EXPECT_TRUE(in_order(keys)) << word;
  }
}

TEST_F(VideoList, NeitherLosesNorDoublesWhileOthersAreAdded) {
  for (const char* title : {"c", "e", "g", "i", "k"}) {
    add(title);
    world_.clock.pass(1s);
  }

  Titles seen;
  for (auto& video : leaf_through({.order = ListOrder::title}, [this] { add("a"); })) seen.push_back(video.title);
  EXPECT_EQ(seen, (Titles{"c", "e", "g", "i", "k"}));

  Titles newest;
  for (auto& video : leaf_through({.created_before = world_.clock.now(), .order = ListOrder::newest}, [this] { add("new"); }))
    if (video.title != "a") newest.push_back(video.title);
  EXPECT_EQ(newest, (Titles{"k", "i", "g", "e", "c"}));
}

TEST_F(VideoList, IsTheCallersOwn) {
  add("mine");
  ana_.user = world_.random.id<UserId>(world_.clock);

  EXPECT_EQ(titles({}), Titles());
}

TEST_F(VideoList, LeavesOutWhatIsDeleted) {
  const auto id = add("gone");
  ASSERT_TRUE(run(media_.remove(ana_, run(media_.owned(ana_, id)).value())));

  EXPECT_EQ(titles({}), Titles());
}

TEST_F(VideoList, KnowsStatus) {
  add("new");
  ASSERT_TRUE(world_.write(set_status, add("done"), Status::ready, std::optional<std::string>()));

  EXPECT_EQ(titles({.status = Status::ready}), Titles{"done"});
  EXPECT_EQ(titles({.status = Status::failed}), Titles());
}

TEST_F(VideoList, KnowsVisibility) {
  add("mine");
  add_changed("shown", [](Video video) {
    video.visibility = Visibility::public_;
    return video;
  });

  EXPECT_EQ(titles({.visibility = Visibility::public_}), Titles{"shown"});
}

TEST_F(VideoList, KnowsWholeTags) {
  add_changed("one", [](Video video) {
    video.tags = {"voip", R"(a "b")"};
    return video;
  });

  EXPECT_EQ(titles({.tag = "voip"}), Titles{"one"});
  EXPECT_EQ(titles({.tag = R"(a "b")"}), Titles{"one"});
  EXPECT_EQ(titles({.tag = "vo"}), Titles());
  EXPECT_EQ(titles({.tag = "VOIP"}), Titles());
}

TEST_F(VideoList, FindsWordsOfTitleAndDescriptionInAnyCase) {
  add_changed("ÜBER Asterisk", [](Video video) {
    video.description = "100% of it";
    return video;
  });

  EXPECT_EQ(titles({.text = "über"}), Titles{"ÜBER Asterisk"});
  EXPECT_EQ(titles({.text = "100%"}), Titles{"ÜBER Asterisk"});
  EXPECT_EQ(titles({.text = "asterisk100"}), Titles());
  EXPECT_EQ(titles({.text = "%"}), Titles{"ÜBER Asterisk"});
  EXPECT_EQ(titles({.text = "_"}), Titles());
}

TEST_F(VideoList, KnowsWhenVideosWereMade) {
  const auto first = world_.clock.now();
  add("first");
  world_.clock.pass(1s);
  const auto second = world_.clock.now();
  add("second");

  EXPECT_EQ(titles({.created_after = first}), Titles{"second"});
  EXPECT_EQ(titles({.created_before = second}), Titles{"first"});
}

TEST_F(VideoList, KnowsItsChannel) {
  add("of none");

  EXPECT_EQ(titles({.channel = ChannelId{Uuid{{1}}}}), Titles());
}

}  // namespace
}  // namespace kinora::media
