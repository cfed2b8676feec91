#include "http/events.hpp"

#include <gtest/gtest.h>

namespace kinora::http {

namespace {

TEST(EventFrame, HasIdNameAndData) {
  EXPECT_EQ(frame_of({"video.ready", "{}", "17"}), "id: 17\nevent: video.ready\ndata: {}\n\n");
  EXPECT_EQ(frame_of({"", "x", {}}), "data: x\n\n");
}

TEST(EventFrame, OfAnIdAloneIsNoEventForItsReader) { EXPECT_EQ(frame_of({"", "", "17"}), "id: 17\n\n"); }

TEST(EventFrame, GivesEachLineItsOwnField) {
  EXPECT_EQ(frame_of({"", "a\nb\r\nc\rd\n", {}}), "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n");
}

TEST(EventFrame, LetsNoNameBeginAnotherField) {
  EXPECT_EQ(frame_of({"a\ndata: forged", "x", "1\n\n"}), "id: 1\nevent: adata: forged\ndata: x\n\n");
}

}  // namespace

}  // namespace kinora::http
