#include <filesystem>

#include "modules/ai/jobs/captions.hpp"
#include "tests/modules/heard_library.hpp"

namespace kinora {
namespace {

class Captions : public testing::HeardLibrary {
 protected:
  Captions() : HeardLibrary([](const std::string&) { return testing::wrote("{}"); }) {}
};

TEST_F(Captions, AreWrittenWholeOrNotAtAll) {
  const auto video = hear(testing::garden());
  auto attempt = this->attempt();
  attempt->job.subject = {"video", video.uuid};
  std::filesystem::create_symlink("/dev/full", attempt->scratch / "captions.vtt");
  ai::MakeCaptionsWorker worker(ai::Tools{media_, ai_, deaf_, model_, events_, world_.clock, world_.random});

  const auto outcome = testing::run(worker.work({attempt, world_.database()}, {}));

  const auto* waits = std::get_if<jobs::Snooze>(&outcome);
  ASSERT_NE(waits, nullptr) << "half of them must not be served";
  EXPECT_EQ(waits->reason->code, "storage_full");
}

}  // namespace
}  // namespace kinora
