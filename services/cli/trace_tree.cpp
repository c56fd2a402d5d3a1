#include "cli/trace_tree.h"

#include <fmt/format.h>

#include "cli/display.h"

namespace tamroi::cli {
namespace {

constexpr std::size_t indent = 2;

void add(std::string& out, const TraceStep& step, std::size_t depth, const Look& look) {
  out += paragraph(look, depth * indent, printable(step.what), step.tone);
  for (const auto& line : step.about) out += paragraph(look, (depth + 1) * indent, printable(line));
  // A path is copied whole or not at all: it is not wrapped.
  if (!step.path.empty()) out += std::string((depth + 1) * indent, ' ') + paint(look, Tone::Faint, "GET " + step.path) + "\n";
  for (const auto& one : step.below) add(out, one, depth + 1, look);
  if (step.left_out > 0) out += paragraph(look, (depth + 1) * indent, fmt::format("and {} more", step.left_out), Tone::Faint);
}

}  // namespace

std::string show_trace(const TraceStep& step, const Look& look) {
  std::string out;
  add(out, step, 0, look);
  return out;
}

boost::json::object trace_json(const TraceStep& step) {
  boost::json::object out{{"what", step.what}};
  if (!step.path.empty()) out["path"] = step.path;
  if (!step.answer.empty()) out["answer"] = step.answer;
  boost::json::array below;
  for (const auto& one : step.below) below.push_back(trace_json(one));
  if (!below.empty()) out["below"] = std::move(below);
  if (step.left_out > 0) out["left_out"] = step.left_out;
  return out;
}

}  // namespace tamroi::cli
