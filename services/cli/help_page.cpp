#include "cli/help_page.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/display.h"

namespace tamroi::cli {
namespace {

constexpr std::size_t columns_usual = 80;
constexpr std::size_t columns_max = 100;  // longer lines are hard to read
constexpr std::size_t indent = 2;
constexpr std::size_t gap = 2;
constexpr std::size_t names_max = 26;

struct Row {
  std::string name;
  std::string does;
};

class Page {
 public:
  explicit Page(const Look& look) : look_(look) {
    look_.columns = std::min(look.columns == 0 ? columns_usual : look.columns, columns_max);
  }

  void say(std::string_view text) { text_ += paragraph(look_, 0, text); }
  void head(std::string_view text) { text_ += (text_.empty() ? "" : "\n") + paragraph(look_, 0, text, Tone::Strong); }
  void line(std::string_view text) { text_ += fmt::format("{:{}}{}\n", "", indent, text); }
  void gap_line() { text_ += '\n'; }

  // Names on the left, what they do beside them, or below where a name is long.
  void list(const std::vector<Row>& rows, std::size_t names = 0) {
    for (const auto& row : rows) {
      if (row.name.size() <= names_max) names = std::max(names, row.name.size());
    }
    const auto column = indent + names + gap;
    for (const auto& row : rows) {
      auto left = fmt::format("{:{}}{:{}}", "", indent, row.name, names + gap);
      if (row.name.size() > names) {
        text_ += fmt::format("{:{}}{}\n", "", indent, row.name);
        left.assign(column, ' ');
      }
      for (const auto& line : wrapped(row.does, look_.columns - column)) {
        text_ += left + line + '\n';
        left.assign(column, ' ');
      }
    }
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  Look look_;
  std::string text_;
};

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ", ")); }

std::vector<Row> rows_of(const std::vector<ArgumentText>& arguments) {
  std::vector<Row> rows;
  for (const auto& argument : arguments) {
    auto does = argument.does;
    if (!argument.words.empty()) does += ": " + joined(argument.words);
    rows.push_back({argument.name, std::move(does)});
  }
  return rows;
}

std::vector<Row> rows_of(const std::vector<OptionText>& options) {
  std::vector<Row> rows;
  for (const auto& option : options) {
    auto name = option.letter.empty() ? "    " + option.name : option.letter + ", " + option.name;
    if (!option.value.empty()) name += ' ' + option.value;
    auto does = option.does;
    if (!option.words.empty()) does += ": " + joined(option.words);
    if (!option.variable.empty()) does += ", or $" + option.variable;
    if (!option.otherwise.empty()) does += fmt::format("; otherwise {}", option.otherwise);
    rows.push_back({std::move(name), std::move(does)});
  }
  return rows;
}

std::string as_sentence(std::string words) {
  if (words.front() >= 'a' && words.front() <= 'z') words.front() = static_cast<char>(words.front() - 'a' + 'A');
  return words + '.';
}

void show_command(Page& page, const ProgramText& program, const CommandText& command) {
  page.head(fmt::format("Usage: tamroi {} {}", command.name, usage_of(command)));
  page.gap_line();
  page.say(as_sentence(command.does));
  if (!command.more.empty()) page.say(command.more);
  if (!command.arguments.empty()) {
    page.gap_line();
    page.list(rows_of(command.arguments));
  }
  if (!command.options.empty()) {
    page.head("Options");
    page.list(rows_of(command.options));
  }
  page.head("Options of every command");
  page.list(rows_of(program.options));
  if (command.examples.empty()) return;
  page.head("Examples");
  for (const auto& example : command.examples) page.line(example);
}

void show_commands(Page& page, const std::vector<CommandText>& commands) {
  std::vector<std::string> groups;
  std::size_t names = 0;
  for (const auto& command : commands) {
    names = std::max(names, command.name.size());
    if (std::ranges::find(groups, command.group) == groups.end()) groups.push_back(command.group);
  }
  for (const auto& group : groups) {
    page.head(group);
    std::vector<Row> rows;
    for (const auto& command : commands) {
      if (command.group == group) rows.push_back({command.name, command.does});
    }
    page.list(rows, names);
  }
}

}  // namespace

std::string help_page(const ProgramText& program, std::string_view name, const Look& look) {
  Page page(look);
  const auto commands = commands_under(program, name);
  if (commands.size() == 1 && commands.front().name == name) {
    show_command(page, program, commands.front());
    return page.take();
  }
  page.head(fmt::format("Usage: tamroi {}COMMAND [options]", name.empty() ? "" : std::string(name) + ' '));
  if (name.empty()) {
    page.gap_line();
    page.say(program.does);
  }
  show_commands(page, commands);
  page.head("Options of every command");
  page.list(rows_of(program.options));
  page.gap_line();
  page.say("tamroi COMMAND --help tells more of each; tamroi manual is the whole manual page.");
  page.say(fmt::format("Exit codes: {}.", exit_codes));
  return page.take();
}

}  // namespace tamroi::cli
