#include "children/left_behind.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "children/tests/scratch.hpp"

namespace kinora {
namespace {

/// A process that does nothing in a folder until it is killed.
class IdleProcess {
 public:
  explicit IdleProcess(const std::filesystem::path& folder) {
    int started[2];
    EXPECT_EQ(::pipe(started), 0);
    id_ = ::fork();
    if (id_ == 0) {
      if (::chdir(folder.c_str()) == 0 && ::write(started[1], "x", 1) == 1) ::pause();
      ::_exit(1);
    }
    char byte = 0;
    EXPECT_EQ(::read(started[0], &byte, 1), 1);
    ::close(started[0]);
    ::close(started[1]);
  }
  IdleProcess(const IdleProcess&) = delete;
  ~IdleProcess() {
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
  }
  int id() const { return id_; }

 private:
  int id_ = 0;
};

TEST(LeftBehindProcesses, AreThoseThatWorkInsideOneOfTheFolders) {
  const testing::ScratchFolder folder;
  const IdleProcess within(folder.folder("scratch/job"));
  const IdleProcess elsewhere(folder.folder("scratch-of-others"));

  const auto found = processes_inside({folder.path() / "run", folder.path() / "scratch"});

  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().process_id, within.id());
  EXPECT_EQ(found.front().folder, folder.path() / "scratch/job");
  EXPECT_FALSE(found.front().program.empty());
}

TEST(LeftBehindProcesses, AreNotOurselves) {
  const auto here = std::filesystem::current_path();

  for (const auto& each : processes_inside({here})) EXPECT_NE(each.process_id, ::getpid());
}

}  // namespace
}  // namespace kinora
