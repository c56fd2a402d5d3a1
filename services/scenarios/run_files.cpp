#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>

#include "scenarios/grammar.h"
#include "scenarios/runner.h"

namespace tamroi::scenarios {
namespace {

std::vector<std::filesystem::path> scenario_files(const std::vector<std::filesystem::path>& paths) {
  std::vector<std::filesystem::path> files;
  for (const auto& path : paths) {
    if (!std::filesystem::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    const auto start = files.size();
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
      if (entry.is_regular_file() && entry.path().extension() == ".scenario") files.push_back(entry.path());
    }
    std::sort(files.begin() + static_cast<std::ptrdiff_t>(start), files.end());
  }
  return files;
}

std::vector<Scenario> chosen(const std::filesystem::path& file, const Selection& selection) {
  auto all = parse_file(file);
  if (selection.only == 0) return all;
  if (selection.only > all.size()) throw std::runtime_error(fmt::format("there are only {} scenarios", all.size()));
  return {all[selection.only - 1]};
}

}  // namespace

std::vector<std::pair<std::filesystem::path, std::size_t>> count_scenarios(const Selection& selection) {
  std::vector<std::pair<std::filesystem::path, std::size_t>> counts;
  for (const auto& file : scenario_files(selection.paths)) counts.emplace_back(file, chosen(file, selection).size());
  return counts;
}

int run_files(const WorldFactory& make_world, const Selection& selection, const std::filesystem::path& catalogues,
              std::ostream& output) {
  std::size_t passed = 0;
  std::size_t failed = 0;
  for (const auto& file : scenario_files(selection.paths)) {
    try {
      for (const Scenario& scenario : chosen(file, selection)) {
        const auto world = make_world();
        const auto failures = run(scenario, *world, catalogues);
        ++(failures.empty() ? passed : failed);
        if (!failures.empty()) fmt::print(output, "FAILED {}\n", scenario.name);
        for (const Failure& failure : failures) {
          fmt::print(output, "  {}:{}: {}\n", failure.place.file, failure.place.number, failure.what);
        }
      }
    } catch (const std::exception& error) {
      ++failed;
      fmt::print(output, "FAILED {}\n  {}\n", file.string(), error.what());
    }
  }
  fmt::print(output, "{} passed, {} failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}

}  // namespace tamroi::scenarios
