#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "adapters/media_tool/open.hpp"
#include "app/data_directory.hpp"
#include "app/doctor/machine.hpp"
#include "app/doctor/programs.hpp"
#include "app/doctor/weights.hpp"
#include "app/run_to_end.hpp"
#include "app/tests/folder.hpp"

namespace kinora::app::doctor {
namespace {

using State = Finding::State;
using boost::asio::ip::tcp;

Task<Result<Finding>> succeed(Task<Finding> work) { co_return co_await std::move(work); }

class Doctor : public ::testing::Test {
 protected:
  Doctor() {
    config_ = *load_config({{"KINORA_DATA", folder_.path()}, {"HOME", folder_.path()}}, {});
    config_.free_disk_bytes_min = 1;
    std::filesystem::create_directory(scratch_);
  }
  static Finding run(Task<Finding> work) { return *run_to_end(succeed(std::move(work))); }

  app::testing::Folder folder_;
  std::filesystem::path scratch_ = folder_.path() / "scratch";
  Config config_;
  Launcher launcher_{LauncherSettings{}};
};

TEST_F(Doctor, FindsADataFolderThatCanBeMade) {
  config_.data = folder_.path() / "not" / "yet";

  EXPECT_EQ(examine_disk(config_).state, State::works);
  EXPECT_FALSE(std::filesystem::exists(config_.data)) << "looking made it";
}

TEST_F(Doctor, MissesDiskSpace) {
  config_.free_disk_bytes_min = 1ULL << 60;

  const auto finding = examine_disk(config_);

  EXPECT_EQ(finding.state, State::fails);
  EXPECT_NE(finding.fix.find("MIN_FREE_DISK"), std::string::npos) << finding.fix;
}

TEST_F(Doctor, FindsAFreePort) {
  config_.port = 0;

  EXPECT_EQ(examine_port(config_).state, State::works);
}

TEST_F(Doctor, FindsATakenPort) {
  boost::asio::io_context io;
  const tcp::acceptor other(io, tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0));
  config_.port = other.local_endpoint().port();

  const auto finding = examine_port(config_);

  EXPECT_EQ(finding.state, State::fails);
  EXPECT_NE(finding.seen.find(std::to_string(config_.port)), std::string::npos) << finding.seen;
}

TEST_F(Doctor, SeesThatTheServerRunsAlready) {
  const auto directory = DataDirectory::open(config_.data);
  ASSERT_TRUE(directory->announce("http://127.0.0.1:9000"));

  const auto finding = examine_port(config_);

  EXPECT_EQ(finding.state, State::works);
  EXPECT_NE(finding.seen.find("http://127.0.0.1:9000"), std::string::npos) << finding.seen;
}

TEST_F(Doctor, WarnsOfPlainHttpBeyondThisMachine) {
  config_.listen_address = "0.0.0.0";
  EXPECT_EQ(examine_reach(config_).state, State::reduced);

  config_.public_url = "https://video.example.org";
  EXPECT_EQ(examine_reach(config_).state, State::works);
}

TEST_F(Doctor, RunsAProgramInTheJail) {
  EXPECT_EQ(run(examine_jail(launcher_, Sandbox::strict, scratch_)).state, State::works);
}

TEST_F(Doctor, DoesNotPraiseAWeakJail) {
  EXPECT_EQ(run(examine_jail(launcher_, Sandbox::weak, scratch_)).state, State::reduced);
}

TEST_F(Doctor, FindsFfmpegWithAllItNeeds) {
  const auto finding = run(examine_ffmpeg(launcher_, MediaToolSettings{}.ffmpeg, scratch_));

  EXPECT_EQ(finding.state, State::works) << finding.seen << finding.without;
}

TEST_F(Doctor, MissesFfmpeg) {
  const auto finding = run(examine_ffmpeg(launcher_, "/nowhere/ffmpeg", scratch_));

  EXPECT_EQ(finding.state, State::fails);
  EXPECT_NE(finding.seen.find("/nowhere/ffmpeg"), std::string::npos) << finding.seen;
}

TEST_F(Doctor, TellsWhatIsOffWithoutAPartOfFfmpeg) {
  const FfmpegLists lists = {
      .encoders = " V....D libx264   H.264\n A....D aac  AAC\n VFS..D mjpeg  MJPEG\n A....D pcm_s16le  PCM\n",
      .filters = " .S. scale V->V Scale.\n ... fps V->V\n TS. bwdif V->V\n T.. thumbnail V->V\n .S. tonemap V->V zscale\n"};

  const auto finding = judge_ffmpeg("/usr/bin/ffmpeg", lists);

  EXPECT_EQ(finding.state, State::reduced);
  EXPECT_EQ(finding.seen, "/usr/bin/ffmpeg lacks zscale");
  EXPECT_EQ(finding.without, "HDR videos are not made playable");
}

TEST_F(Doctor, MissesLlamaServer) {
  const auto finding = run(examine_llama_server(launcher_, "/nowhere/llama-server", scratch_));

  EXPECT_EQ(finding.state, State::reduced);
  EXPECT_NE(finding.fix.find("KINORA_LLAMA_SERVER"), std::string::npos) << finding.fix;
}

TEST_F(Doctor, MissesWeights) {
  const auto findings = examine_weights(config_);

  ASSERT_EQ(findings.size(), 5u);
  for (const auto& finding : findings) {
    EXPECT_EQ(finding.state, State::reduced);
    EXPECT_NE(finding.seen.find("is missing"), std::string::npos) << finding.seen;
  }
}

TEST_F(Doctor, TellsHowToBringALanguageModel) {
  const auto findings = examine_weights(config_);
  const auto found = std::ranges::find_if(findings, [](const auto& each) { return each.seen.contains("qwen"); });

  ASSERT_NE(found, findings.end());
  EXPECT_NE(found->fix.find("kinora models fetch llm"), std::string::npos) << found->fix;
  EXPECT_NE(found->without.find("quotes"), std::string::npos) << found->without;
}

}  // namespace
}  // namespace kinora::app::doctor
