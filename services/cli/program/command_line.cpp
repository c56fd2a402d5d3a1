#include "cli/program/command_line.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <utility>

#include "cli/help_page.h"

namespace tamroi::cli {

namespace {

constexpr auto about = "Tamroi: where districts and provinces stand, and why.";

// What stands for a value; checks of the library that follow it are told in words instead.
std::string value_of(const CLI::Option& option) {
  const auto whole = option.get_type_name();
  return option.get_type_size() == 0 ? "" : whole.substr(0, whole.find(':'));
}

// "account grant" of a command within a group.
std::string name_of(const CLI::App& app) {
  const auto* group = app.get_parent();
  if (group == nullptr) return {};
  const auto before = name_of(*group);
  return before.empty() ? app.get_name() : before + ' ' + app.get_name();
}

}  // namespace

class CommandLine::Help final : public CLI::FormatterBase {
 public:
  explicit Help(const CommandLine& line) : line_(line) {}
  [[nodiscard]] std::string make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const override {
    return help_page(line_.text(), name_of(*app), look_of(STDOUT_FILENO));
  }

 private:
  const CommandLine& line_;
};

CommandLine::CommandLine() : app_(about, "tamroi") {
  app_.formatter(std::make_shared<Help>(*this));
  app_.failure_message([](const CLI::App* app, const CLI::Error& error) {
    const auto* asked = app;
    while (!asked->get_subcommands().empty()) asked = asked->get_subcommands().front();
    const auto name = name_of(*asked);
    return std::string(error.what()) + ". See tamroi " + name + (name.empty() ? "" : " ") + "--help.\n";
  });
  app_.set_help_flag("-h,--help", "say how it is used");
  app_.set_version_flag("--version", "tamroi " TAMROI_VERSION, "say which version this is");
  app_.add_option("--url", options_.url, "where the server listens")
      ->type_name("URL")
      ->envname("TAMROI_URL")
      ->capture_default_str();
  app_.add_option("--token", options_.token, "who asks")->type_name("TOKEN")->envname("TAMROI_TOKEN");
  app_.add_flag("--json", options_.json, "print what the server returns, for programs");
  add_reading_commands(*this);
  add_sending_commands(*this);
  add_account_commands(*this);
  add_sample_commands(*this);
  add_auditing_commands(*this);
  add_other_commands(*this);
}

CLI::App& CommandLine::add(const std::string& group, const std::string& name, Said said, Run run) {
  auto* parent = &app_;
  const auto space = name.find(' ');
  if (space != std::string::npos) {
    const auto first = name.substr(0, space);
    const auto same = [&](const CLI::App* one) { return one->get_name() == first; };
    const auto known = app_.get_subcommands(same);
    parent = known.empty() ? app_.add_subcommand(first, "")->fallthrough()->require_subcommand(1) : known.front();
  }
  const auto own = space == std::string::npos ? name : name.substr(space + 1);
  auto* command = parent->add_subcommand(own, said.does)->fallthrough();
  commands_.push_back({command, std::move(said), std::move(run), group, name});
  return *command;
}

void CommandLine::choose(CLI::Option* option, std::vector<std::string> words) {
  option->check(CLI::IsMember(words));
  words_[option] = std::move(words);
}

bool CommandLine::parse(int count, const char* const* arguments) {
  app_.parse(count, arguments);
  return !app_.get_subcommands().empty();
}

Exit CommandLine::tell(const CLI::ParseError& error) const {
  return app_.exit(error) == 0 ? Exit::Done : Exit::WrongUsage;
}

Exit CommandLine::run(const Screen& screen) const {
  const auto chosen = std::ranges::find_if(commands_, [](const Command& command) { return command.app->parsed(); });
  return chosen->run(options_, screen);
}

OptionText CommandLine::text_of(const CLI::Option& option) const {
  OptionText text{.name = "--" + option.get_lnames().front(),
                  .letter = option.get_snames().empty() ? "" : "-" + option.get_snames().front(),
                  .value = value_of(option),
                  .does = option.get_description(),
                  .variable = option.get_envname(),
                  .otherwise = option.get_default_str(),
                  .required = option.get_required(),
                  .words = {}};
  if (const auto words = words_.find(&option); words != words_.end()) text.words = words->second;
  return text;
}

CommandText CommandLine::text_of(const Command& command) const {
  CommandText text{.name = command.name,
                   .group = command.group,
                   .does = command.said.does,
                   .more = command.said.more,
                   .arguments = {},
                   .options = {},
                   .examples = command.said.examples};
  for (const auto* option : std::as_const(*command.app).get_options()) {
    if (option == command.app->get_help_ptr()) continue;
    if (option->nonpositional()) {
      text.options.push_back(text_of(*option));
      continue;
    }
    ArgumentText argument{.name = option->get_name(true),
                          .does = option->get_description(),
                          .required = option->get_required(),
                          .repeated = option->get_expected_max() > 1,
                          .words = {}};
    if (const auto words = words_.find(option); words != words_.end()) argument.words = words->second;
    text.arguments.push_back(std::move(argument));
  }
  return text;
}

ProgramText CommandLine::text() const {
  ProgramText text{.does = about, .options = {}, .commands = {}};
  for (const auto* option : app_.get_options()) text.options.push_back(text_of(*option));
  for (const auto& command : commands_) text.commands.push_back(text_of(command));
  return text;
}

}  // namespace tamroi::cli
