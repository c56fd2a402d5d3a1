#include "cli/manual_page.h"

#include <algorithm>

#include <fmt/format.h>

namespace tamroi::cli {
namespace {

constexpr auto description = R"(.SH DESCRIPTION
Tamroi keeps the performance agreements that districts and provinces report on.
Officers submit what happened, as facts; from these it computes how far every indicator has come, as a level from 1 to 5
for each district and province, and says why.
.PP
.B tamroi
asks a server, or sends to it.
It needs a token, which an operator grants with
.BR "tamroi account grant" .
What it prints is for people: tables that fit the terminal, colours only where a terminal is and
.B NO_COLOR
is not set, times in Bangkok.
With
.B \-\-json
it prints what the server returned, for programs; where there are several answers, one a line.
)";

constexpr auto sending = R"(.SH SUBMISSIONS
A submission is a JSON document with an id, a unit, a round and entries, each of which records, corrects or withdraws a
fact.
It is accepted or rejected as a whole, with every problem at once.
The same submission sent again is not taken twice, but gets its first answer; so a file can always be sent again.
What is corrected after a rejection needs a new id.
.PP
A file holds one document, or NDJSON: one document a line.
Lines are sent together, at most 16 MiB and 10,000 at a time, in their order; files may be of any size.
Where the server is busy or away,
.B tamroi submit
waits for a minute or two and goes on where it was.
.SH CUTS AND CURSORS
.B \-\-as\-of
takes a time (2022\-08\-20T10:00:00+07:00), a position of a province (24:17, inclusive) or an entry of the ledger
(ledger:1234).
A position is a stream, named by its province, and an offset in it.
Lists come in pages; where there is more, the last line names the cursor of the next.
.B tamroi watch
ends with the cursor to go on from: after it nothing is missing and nothing comes twice.
)";

// A text as roff takes it: its own hyphens and backslashes, and no line that begins a request.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

// A font's argument; quotes hold words together.
std::string argument(std::string_view text) {
  std::string out = "\"";
  for (const char c : plain(text)) out += c == '"' ? std::string("\\(dq") : std::string(1, c);
  return out + '"';
}

std::string sentence(std::string words) {
  words.front() =
      words.front() >= 'a' && words.front() <= 'z' ? static_cast<char>(words.front() - 'a' + 'A') : words.front();
  return words + '.';
}

std::string listed(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ", ")); }

std::string item(const OptionText& option) {
  auto out = std::string(".TP\n");
  const auto name = option.letter.empty() ? option.name : option.letter + ", " + option.name;
  out += option.value.empty() ? fmt::format(".B {}\n", argument(name))
                              : fmt::format(".BI {} {}\n", argument(name + ' '), argument(option.value));
  auto does = option.does;
  if (!option.words.empty()) does += ": " + listed(option.words);
  if (!option.otherwise.empty()) does += "; otherwise " + option.otherwise;
  return out + plain(sentence(does)) + '\n';
}

std::string item(const ArgumentText& given) {
  auto does = given.does;
  if (!given.words.empty()) does += ": " + listed(given.words);
  return fmt::format(".TP\n.I {}\n{}\n", argument(given.name), plain(sentence(does)));
}

std::string section(const CommandText& command) {
  std::string out = fmt::format(".SS {}\n", argument(fmt::format("tamroi {} {}", command.name, usage_of(command))));
  out += plain(sentence(command.does)) + '\n';
  if (!command.more.empty()) out += plain(command.more) + '\n';
  for (const auto& given : command.arguments) out += item(given);
  for (const auto& option : command.options) out += item(option);
  return out;
}

std::string environment(const ProgramText& program) {
  std::vector<OptionText> options = program.options;
  for (const auto& command : program.commands) std::ranges::copy(command.options, std::back_inserter(options));
  std::string out = ".SH ENVIRONMENT\n";
  std::vector<std::string> told;
  for (const auto& option : options) {
    if (option.variable.empty() || std::ranges::find(told, option.variable) != told.end()) continue;
    told.push_back(option.variable);
    out += fmt::format(".TP\n.B {}\nStands for\n.BR {} .\n", argument(option.variable), argument(option.name));
  }
  return out + ".TP\n.B \"NO_COLOR\"\nNo colours where it is set and not empty.\n";
}

std::string exit_status() {
  std::string out = ".SH EXIT STATUS\n";
  std::string_view rest = exit_codes;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(", "), rest.size());
    const auto code = rest.substr(0, end);
    out += fmt::format(".TP\n.B {}\n{}\n", code.substr(0, code.find(' ')),
                       plain(sentence(std::string(code.substr(code.find(' ') + 1)))));
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  return out;
}

std::string examples(const ProgramText& program) {
  std::string out = ".SH EXAMPLES\n";
  for (const auto& command : program.commands) {
    if (command.examples.empty()) continue;
    out += fmt::format(".PP\nTo {}:\n.PP\n.RS 4\n.EX\n", plain(command.does));
    for (const auto& example : command.examples) out += plain(example) + '\n';
    out += ".EE\n.RE\n";
  }
  return out;
}

}  // namespace

std::string manual_page(const ProgramText& program, std::string_view version) {
  auto out = fmt::format(
      ".\\\" Written by tamroi manual, from what the program says of itself.\n.TH TAMROI 1 \"\" \"Tamroi {}\" \"User "
      "commands\"\n",
      version);
  out += ".SH NAME\ntamroi \\- where districts and provinces stand, and why\n";
  out += ".SH SYNOPSIS\n.B tamroi\n.I command\n.RI [ arguments ]\n.RI [ options ]\n";
  out += description;
  std::string group;
  for (const auto& command : program.commands) {
    if (command.group != group) {
      group = command.group;
      std::string heading = "COMMANDS: ";
      for (const char c : group) heading += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      out += fmt::format(".SH {}\n", argument(heading));
    }
    out += section(command);
  }
  out += ".SH OPTIONS OF EVERY COMMAND\n";
  for (const auto& option : program.options) out += item(option);
  return out + sending + environment(program) + exit_status() + examples(program) +
         ".SH SEE ALSO\nThe README of Tamroi, which walks through half an hour with it.\n";
}

}  // namespace tamroi::cli
