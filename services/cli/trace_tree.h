#pragma once

#include <string>
#include <vector>

#include <boost/json.hpp>

#include "cli/look.h"

namespace tamroi::cli {

// A step of a trace: what stands there, the path that shows it, and what it was made of.
struct TraceStep {
  std::string what;
  Tone tone = Tone::Plain;
  std::string path;                // "": no request of its own
  std::vector<std::string> about;  // further lines
  boost::json::object answer;      // of the server, for programs
  std::vector<TraceStep> below;
  std::size_t left_out = 0;        // of those below
};

[[nodiscard]] std::string show_trace(const TraceStep& step, const Look& look);
[[nodiscard]] boost::json::object trace_json(const TraceStep& step);

}  // namespace tamroi::cli
