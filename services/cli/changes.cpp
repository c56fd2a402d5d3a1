#include "cli/changes.h"

#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/display.h"
#include "cli/reading.h"

namespace tamroi::cli {

namespace json = boost::json;

namespace {

constexpr std::size_t shown_max = 40;

std::string standing_text(const json::object& standing, std::string_view member) {
  const auto number = integer_at(standing, member);
  return number ? fmt::to_string(*number) : text_at(standing, member);
}

}  // namespace

std::string moved(const std::string& before, const std::string& after) {
  return before == after ? after : fmt::format("{} → {}", before, after);
}

std::string standing_changes(const json::object& change) {
  constexpr std::array parts{std::pair{"level", "level"}, std::pair{"evidenced_level", "evidenced"},
                             std::pair{"score", "score"}};
  std::string out;
  for (const auto& [member, word] : parts) {
    const auto before = standing_text(object_at(change, "before"), member);
    const auto after = standing_text(object_at(change, "after"), member);
    if (before != after) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", word, moved(before, after));
  }
  return out;
}

std::vector<std::string> measure_changes(const json::object& change) {
  std::vector<std::string> lines;
  for (const auto& [name, sides] : object_at(change, "measures")) {
    const auto before = figure_text(object_at(as_object(sides), "before"));
    const auto after = figure_text(object_at(as_object(sides), "after"));
    if (before != after) lines.push_back(fmt::format("{} {}", printable(name), moved(before, after)));
  }
  return lines;
}

Tone tone_of(const json::object& change) {
  const auto before = integer_at(object_at(change, "before"), "level");
  const auto after = integer_at(object_at(change, "after"), "level");
  return before == after ? Tone::Plain : before < after ? Tone::Good : Tone::Bad;
}

void ChangeSummary::add(const json::object& change) {
  const Result result{text_at(change, "round"), text_at(change, "unit"), integer_at(change, "indicator").value_or(0)};
  const auto [at, first] = changes_.try_emplace(result, change);
  if (first) return;
  auto& sum = at->second;
  sum["after"] = object_at(change, "after");
  auto measures = object_at(sum, "measures");
  for (const auto& [name, sides] : object_at(change, "measures")) {
    auto known = object_at(measures, name);
    if (known.empty()) known["before"] = object_at(as_object(sides), "before");
    known["after"] = object_at(as_object(sides), "after");
    measures[name] = std::move(known);
  }
  sum["measures"] = std::move(measures);
}

std::string ChangeSummary::shown(const Look& look) const {
  std::string out;
  std::size_t count = 0;
  for (const auto& [result, change] : changes_) {
    const auto standing = standing_changes(change);
    const auto measures = measure_changes(change);
    if (standing.empty() && measures.empty()) continue;
    if (++count > shown_max) continue;
    const auto what = fmt::format("{}, indicator {}", std::get<1>(result), std::get<2>(result));
    out += paragraph(look, 2, standing.empty() ? what : what + ": " + standing, tone_of(change));
    for (const auto& measure : measures) out += paragraph(look, 6, measure);
  }
  if (count > shown_max) out += fmt::format("  and {} more results\n", count - shown_max);
  return out;
}

}  // namespace tamroi::cli
