#include <array>
#include <string_view>

#include "app/command_line.hpp"
#include "app/commands/backup.hpp"
#include "app/commands/check.hpp"
#include "app/commands/demo.hpp"
#include "app/commands/doctor.hpp"
#include "app/commands/eval.hpp"
#include "app/commands/failpoints.hpp"
#include "app/commands/models.hpp"
#include "app/commands/serve.hpp"
#include "app/commands/setup_link.hpp"
#include "children/jail.hpp"
#include "engines/speech/speech_engine.hpp"

namespace {

using namespace kinora::app;

constexpr auto commands = std::to_array<Command>({
    {"serve", "run the server", serve},
    {"user setup-link", "a fresh link with which the first admin makes an account", print_setup_link},
    {"user invite", "a link with which somebody makes an account", print_invitation},
    {"models list", "what each model is for, and whether it is here", list_models},
    {"models fetch llm", "brings the language model that writes summaries, titles and answers (1.1 GB)", fetch_language_model},
    {"models verify", "reads every model and compares its SHA-256", verify_models},
    {"check",
     "whether everything that is kept is whole; the server must be stopped",
     check,
     {"--fast", "the same, by the sizes of files and not by their bytes", check_fast}},
    {.name = "backup",
     .description = "copies everything that is kept into a folder, beside a running server or without one",
     .run = nullptr,
     .argument = {"folder", make_backup}},
    {.name = "restore",
     .description = "brings a backup back, where there is nothing yet",
     .run = nullptr,
     .argument = {"folder", restore_backup}},
    {.name = "eval",
     .description = "how well a library of your own is found and answered, by questions in a file",
     .run = nullptr,
     .argument = {"file", nullptr}},
    {"demo", "a short talk through the running server, and what comes out", run_demo},
    {"failpoints", "", list_failpoints},
    {"doctor", "what works on this machine, what is off, and how to mend it", run_doctor},
});

}  // namespace

int main(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  // Before anything else: these are children in the making, and must inherit and open as little as possible.
  if (first == kinora::jail_command) return kinora::jail_main(argc, argv);
  if (first == "engine" && argc > 2 && argv[2] == std::string_view("speech"))
    return kinora::speech::speech_main(argc - 2, argv + 2);
  if (first == eval_command) return eval_main(argc - 1, argv + 1);
  return run_command_line(commands, argc, argv, process_environment());
}
