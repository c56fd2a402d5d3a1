#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

#include "cli/audits.h"
#include "cli/controls.h"
#include "cli/outcomes.h"
#include "cli/program/command_line.h"
#include "cli/submitting.h"

namespace tamroi::cli {
namespace {

constexpr auto group = "Send";

void pause(std::chrono::seconds time) { std::this_thread::sleep_for(time); }

std::string read_whole(const std::string& name) {
  std::error_code ignored;
  if (std::filesystem::is_directory(name, ignored)) throw Misused(name + " is a folder; name its file.");
  std::ifstream opened;
  if (name != "-") opened.open(name, std::ios::binary);
  std::istream& in = name == "-" ? std::cin : opened;
  std::string text;
  if (in) text.assign(std::istreambuf_iterator<char>(in), {});
  if (!in || in.bad()) throw Misused(name + " cannot be read; nothing was sent.");
  return text;
}

void add_time(CLI::App& command, Options& options) {
  command.add_option("--time", options.time, "the time of receipt, for a server on a simulated clock (RFC 3339)")
      ->type_name("TIME");
}

void add_submit(CommandLine& line) {
  auto& options = line.options();
  auto& submit = line.add(group, "submit",
                          {.does = "send submissions and wait for their outcomes",
                           .more = "Each problem is printed with the file and line that it is about. What was taken "
                                   "is not taken twice, so the same files can be sent again.",
                           .examples = {"tamroi submit visits.json", "tamroi submit april.ndjson may.ndjson"}},
                          [](const Options& said, const Screen& screen) {
                            Client client(settings_of(said));
                            SubmissionFiles files(said.files);
                            if (said.preview) return preview(client, files, screen);
                            return cli::submit(client, files, screen, pause);
                          });
  submit.add_option("FILE", options.files, "JSON, or NDJSON with one a line; - is the standard input")->required();
  submit.add_flag("--preview", options.preview, "send nothing: show what each, alone, would change if it came now");
  add_time(submit, options);
}

void add_control(CommandLine& line) {
  auto& options = line.options();
  auto& control = line.add(
      group, "control",
      {.does = "send a control record, or show what became of one",
       .more = "It changes what holds: opens a round, closes a month, puts a revision in force.",
       .examples = {"tamroi control close-june.json", "tamroi control --id 83c259c0-1a6a-8197-b9fb-a7ab2281fef5"}},
      [](const Options& said, const Screen& screen) {
        if (said.files.empty() == said.id.empty()) throw Misused("Name a FILE to send, or an --id to look at.");
        Client client(settings_of(said));
        if (!said.id.empty()) return read_control(client, said.id, screen);
        const auto& file = said.files.front();
        return send_control(client, file, read_whole(file), screen, pause);
      });
  control.add_option("FILE", options.files, "JSON; - is the standard input")->expected(1);
  control.add_option("--id", options.id, "send nothing, show the outcome of the control of that id")->type_name("ID");
  add_time(control, options);
}

}  // namespace

void add_sending_commands(CommandLine& line) {
  add_submit(line);
  add_control(line);
}

}  // namespace tamroi::cli
