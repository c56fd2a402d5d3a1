#include <chrono>
#include <cmath>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

#include "cli/loading.h"
#include "cli/program/command_line.h"
#include "cli/program/sample_source.h"
#include "cli/reading.h"
#include "cli/sampling.h"

namespace tamroi::cli {
namespace {

constexpr auto group = "Sample";

std::string read_whole(const std::string& name) {
  std::ifstream in(name, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in || in.bad()) throw Misused(name + " cannot be read.");
  return text;
}

SampleSource source_of(const SampleOptions& said) {
  SampleSource source{.description_name = "2565-2.yaml", .description = std::string(shipped_description),
                      .units_name = "org-units.csv", .units = std::string(shipped_units)};
  if (!said.description.empty()) {
    source.description_name = said.description;
    source.description = read_whole(said.description);
  }
  if (!said.units.empty()) {
    source.units_name = said.units;
    source.units = read_whole(said.units);
  }
  return source;
}

sample::Wish wish_of(const SampleOptions& said) {
  if (said.province.empty() != said.country) throw Misused("Name what the sample is of: --province CODE or --country.");
  return {.province = said.province,
          .scale = static_cast<std::uint64_t>(std::llround(said.scale * 1e6)),
          .entire = said.entire,
          .seed = said.seed};
}

Exit run_sample(const SampleOptions& said, const Screen& screen) {
  const auto history = begin_history(source_of(said), wish_of(said), screen);
  if (history == nullptr) return Exit::WrongUsage;
  if (said.to.empty()) return write_history(*history, screen.output, screen);
  std::ofstream out(said.to, std::ios::binary);
  if (!out) throw Misused(said.to + " cannot be written.");
  return write_history(*history, out, screen);
}

void add_sample(CommandLine& line) {
  auto& said = line.options().sample;
  auto& sample = line.add(group, "sample",
                          {.does = "write a simulated history, a line a submission",
                           .more = "What districts, provinces and the ministry send in a half-year, in the order of "
                                   "time. Needs no server. The same seed gives the same bytes.",
                           .examples = {"tamroi sample --province 24 --to sample.ndjson",
                                        "tamroi sample --country --scale 0.01 --entire 24 | tamroi load -"}},
                          [](const Options& options, const Screen& screen) { return run_sample(options.sample, screen); });
  sample.add_option("--province", said.province, "of one province")->type_name("CODE");
  sample.add_flag("--country", said.country, "of all provinces");
  sample.add_option("--scale", said.scale, "so much of the households, plots and groups")
      ->check(CLI::Range(0.0001, 1.0))
      ->type_name("NUMBER")
      ->capture_default_str();
  sample.add_option("--entire", said.entire, "a province at scale 1, whatever the scale")->type_name("CODE")->allow_extra_args(false);
  sample.add_option("--seed", said.seed, "another seed gives another history")->type_name("NUMBER")->capture_default_str();
  sample.add_option("--to", said.to, "write to a file instead of the standard output")->type_name("FILE");
  sample.add_option("--description", said.description, "what the history consists of; otherwise that of round 2565-2")
      ->type_name("FILE");
  sample.add_option("--units", said.units, "the tree of units; otherwise the one that is shipped")->type_name("FILE");
}

std::map<std::string, std::string> tokens_of(const Options& options) {
  std::map<std::string, std::string> tokens;
  if (!options.load.tokens.empty()) {
    const auto file = parse_object(read_whole(options.load.tokens));
    if (!file) throw Misused(options.load.tokens + " is no file of tokens.");
    for (const auto& [role, token] : *file) tokens[role] = text_at(*file, role);
  } else {
    tokens["operator"] = options.token;
  }
  if (tokens["operator"].empty()) throw Misused("An operator's token is needed: --tokens FILE, --token or TAMROI_TOKEN.");
  return tokens;
}

Exit run_load(const Options& options, const Screen& screen) {
  const LoadWish wish{.name = options.files.front(), .tokens = tokens_of(options),
                      .connections = options.load.connections, .checks = options.load.checks};
  auto settings = settings_of(options);
  settings.token = wish.tokens.at("operator");
  return load(settings, wish, screen, [](std::chrono::seconds time) { std::this_thread::sleep_for(time); });
}

void add_load(CommandLine& line) {
  auto& options = line.options();
  auto& load = line.add(group, "load",
                        {.does = "play a history to a server on a simulated clock",
                         .more = "Grants the accounts that it is sent with, which takes an operator's token. A load that "
                                 "was cut can be begun again: what the server has already is left out.",
                         .examples = {"tamroi load sample.ndjson --tokens ~/.local/state/tamroi/tokens.json"}},
                        [](const Options& said, const Screen& screen) { return run_load(said, screen); });
  load.add_option("FILE", options.files, "as tamroi sample writes it; - is the standard input")->required()->expected(1);
  load.add_option("--tokens", options.load.tokens, "the tokens of a data directory's first use, an operator's among them")
      ->type_name("FILE");
  load.add_flag("--check", options.load.checks, "wait for each outcome, and compare it with what its line means");
  load.add_option("--connections", options.load.connections, "so many requests at the same time")
      ->check(CLI::Range(1U, 64U))
      ->type_name("NUMBER")
      ->capture_default_str();
}

}  // namespace

void add_sample_commands(CommandLine& line) {
  add_sample(line);
  add_load(line);
}

}  // namespace tamroi::cli
