#include "app/providers.hpp"

#include <gmock/gmock.h>

namespace kinora::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// What must be a service.
RemoteModel remote(const ProviderSettings& given) {
  const auto model = remote_model_of(given);
  EXPECT_TRUE(model && *model) << (model ? "this machine" : model.error().message);
  return model && *model ? **model : RemoteModel{};
}
bool stays_here(const ProviderSettings& given) {
  const auto model = remote_model_of(given);
  return model && !*model;
}
std::string refusal(const ProviderSettings& given) {
  const auto model = remote_model_of(given);
  return model ? std::string() : model.error().message;
}

TEST(Providers, AKeyAloneSendsNothingAway) {
  EXPECT_TRUE(stays_here({.openai_key = "k", .gemini_key = "k", .ollama_host = "h", .url = "http://h", .model = "m"}));
}

TEST(Providers, AreAskedAtTheirOwnPlaces) {
  const auto openai = remote({.provider = "openai", .openai_key = "k", .gemini_key = "g", .model = "m"});
  const auto google = remote({.provider = "google", .openai_key = "k", .gemini_key = "g", .model = "m"});

  EXPECT_THAT(openai.url, HasSubstr("api.openai.com"));
  EXPECT_EQ(openai.key, "k");
  EXPECT_THAT(google.url, HasSubstr("googleapis.com"));
  EXPECT_EQ(google.key, "g");
}

TEST(Providers, OllamaIsThisMachinesUnlessToldOtherwise) {
  EXPECT_EQ(remote({.provider = "ollama"}).url, "http://127.0.0.1:11434/v1");
  EXPECT_EQ(remote({.provider = "ollama"}).model, "llama3.1:8b");
  EXPECT_EQ(remote({.provider = "ollama", .ollama_host = "box"}).url, "http://box:11434/v1");
  EXPECT_EQ(remote({.provider = "ollama", .ollama_host = "https://box:1"}).url, "https://box:1/v1");
  EXPECT_EQ(remote({.provider = "ollama", .openai_key = "k"}).key, "");
}

TEST(Providers, OfOnesOwnNeedNoKey) {
  const auto own = remote({.provider = "openai", .url = "http://gpu:8000/v1", .model = "m"});

  EXPECT_EQ(own.url, "http://gpu:8000/v1");
  EXPECT_EQ(own.key, "");
}

TEST(Providers, AreTheFirstConfiguredWhenAskedToChoose) {
  EXPECT_EQ(remote({.provider = "auto", .gemini_key = "g", .ollama_host = "h", .model = "m"}).provider, "google");
  EXPECT_EQ(remote({.provider = "auto", .ollama_host = "h"}).provider, "ollama");
  EXPECT_TRUE(stays_here({.provider = "auto"}));
}

TEST(Providers, SayWhichSettingIsMissing) {
  EXPECT_THAT(refusal({.provider = "openai", .openai_key = "canary"}), HasSubstr("LLM_MODEL"));
  EXPECT_THAT(refusal({.provider = "openai", .openai_key = "canary"}), Not(HasSubstr("canary")));
  EXPECT_THAT(refusal({.provider = "google", .openai_key = "k", .model = "m"}), HasSubstr("GEMINI_API_KEY"));
}

TEST(Providers, AreNamedWithWhatGoesToThemAndNotTheirKeys) {
  const auto told = where_text_goes(remote({.provider = "openai", .openai_key = "canary", .model = "m"}));

  EXPECT_THAT(told, HasSubstr("api.openai.com"));
  EXPECT_THAT(told, Not(HasSubstr("canary")));
  EXPECT_THAT(where_text_goes({}), HasSubstr("no text leaves it"));
}

}  // namespace
}  // namespace kinora::app
