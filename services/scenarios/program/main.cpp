#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "scenarios/pure_world.h"
#include "scenarios/runner.h"

int main(int count, char** arguments) {
  CLI::App app{"Runs scenario files against the fold."};
  std::vector<std::filesystem::path> paths;
  std::filesystem::path catalogues = "schemas/catalogue";
  app.add_option("PATH", paths, "scenario files, or folders of them")->required();
  app.add_option("--catalogues", catalogues, "a folder of catalogues, one folder a round")->capture_default_str();
  CLI11_PARSE(app, count, arguments);
  try {
    const auto plans = std::make_shared<tamroi::reporting::Plans>();
    const auto world = [&] { return std::make_unique<tamroi::scenarios::PureWorld>(plans); };
    return tamroi::scenarios::run_files(world, paths, catalogues, std::cout);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
}
