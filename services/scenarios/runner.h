#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "scenarios/scenario.h"
#include "scenarios/world.h"

namespace tamroi::scenarios {

// One expectation that did not hold, or what kept the scenario from going on.
struct Failure {
  Place place;
  std::string what;
};

// Plays a scenario in a world in which nothing has happened. `catalogues` holds a folder a round.
[[nodiscard]] std::vector<Failure> run(const Scenario& scenario, World& world, const std::filesystem::path& catalogues);

using WorldFactory = std::function<std::unique_ptr<World>()>;

// Runs every scenario of the files, and of *.scenario in the folders in the order of their names, each in a
// world of its own; reports failures as file:line and then "N passed, N failed". The exit code of the program.
[[nodiscard]] int run_files(const WorldFactory& make_world, const std::vector<std::filesystem::path>& paths,
                            const std::filesystem::path& catalogues, std::ostream& output);

}  // namespace tamroi::scenarios
