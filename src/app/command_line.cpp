#include "app/command_line.hpp"

#include <fmt/core.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <array>
#include <memory>

namespace kinora::app {

namespace {

struct Override {
  std::string_view option;
  std::string_view setting;
  std::string_view value;
  std::string_view description;
};

constexpr auto overrides = std::to_array<Override>({
    {"--data", "KINORA_DATA", "<folder>", "where everything is kept"},
    {"--listen", "KINORA_LISTEN", "<address>", "127.0.0.1 for this machine only, 0.0.0.0 for everybody"},
    {"--port", "PORT", "<number>", "8080 unless told otherwise"},
    {"--log-level", "LOG_LEVEL", "<level>", "debug, info, warning or error"},
    {"--role", "KINORA_ROLE", "<role>", "all: everything in one process"},
});

constexpr std::string_view what_kinora_is = "kinora turns video into something you can watch, search and ask.";
constexpr std::string_view where_settings_come_from =
    "Settings come from these options, then from the environment, then from kinora.toml in the\n"
    "data directory, which has the same names in lower case. A name with _FILE at its end tells\n"
    "the file that holds the value.\n";

std::string row(std::string_view left, std::string_view right) { return fmt::format("  {:<22} {}\n", left, right); }

std::string help_of(std::span<const Command> commands) {
  auto text = fmt::format("{}\n\nUsage: kinora <command> [options]\n\nCommands:\n", what_kinora_is);
  for (const auto& [name, description, ignored, variant, argument] : commands) {
    if (description.empty()) continue;
    text += row(argument.name.empty() ? std::string(name) : fmt::format("{} <{}>", name, argument.name), description);
    if (!variant.flag.empty()) text += row(fmt::format("{} {}", name, variant.flag), variant.description);
  }
  text += "\nOptions:\n";
  for (const auto& each : overrides) text += row(fmt::format("{} {}", each.option, each.value), each.description);
  text += row("--version", "what this is");
  text += row("--help", "this text");
  return text + '\n' + std::string(where_settings_come_from);
}

class HelpText final : public CLI::FormatterBase {
 public:
  explicit HelpText(std::string text) : text_(std::move(text)) {}
  std::string make_help(const CLI::App*, std::string, CLI::AppFormatMode) const override { return text_; }

 private:
  std::string text_;
};

CLI::App& group_of(CLI::App& app, const std::string& name) {
  const auto groups = app.get_subcommands([&](const CLI::App* each) { return each->get_name() == name; });
  return groups.empty() ? *app.add_subcommand(name)->require_subcommand(1)->fallthrough() : *groups.front();
}

/// `user setup-link` is the command `setup-link` of the command `user`.
CLI::App& add_command(CLI::App& app, std::string_view name) {
  const auto space = name.find(' ');
  if (space == std::string_view::npos) return *app.add_subcommand(std::string(name))->fallthrough();
  return add_command(group_of(app, std::string(name.substr(0, space))), name.substr(space + 1));
}

/// What the command line has asked for.
struct Chosen {
  const Command* command = nullptr;
  bool has_flag = false;
  std::string argument;

  int run(const Config& config) const {
    if (!command->argument.name.empty()) return command->argument.run(config, argument);
    return has_flag ? command->variant.run(config) : command->run(config);
  }
};

int run(const Chosen& chosen, const Variables& environment, const Variables& given) {
  const auto config = load_config(environment, given);
  if (config) return chosen.run(*config);
  report(config.error());
  return exit_wrong_usage;
}

void add_command(CLI::App& app, const Command& command, Chosen& chosen) {
  if (command.run == nullptr && command.argument.run == nullptr) return;
  auto& added = add_command(app, command.name);
  if (!command.variant.flag.empty()) added.add_flag(std::string(command.variant.flag), chosen.has_flag);
  if (!command.argument.name.empty()) added.add_option(std::string(command.argument.name), chosen.argument)->required();
  added.callback([&chosen, &command] { chosen.command = &command; });
}

int refuse(const CLI::ParseError& error) {
  fmt::print(stderr, "kinora: {}\nkinora --help lists the commands and options.\n", error.what());
  return exit_wrong_usage;
}

}  // namespace

int report(const Error& error) {
  fmt::print(stderr, "kinora: {}\n", error.message);
  return exit_failure;
}

int run_command_line(std::span<const Command> commands, int argc, const char* const* argv, const Variables& environment) {
  CLI::App app;
  app.formatter(std::make_shared<HelpText>(help_of(commands)));
  app.set_version_flag("--version", "kinora " KINORA_VERSION);
  Variables given;
  for (const auto& each : overrides) app.add_option(std::string(each.option), given[std::string(each.setting)]);
  Chosen chosen;
  for (const auto& command : commands) add_command(app, command, chosen);

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    return app.exit(asked);
  } catch (const CLI::ParseError& error) {
    return refuse(error);
  }
  if (chosen.command != nullptr) return run(chosen, environment, given);
  fmt::print("{}", app.help());
  return exit_success;
}

}  // namespace kinora::app
