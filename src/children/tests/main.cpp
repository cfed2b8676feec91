#include <gtest/gtest.h>

#include <csignal>

#include "children/jail.hpp"
#include "children/tests/misbehave.hpp"

int main(int argc, char** argv) {
  if (argc > 1 && argv[1] == kinora::jail_command) return kinora::jail_main(argc, argv);
  if (argc > 2 && argv[1] == kinora::testing::misbehave_command) return kinora::testing::misbehave(argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
