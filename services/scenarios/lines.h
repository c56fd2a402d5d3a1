#pragma once

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/scenario.h"

namespace tamroi::scenarios {

// A scenario file that says nothing sensible.
class BadScenario : public std::runtime_error {
 public:
  BadScenario(const Place& place, const std::string& why);
};

// One line after `use` and `for` have been carried out: blanks at its start counted and removed.
struct Line {
  Place place;
  std::size_t indent = 0;
  std::string text;
};

// Reads a file and carries out its `use` and `for` lines. Throws BadScenario.
[[nodiscard]] std::vector<Line> read_lines(const std::filesystem::path& file);
// The same for a text that stands for `file`.
[[nodiscard]] std::vector<Line> expand_lines(std::string_view text, const std::filesystem::path& file);

}  // namespace tamroi::scenarios
