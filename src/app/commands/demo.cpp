#include "app/commands/demo.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <thread>

#include "app/command_line.hpp"
#include "app/commands/api_client.hpp"
#include "app/commands/demo_talk.hpp"
#include "app/commands/local_accounts.hpp"
#include "app/commands/setup_link.hpp"
#include "app/data_directory.hpp"
#include "app/run_to_end.hpp"

namespace kinora::app {

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr std::string_view credits =
    "The talk: 30 s of speech by Allison Smith (CC BY-SA 3.0) over pictures of intel-iot-devkit (CC BY 4.0);\n"
    "the mix is CC BY-SA 3.0.\n";

constexpr std::string_view looked_for = "sample sounds and configuration files";
constexpr std::string_view asked = "What have I installed?";
constexpr std::string_view asked_in_vain = "How deep is the Pacific Ocean?";
constexpr auto look_again = 200ms;
constexpr auto time_max = 10min;
constexpr auto key_lifetime = 1h;

struct Stage {
  std::string name;
  std::string state;
};
struct Video {
  std::string id;
  std::string status;
  std::optional<std::string> status_message{};
  std::vector<Stage> stages{};
};
struct Sent {
  Video video;
};
struct Named {
  std::string id;
};
struct Transcript {
  std::string transcript_text;
};
struct Summary {
  std::string overview;
};
struct Moment {
  double start = 0;
  double end = 0;
  std::string text;
  std::string url;
};
struct Moments {
  std::vector<Moment> data{};
};
struct Message {
  std::string content;
  std::vector<Moment> citations{};
};
struct Exchange {
  Message reply;
};

std::string clock_text(double seconds) {
  const auto whole = static_cast<int>(seconds);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

constexpr std::size_t margin = 22;
constexpr std::size_t line_max = 76;

/// Broken between words; lines after the first stand under it.
std::string laid_out(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(" \n"), text.size());
    const auto word = text.substr(0, end);
    const bool fits = column == 0 || column + 1 + word.size() <= line_max;
    if (column > 0) out += fits ? " " : "\n" + std::string(margin, ' ');
    out += word;
    column = fits && column > 0 ? column + 1 + word.size() : word.size();
    const bool breaks = end < text.size() && text[end] == '\n';
    if (breaks) out += "\n" + std::string(margin, ' ');
    if (breaks) column = 0;
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return out;
}

class Demo {
 public:
  explicit Demo(ApiClient api) : api_(std::move(api)) {}

  Result<void> run() {
    auto sent = read_as<Sent>(api_.upload("/api/v1/videos/upload", "first steps.mp4", demo_talk()));
    if (!sent) return std::unexpected(std::move(sent.error()));
    video_ = std::move(sent->video);
    tell("sent", fmt::format("first steps.mp4, {} KB", demo_talk().size() / 1000));
    return show_all();
  }

 private:
  /// What there is to see once a stage is over.
  struct Act {
    std::string_view stage;
    std::string_view name;
    Result<std::string> (Demo::*show)();
  };
  static constexpr std::size_t acts_count = 6;
  static const std::array<Act, acts_count> acts;

  Result<void> show_all() {
    const auto ends = steady_clock::now() + time_max;
    std::array<bool, acts_count> told{};
    while (std::ranges::find(told, false) != told.end()) {
      auto seen = read_as<Video>(api_.get("/api/v1/videos/" + video_.id));
      if (!seen) return std::unexpected(std::move(seen.error()));
      video_ = *std::move(seen);
      if (video_.status == "failed") return fail(ErrorKind::invalid, video_.status_message.value_or("the video failed"));
      if (auto shown = show_ready(told); !shown) return shown;
      if (steady_clock::now() > ends) return fail(ErrorKind::timeout, "not all came out in ten minutes; see kinora doctor");
      std::this_thread::sleep_for(look_again);
    }
    return {};
  }

  Result<void> show_ready(std::array<bool, acts_count>& told) {
    for (std::size_t at = 0; at < acts.size(); ++at) {
      const auto state = state_of(acts.at(at).stage);
      if (told.at(at) || (state != "done" && state != "failed" && state != "skipped")) continue;
      if (state != "done")
        return fail(ErrorKind::unavailable, fmt::format("{}: {}; see kinora doctor", acts.at(at).stage, state));
      auto seen = (this->*acts.at(at).show)();
      if (!seen) return std::unexpected(std::move(seen.error()));
      tell(acts.at(at).name, *seen);
      told.at(at) = true;
    }
    return {};
  }

  std::string_view state_of(std::string_view stage) const {
    const auto found = std::ranges::find(video_.stages, stage, &Stage::name);
    return found == video_.stages.end() ? "" : std::string_view(found->state);
  }

  void tell(std::string_view name, std::string_view text) const {
    const std::chrono::duration<double> since = steady_clock::now() - begun_;
    fmt::print("{:6.1f} s  {:<10}  {}\n", since.count(), name, laid_out(text));
    std::fflush(stdout);
  }

  Result<std::string> link() { return api_.server() + "/watch/" + video_.id; }

  Result<std::string> words() {
    auto transcript = read_as<Transcript>(api_.get("/api/v1/videos/" + video_.id + "/transcript?words=false"));
    if (!transcript) return std::unexpected(std::move(transcript.error()));
    return transcript->transcript_text;
  }

  Result<std::string> summary() {
    auto summary = read_as<Summary>(api_.get("/api/v1/videos/" + video_.id + "/summary"));
    if (!summary) return std::unexpected(std::move(summary.error()));
    return summary->overview;
  }

