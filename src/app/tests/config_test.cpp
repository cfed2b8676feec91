#include "app/config.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "app/tests/folder.hpp"

namespace kinora::app {
namespace {

using namespace std::chrono_literals;
using ::kinora::accounts::Registration;

class Configuration : public ::testing::Test {
 protected:
  Result<Config> load(Variables more = {}, Variables overrides = {}) const {
    more.emplace("HOME", "/home/ana");
    more.emplace("KINORA_DATA", folder_.path());
    return load_config(more, overrides);
  }
  /// The message of what must be refused.
  std::string refusal(Variables more) const {
    const auto config = load(std::move(more));
    EXPECT_FALSE(config) << "was taken";
    return config ? std::string() : config.error().message;
  }
  static bool mentions(const std::vector<std::string>& sentences, std::string_view word) {
    return std::ranges::any_of(sentences, [&](const auto& each) { return each.find(word) != std::string::npos; });
  }

  testing::Folder folder_;
};

TEST_F(Configuration, IsWholeWithoutAnySetting) {
  const auto config = load();

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->port, 8080);
  EXPECT_EQ(config->listen_address, "127.0.0.1");
  EXPECT_EQ(config->models, "/home/ana/.cache/kinora/models");
  EXPECT_EQ(config->scratch, folder_.path() / "scratch");
  EXPECT_EQ(config->database_url, "sqlite:" + (folder_.path() / "kinora.db").string());
  EXPECT_EQ(config->access_lifetime, 1h);
  EXPECT_EQ(config->refresh_lifetime, 7 * 24h);
  EXPECT_EQ(config->upload_bytes_max, 2ULL << 30);
  EXPECT_EQ(config->log_level, LogLevel::info);
  EXPECT_FALSE(config->jwt_secret);
  EXPECT_TRUE(config->warnings.empty());
}

TEST_F(Configuration, KeepsDataWhereThePersonKeepsData) {
  EXPECT_EQ(load_config({{"HOME", "/home/ana"}}, {})->data, "/home/ana/.local/share/kinora");
  EXPECT_EQ(load_config({{"HOME", "/home/ana"}, {"XDG_DATA_HOME", "/data"}}, {})->data, "/data/kinora");
}

TEST_F(Configuration, AsksForADataFolderWhereThereIsNoHome) {
  const auto config = load_config({}, {});

  ASSERT_FALSE(config);
  EXPECT_NE(config.error().message.find("KINORA_DATA"), std::string::npos);
}

TEST_F(Configuration, TakesTheCommandLineOverTheEnvironmentOverTheFile) {
  folder_.write("kinora.toml", "port = 1001\nmax_concurrent_jobs = 2\nlog_level = 'error'\n");

  const auto config = load({{"PORT", "1002"}, {"LOG_LEVEL", "debug"}}, {{"PORT", "1003"}});

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->port, 1003);
  EXPECT_EQ(config->log_level, LogLevel::debug);
  EXPECT_EQ(config->jobs_max, 2u);
}

TEST_F(Configuration, TakesTheFirstOfTwoNames) {
  EXPECT_EQ(load({{"JWT_EXPIRY", "2h"}})->access_lifetime, 2h);
  EXPECT_EQ(load({{"JWT_EXPIRY", "2h"}, {"JWT_EXPIRES_IN", "15m"}})->access_lifetime, 15min);
}

TEST_F(Configuration, CountsAnEmptyTextAsAbsent) {
  const auto config = load({{"PORT", ""}, {"JWT_SECRET", ""}});

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->port, 8080);
  EXPECT_FALSE(config->jwt_secret);
}

TEST_F(Configuration, ReadsASecretFromItsFile) {
  const auto file = folder_.write("secret", "0123456789abcdef0123456789abcdef\n");

  const auto config = load({{"JWT_SECRET_FILE", file}});

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->jwt_secret, "0123456789abcdef0123456789abcdef");
}

TEST_F(Configuration, RefusesAValueAndAFileForTheSameName) {
  const auto message = refusal({{"JWT_SECRET", "canary"}, {"JWT_SECRET_FILE", "/nowhere"}});

  EXPECT_NE(message.find("JWT_SECRET and JWT_SECRET_FILE"), std::string::npos) << message;
  EXPECT_EQ(message.find("canary"), std::string::npos) << message;
}

TEST_F(Configuration, NamesAFileThatCannotBeRead) {
  const auto message = refusal({{"JWT_SECRET_FILE", "/nowhere/secret"}});

  EXPECT_NE(message.find("JWT_SECRET_FILE=/nowhere/secret"), std::string::npos) << message;
}

TEST_F(Configuration, RefusesAFileThatHoldsNoSecret) {
  const auto empty = folder_.write("empty", "\n");

  EXPECT_NE(refusal({{"JWT_SECRET_FILE", empty}}).find("is empty"), std::string::npos);
  EXPECT_NE(refusal({{"JWT_SECRET_FILE", folder_.path()}}).find("cannot be read"), std::string::npos);
  EXPECT_NE(refusal({{"JWT_SECRET_FILE", "/dev/zero"}}).find("is larger"), std::string::npos);
}

