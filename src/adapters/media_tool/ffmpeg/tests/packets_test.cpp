#include "adapters/media_tool/ffmpeg/packets.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace kinora::ffmpeg {
namespace {

/// `step` seconds apart, a key frame each `key_every`.
void feed_steadily(PacketScan& scan, double start, int count, double step, int key_every) {
  for (int at = 0; at < count; ++at)
    scan.feed(fmt::format("{0},{0},{1},{2}", start + at * step, step, at % key_every == 0 ? "K_" : "__"));
}

TEST(PacketScan, MeasuresToTheEndOfTheLastPacket) {
  PacketScan scan(Seconds(120));

  feed_steadily(scan, 0, 100, 0.04, 50);

  EXPECT_NEAR(scan.measured_duration().count(), 4.0, 1e-6);
  EXPECT_NEAR(scan.key_frame_gap_max().count(), 2.0, 1e-6);
  EXPECT_FALSE(scan.is_variable_frame_rate());
}

TEST(PacketScan, JudgesNoKeyFramesAcrossThePartThatWasNotRead) {
  PacketScan scan(Seconds(120));

  feed_steadily(scan, 0, 3000, 0.04, 50);
  feed_steadily(scan, 3580, 500, 0.04, 50);

  EXPECT_NEAR(scan.measured_duration().count(), 3600, 1e-6);
  EXPECT_NEAR(scan.key_frame_gap_max().count(), 2.0, 1e-6);
}

TEST(PacketScan, CountsTheTimeAfterTheLastKeyFrame) {
  PacketScan scan(Seconds(120));

  feed_steadily(scan, 0, 250, 0.04, 1000);

  EXPECT_NEAR(scan.key_frame_gap_max().count(), 9.96, 1e-6);
}

TEST(PacketScan, TakesPacketsInDecodingOrder) {
  PacketScan scan(Seconds(120));

  for (const char* line : {"0,0,0.04,K_", "0.12,0,0.04,__", "0.04,0,0.04,__", "0.08,0,0.04,__", "0.24,0,0.04,__",
                           "0.16,0,0.04,__", "0.2,0,0.04,__"})
    scan.feed(line);

  EXPECT_FALSE(scan.is_variable_frame_rate());
  EXPECT_FALSE(scan.has_open_groups());
}

TEST(PacketScan, SeesAPictureThatIsShownBeforeItsKeyFrame) {
  PacketScan scan(Seconds(120));

  for (const char* line : {"0,0,0.04,K_", "0.04,0,0.04,__", "0.16,0,0.04,K_", "0.08,0,0.04,__", "0.12,0,0.04,__"})
    scan.feed(line);

  EXPECT_TRUE(scan.has_open_groups());
}

TEST(PacketScan, SeesNewParametersInTheMiddleOnly) {
  PacketScan scan(Seconds(120));

  scan.feed("0,0,0.04,K_,New Extradata");
  EXPECT_FALSE(scan.changes_parameters());
  scan.feed("0.04,0.04,0.04,K_,New Extradata");

  EXPECT_TRUE(scan.changes_parameters());
}

TEST(PacketScan, MeasuresAFileThatOnlyTellsWhenItIsDecoded) {
  PacketScan scan(Seconds(120));

  for (const char* line : {"N/A,0,0.04,K_", "N/A,0.04,0.04,__", "N/A,0.08,0.04,__"}) scan.feed(line);

  EXPECT_NEAR(scan.measured_duration().count(), 0.12, 1e-9);
  EXPECT_EQ(scan.key_frame_gap_max(), Seconds(0));  // so it is not copied
}

TEST(PacketScan, PassesOverLinesThatAreNone) {
  PacketScan scan(Seconds(120));

  for (const char* line : {"", "N/A,N/A,K_", "nan", ",,,", "x"}) scan.feed(line);

  EXPECT_FALSE(scan.has_packets());
  EXPECT_EQ(scan.measured_duration(), Seconds(0));
}

}  // namespace
}  // namespace kinora::ffmpeg
