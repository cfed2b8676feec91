#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/log.hpp"
#include "children/launcher.hpp"
#include "children/tests/scratch.hpp"

/// What tests with the real models stand on. CMake tells where they are: KINORA_PROGRAM, KINORA_MODELS,
/// KINORA_LLAMA_SERVER_DEFAULT; `make setup` brings them.
namespace kinora::testing {

class ModelsTest : public ::testing::Test {
 protected:
  static std::filesystem::path model(const char* name) { return std::filesystem::path(KINORA_MODELS) / name; }

  class NoLog final : public Log {
    void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
  };

  ScratchFolder folder_;
  NoLog log_;
  Launcher launcher_{LauncherSettings{.jail = KINORA_PROGRAM}};
};

}  // namespace kinora::testing