TEST_F(Configuration, RefusesAFolderInPlaceOfItsFile) {
  std::filesystem::create_directory(folder_.path() / "kinora.toml");

  EXPECT_NE(refusal({}).find("kinora.toml"), std::string::npos);
}

TEST_F(Configuration, TellsAllThatIsWrongAtOnce) {
  folder_.write("kinora.toml", "jwt_expires_in = 'soon'\n");

  const auto config = load({{"PORT", "99999"}, {"KINORA_SANDBOX", "none"}, {"REGISTRATION", "maybe"}});

  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().kind, ErrorKind::invalid);
  EXPECT_EQ(config.error().fields.size(), 4u);
  const auto& message = config.error().message;
  EXPECT_NE(message.find("PORT=99999 (environment): give a port from 0 to 65535"), std::string::npos) << message;
  EXPECT_NE(message.find("KINORA_SANDBOX=none (environment): give strict or weak"), std::string::npos) << message;
  EXPECT_NE(message.find("REGISTRATION=maybe (environment): give open, invite or closed"), std::string::npos) << message;
  EXPECT_NE(message.find("JWT_EXPIRES_IN=soon (" + (folder_.path() / "kinora.toml").string()), std::string::npos) << message;
}

TEST_F(Configuration, NeverShowsASecretItRefuses) {
  const auto message = refusal({{"DATABASE_URL", "postgresql://ana:canary@db/kinora"}});

  EXPECT_NE(message.find("DATABASE_URL"), std::string::npos) << message;
  EXPECT_EQ(message.find("canary"), std::string::npos) << message;
}

TEST_F(Configuration, RefusesUnknownNamesOfOursAndSaysWhatWasMeant) {
  const auto message = refusal({{"KINORA_LISTN", "::1"}, {"RATE_LIMIT_LOGINS", "1/h"}});

  EXPECT_NE(message.find("KINORA_LISTN (environment): there is no such setting; did you mean KINORA_LISTEN?"),
            std::string::npos)
      << message;
  EXPECT_NE(message.find("RATE_LIMIT_LOGINS"), std::string::npos) << message;
}

TEST_F(Configuration, LeavesOtherPeoplesNamesAlone) {
  const auto config = load({{"PATH", "/bin"}, {"EDITOR", "vi"}, {"LISTEN", "no address"}});

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_TRUE(config->warnings.empty());
}

TEST_F(Configuration, RefusesUnknownKeysOfTheFile) {
  folder_.write("kinora.toml", "prot = 8081\n");

  const auto message = refusal({});

  EXPECT_NE(message.find("PROT"), std::string::npos) << message;
  EXPECT_NE(message.find("did you mean PORT?"), std::string::npos) << message;
}

TEST_F(Configuration, RefusesAFileThatIsNoToml) {
  folder_.write("kinora.toml", "port = 1\nthis is no line\n");

  const auto message = refusal({});

  EXPECT_NE(message.find("kinora.toml line 2"), std::string::npos) << message;
}

TEST_F(Configuration, RefusesAKeyOfAnotherType) {
  folder_.write("kinora.toml", "port = 80.5\n");

  EXPECT_NE(refusal({}).find("port ("), std::string::npos);
}

TEST_F(Configuration, RefusesAFileThatMovesTheFolderItLiesIn) {
  folder_.write("kinora.toml", "kinora_data = '/elsewhere'\n");

  EXPECT_NE(refusal({}).find("kinora_data"), std::string::npos);
}

TEST_F(Configuration, ReadsAListFromTheFile) {
  folder_.write("kinora.toml", "allowed_origins = ['https://a.example', 'https://b.example']\nallow_plain_http = true\n");

  const auto config = load();

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->allowed_origins, (std::vector<std::string>{"https://a.example", "https://b.example"}));
  EXPECT_TRUE(config->allow_plain_http);
}

TEST_F(Configuration, WarnsOfWhatThisVersionDoesNotUse) {
  const auto config = load({{"REDIS_URL", "redis://cache"}, {"OPENAI_API_KEY", "canary"}});

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_TRUE(mentions(config->warnings, "REDIS_URL"));
  EXPECT_TRUE(mentions(config->warnings, "OPENAI_API_KEY"));
  EXPECT_TRUE(mentions(config->warnings, "no text leaves it"));
  EXPECT_FALSE(mentions(config->warnings, "canary"));
}

TEST_F(Configuration, DoesNotWarnOfWhatHoldsAnyway) {
  const auto config = load({{"AI_PROVIDER", "local"}, {"KINORA_ROLE", "all"}, {"CELERY_BROKER_URL", "redis://"}});

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_TRUE(config->warnings.empty());
}

