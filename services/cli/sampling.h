#pragma once

#include <memory>
#include <ostream>
#include <string>

#include "cli/screen.h"
#include "sample/history.h"

// The command that makes a simulated history.
namespace tamroi::cli {

// What a sample is made of, each under the name of its file.
struct SampleSource {
  std::string description_name;
  std::string description;  // YAML
  std::string units_name;
  std::string units;        // CSV
};

// Reads the source and begins the history; prints what is wrong with either, with file and line, and gives nothing.
[[nodiscard]] std::unique_ptr<sample::History> begin_history(const SampleSource& source, const sample::Wish& wish,
                                                             const Screen& screen);

// Writes all of the history, a line each, and says how much it was.
// Errors: throws std::system_error where the stream takes no more.
[[nodiscard]] Exit write_history(sample::History& history, std::ostream& out, const Screen& screen);

}  // namespace tamroi::cli
