#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>

#include "scenarios/command.h"

int main(int count, char** arguments) {
  tamroi::scenarios::Command command;
  CLI::App app{"Runs scenario files against the fold, or one scenario against a server.", "tamroi-scenarios"};
  app.add_option("PATH", command.selection.paths, "scenario files, or folders of them")->required();
  app.add_option("--catalogues", command.catalogues, "a folder of catalogues, one folder a round")
      ->capture_default_str();
  app.add_option("--only", command.selection.only, "only this scenario of the file, from 1")
      ->check(CLI::PositiveNumber);
  app.add_flag("--list", command.list, "print each file and how many scenarios it holds, and run none");
  app.add_option("--url", command.url, "a simulated server in which nothing has happened yet, http://HOST:PORT");
  app.add_option("--token", command.token, "of an operator of that server")->envname("TAMROI_TOKEN");
  app.add_option("--tokens", command.tokens, "the file of tokens that it wrote");
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    return tamroi::scenarios::carry_out(command, std::cout);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
}
