#include <algorithm>

#include <fmt/format.h>

#include "cli/answers.h"
#include "cli/reading.h"
#include "cli/table.h"

namespace tamroi::cli {

namespace json = boost::json;

namespace {

constexpr std::size_t units_shown_max = 20;
constexpr std::int64_t bar_columns = 20;

std::int64_t count_of(const json::object& level, std::string_view kind) {
  return integer_at(object_at(level, kind), "count").value_or(0);
}

std::string units_text(const json::object& level, std::string_view kind) {
  const auto& units = array_at(object_at(level, kind), "units");
  std::string out;
  for (std::size_t i = 0; i < std::min(units.size(), units_shown_max); ++i) {
    if (units[i].is_string()) out += (out.empty() ? "" : " ") + std::string(units[i].get_string());
  }
  return units.size() > units_shown_max ? fmt::format("{} and {} more", out, units.size() - units_shown_max) : out;
}

// So that one sees where most are; whoever is there at all shows.
std::string bar(std::int64_t count, std::int64_t most) {
  const auto columns = count == 0 ? 0 : std::max<std::int64_t>(1, bar_columns * count / most);
  return fmt::format("{:#<{}}", "", columns);
}

std::string section(const json::array& levels, std::string_view kind, const Look& look) {
  std::int64_t most = 0;
  for (const auto& level : levels) most = std::max(most, count_of(as_object(level), kind));
  if (most == 0) return {};
  Table table({{"level"}, {std::string(kind), Table::Side::Right}, {""}, {""}});
  for (const auto& value : levels) {
    const auto& level = as_object(value);
    const auto count = count_of(level, kind);
    table.add({fmt::to_string(integer_at(level, "level").value_or(0)),
               fmt::to_string(count),
               {bar(count, most), Tone::Good},
               {units_text(level, kind), Tone::Faint}});
  }
  return "\n" + table.shown(look);
}

}  // namespace

std::string show_levels(const json::object& answer, const Look& look) {
  const auto& levels = array_at(answer, "levels");
  return paragraph(look, 0, "Who stands where: " + subject_text(answer), Tone::Strong) +
         section(levels, "districts", look) + section(levels, "provinces", look);
}

}  // namespace tamroi::cli
