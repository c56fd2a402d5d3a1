#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
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

// Which scenarios: those of the files, and of *.scenario in the folders in the order of their names.
struct Selection {
  std::vector<std::filesystem::path> paths;
  std::size_t only = 0;  // this one of each file, from 1; 0: all
};

// How many scenarios the selected files hold. Throws BadScenario.
[[nodiscard]] std::vector<std::pair<std::filesystem::path, std::size_t>> count_scenarios(const Selection& selection);

// Runs them, each in a world of its own; reports failures as file:line and then "N passed, N failed". The exit code
// of the program.
[[nodiscard]] int run_files(const WorldFactory& make_world, const Selection& selection,
                            const std::filesystem::path& catalogues, std::ostream& output);

}  // namespace tamroi::scenarios