TEST_F(Configuration, KeepsTextsHereUntilAProviderIsChosen) {
  const auto here = load({{"GEMINI_API_KEY", "canary"}, {"LLM_URL", "http://gpu:8000/v1"}});
  const auto there = load({{"AI_PROVIDER", "openai"}, {"LLM_URL", "http://gpu:8000/v1/"}, {"LLM_MODEL", "big"}});

  ASSERT_TRUE(here) << here.error().message;
  EXPECT_TRUE(here->language_model.url.empty());
  EXPECT_TRUE(mentions(here->warnings, "LLM_URL"));
  EXPECT_FALSE(mentions(here->warnings, "canary"));
  ASSERT_TRUE(there) << there.error().message;
  EXPECT_EQ(there->language_model.url, "http://gpu:8000/v1");
  EXPECT_TRUE(there->warnings.empty());
}

TEST_F(Configuration, RefusesAProviderThatItCannotAsk) {
  EXPECT_NE(refusal({{"AI_PROVIDER", "openai"}, {"OPENAI_API_KEY", "k"}}).find("LLM_MODEL"), std::string::npos);
  EXPECT_NE(refusal({{"AI_PROVIDER", "skynet"}}).find("ollama"), std::string::npos);
}

TEST_F(Configuration, RefusesToBePartOfAServer) {
  EXPECT_NE(refusal({{"KINORA_ROLE", "worker"}}).find("KINORA_ROLE=worker"), std::string::npos);
}

TEST_F(Configuration, IsOpenOnLoopbackAndCarefulBeyond) {
  const auto near = load({{"KINORA_LISTEN", "::1"}});
  const auto far = load({{"KINORA_LISTEN", "0.0.0.0"}});
  const auto told = load({{"KINORA_LISTEN", "0.0.0.0"}, {"REGISTRATION", "open"}, {"HEALTH_DETAIL", "on"}});

  EXPECT_EQ(near->registration, Registration::open);
  EXPECT_TRUE(near->health_detail);
  EXPECT_EQ(far->registration, Registration::invite);
  EXPECT_FALSE(far->health_detail);
  EXPECT_EQ(told->registration, Registration::open);
  EXPECT_TRUE(told->health_detail);
}

TEST_F(Configuration, LetsTheFrontEndsOriginIn) {
  const auto config = load({{"FRONTEND_URL", "https://app.example/home"}, {"ALLOWED_ORIGINS", "https://b.example"}});

  EXPECT_EQ(config->allowed_origins, (std::vector<std::string>{"https://b.example", "https://app.example"}));
}

TEST_F(Configuration, NeedsBothHalvesOfTls) {
  EXPECT_NE(refusal({{"TLS_CERT", "/etc/hostname"}}).find("give both"), std::string::npos);
  EXPECT_NE(refusal({{"TLS_CERT", "/nowhere.pem"}, {"TLS_KEY", "/nowhere.key"}}).find("TLS_KEY=/nowhere.key"),
            std::string::npos);
}

TEST_F(Configuration, WarnsOfAShortSecret) {
  const auto config = load({{"JWT_SECRET", "canary"}});

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_TRUE(mentions(config->warnings, "JWT_SECRET"));
  EXPECT_FALSE(mentions(config->warnings, "canary"));
}

TEST_F(Configuration, KnowsTheSecretOfMediaLinksAndTheOneBefore) {
  const auto config = load({{"MEDIA_SECRET", "new canary"}, {"MEDIA_SECRET_PREVIOUS", "old canary"}});

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->media_secret, "new canary");
  EXPECT_EQ(config->media_secret_previous, "old canary");
  EXPECT_TRUE(mentions(config->warnings, "MEDIA_SECRET_PREVIOUS"));
  EXPECT_FALSE(mentions(config->warnings, "canary"));
}

TEST_F(Configuration, TakesFailpointsAndSaysSo) {
  const auto config = load({{"KINORA_FAILPOINTS", "jobs.finish=kill@2,blobs.write=error"}});

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->failpoints.size(), 2U);
  EXPECT_TRUE(mentions(config->warnings, "KINORA_FAILPOINTS"));
}

TEST_F(Configuration, RefusesAFailpointThatItDoesNotKnow) {
  EXPECT_NE(refusal({{"KINORA_FAILPOINTS", "jobs.finnish=kill"}}).find("kinora failpoints"), std::string::npos);
}

TEST_F(Configuration, KnowsItsOwnAddress) {
  EXPECT_EQ(load()->base_url(), "http://127.0.0.1:8080");
  EXPECT_EQ(load({{"KINORA_LISTEN", "::1"}})->base_url(), "http://[::1]:8080");
  EXPECT_EQ(load({{"KINORA_LISTEN", "0.0.0.0"}})->base_url(), "http://localhost:8080");
  EXPECT_EQ(load({{"PUBLIC_URL", "https://video.example.org/"}})->base_url(), "https://video.example.org");
}

TEST_F(Configuration, KeepsTheDatabaseAtAnAbsolutePath) {
  EXPECT_EQ(load({{"DATABASE_URL", "sqlite:///var/k.db"}})->database_url, "sqlite:/var/k.db");
  EXPECT_EQ(load({{"DATABASE_URL", "sqlite://k.db"}})->database_url,
            "sqlite:" + (std::filesystem::current_path() / "k.db").string());
}

}  // namespace
}  // namespace kinora::app
