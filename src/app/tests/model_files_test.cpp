#include "app/commands/model_files.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "app/tests/folder.hpp"

namespace kinora::app {
namespace {

// SHA-256 of "abc", from FIPS 180-4's examples.
const ModelFile abc = {"abc.bin", "models", "a test",
                       "MIT",     3,        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"};

TEST(ModelFiles, AreThoseOfTheLock) {
  const auto models = locked_models();

  ASSERT_TRUE(models) << models.error().message;
  const auto whisper = std::ranges::find(*models, "ggml-base.bin", &ModelFile::name);
  ASSERT_NE(whisper, models->end());
  EXPECT_EQ(whisper->group, "models");
  EXPECT_GT(whisper->size_bytes, 100u << 20);
  for (const auto& model : *models) EXPECT_EQ(model.sha256.size(), 64u) << model.name;
}

TEST(ModelFiles, PassWhenEveryByteIsRight) {
  const testing::Folder folder;
  folder.write("abc.bin", "abc");

  EXPECT_EQ(glance_at(abc, folder.path()), FileState::present);
  EXPECT_EQ(verify(abc, folder.path()), FileState::present);
}

TEST(ModelFiles, FailOnOneWrongByte) {
  const testing::Folder folder;
  folder.write("abc.bin", "abd");

  EXPECT_EQ(verify(abc, folder.path()), FileState::different);
}

TEST(ModelFiles, FailAtAGlanceWhenCutShort) {
  const testing::Folder folder;
  folder.write("abc.bin", "ab");

  EXPECT_EQ(glance_at(abc, folder.path()), FileState::different);
}

TEST(ModelFiles, CanBeMissing) {
  const testing::Folder folder;

  EXPECT_EQ(glance_at(abc, folder.path()), FileState::missing);
  EXPECT_EQ(verify(abc, folder.path()), FileState::missing);
}

}  // namespace
}  // namespace kinora::app