  Result<std::string> moment() {
    auto found =
        read_as<Moments>(api_.get("/api/v1/search?limit=1&video_id=" + video_.id + "&q=" + percent_encoded(looked_for)));
    if (!found) return std::unexpected(std::move(found.error()));
    if (found->data.empty()) return fail(ErrorKind::not_found, "the search found nothing");
    const auto& hit = found->data.front();
    return fmt::format("{}\n“{}”\nat {}, {}{}", looked_for, hit.text, clock_text(hit.start), api_.server(), hit.url);
  }

  Result<std::string> answer() {
    auto reply = ask(asked);
    if (!reply) return std::unexpected(std::move(reply.error()));
    if (reply->citations.empty()) return fail(ErrorKind::not_found, "the answer cites nothing");
    auto text = fmt::format("{}\n{}", asked, reply->content);
    int number = 0;
    for (const auto& quote : reply->citations)
      text += fmt::format("\n[{}] {} to {}, {}{}", ++number, clock_text(quote.start), clock_text(quote.end), api_.server(),
                          quote.url);
    return text;
  }

  Result<std::string> refusal() {
    auto reply = ask(asked_in_vain);
    if (!reply) return std::unexpected(std::move(reply.error()));
    return fmt::format("{}\n{}", asked_in_vain, reply->content);
  }

  Result<Message> ask(std::string_view question) {
    const auto wish = fmt::format(R"({{"title":"kinora demo","scope":{{"video_ids":["{}"]}}}})", video_.id);
    auto chat = read_as<Named>(api_.post("/api/v1/chats", wish));
    if (!chat) return std::unexpected(std::move(chat.error()));
    auto exchange = read_as<Exchange>(
        api_.post("/api/v1/chats/" + chat->id + "/messages", R"({"content":)" + to_json(std::string(question)) + '}'));
    if (!exchange) return std::unexpected(std::move(exchange.error()));
    if (auto gone = api_.remove("/api/v1/chats/" + chat->id); !gone) return std::unexpected(std::move(gone.error()));
    return std::move(exchange->reply);
  }

  ApiClient api_;
  steady_clock::time_point begun_ = steady_clock::now();
  Video video_;
};

const std::array<Demo::Act, Demo::acts_count> Demo::acts = {{
    {"first_rung", "playable", &Demo::link},
    {"transcribe", "words", &Demo::words},
    {"summary", "summary", &Demo::summary},
    {"index", "found", &Demo::moment},
    {"index", "answered", &Demo::answer},
    {"index", "refused", &Demo::refusal},
}};

/// A key of the first admin for as long as the demo runs: whoever reads the data directory may act for him.
class BorrowedKey {
 public:
  static Result<BorrowedKey> of(LocalAccounts& accounts, const Config& config) {
    auto admin = run_to_end(accounts->first_admin());
    if (!admin) return std::unexpected(std::move(admin.error()));
    if (!*admin) return nobody_yet(config);
    const accounts::ApiKeyWish wish{"kinora demo", (*admin)->scopes, SystemClock().now() + key_lifetime};
    auto made = run_to_end(accounts->make_api_key(**admin, wish));
    if (!made) return std::unexpected(std::move(made.error()));
    return BorrowedKey(accounts, **admin, *std::move(made));
  }
  BorrowedKey(const BorrowedKey&) = delete;
  BorrowedKey(BorrowedKey&& other) noexcept
      : accounts_(std::exchange(other.accounts_, nullptr)), admin_(other.admin_), made_(std::move(other.made_)) {}
  ~BorrowedKey() {
    if (accounts_ != nullptr) static_cast<void>(run_to_end((*accounts_)->remove_api_key(admin_, made_.key.id)));
  }

  const std::string& secret() const { return made_.secret; }

 private:
  BorrowedKey(LocalAccounts& accounts, Caller admin, accounts::NewApiKey made)
      : accounts_(&accounts), admin_(std::move(admin)), made_(std::move(made)) {}

  static std::unexpected<Error> nobody_yet(const Config& config) {
    const auto link = make_setup_link(config);
    return fail(ErrorKind::conflict, "there is no account yet. Make the first one, then start the demo again:\n\n  " +
                                         link.value_or("kinora user setup-link"));
  }

  LocalAccounts* accounts_;
  Caller admin_;
  accounts::NewApiKey made_;
};

Result<void> show(const std::string& server, std::string token) {
  auto api = ApiClient::to(server, std::move(token));
  if (!api) return std::unexpected(std::move(api.error()));
  fmt::print("{}\n", credits);
  return Demo(*std::move(api)).run();
}

/// By the key in KINORA_TOKEN, or by one of this machine's own server.
Result<void> demonstrate(const Config& config, const std::string& server) {
  if (const char* token = std::getenv("KINORA_TOKEN")) return show(server, token);
  auto accounts = LocalAccounts::open(config);
  if (!accounts) return std::unexpected(std::move(accounts.error()));
  if (!is_in_use(config.data)) return fail(ErrorKind::unavailable, "no server runs here. Start it: kinora serve");
  auto key = BorrowedKey::of(**accounts, config);
  if (!key) return std::unexpected(std::move(key.error()));
  return show(server, key->secret());
}

}  // namespace

int run_demo(const Config& config) {
  const auto server = announced_url(config.data).value_or(config.base_url());
  const auto done = demonstrate(config, server);
  if (!done) return report(done.error());
  fmt::print("\nThe talk stays in the library, as any video: {}/library\n", server);
  return exit_success;
}

}  // namespace kinora::app
