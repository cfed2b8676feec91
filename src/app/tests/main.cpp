#include <gtest/gtest.h>

#include <csignal>

#include "children/jail.hpp"

// What runs programs starts this binary as their jail.
int main(int argc, char** argv) {
  if (argc > 1 && argv[1] == kinora::jail_command) return kinora::jail_main(argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
