#include <algorithm>

#include <fmt/format.h>

#include "cli/answers.h"
#include "cli/reading.h"
#include "cli/table.h"

namespace tamroi::cli {

namespace json = boost::json;

namespace {

constexpr std::string_view absent = "-";

std::string level_text(const json::object& result, std::string_view name) {
  const auto level = integer_at(result, name);
  return level ? fmt::format("{}", *level) : std::string(absent);
}

std::string or_absent(std::string text) { return text.empty() ? std::string(absent) : text; }

Table standings(const json::array& results) {
  using enum Table::Side;
  Table table({{"indicator"},
               {"level", Right},
               {"evidenced", Right},
               {"score", Right},
               {"weight", Right},
               {"points", Right},
               {"last change", Left}});
  for (const auto& value : results) {
    const auto& result = as_object(value);
    const auto from = text_at(result, "credited_from");
    const auto number = level_text(result, "indicator");
    const auto level = integer_at(result, "level");
    const auto evidenced = integer_at(result, "evidenced_level");
    const auto& points = object_at(result, "points");
    table.add({from.empty() ? number : fmt::format("{} (of {})", number, from),
               {level_text(result, "level"), level.value_or(0) > 0 ? Tone::Good : Tone::Plain},
               {level_text(result, "evidenced_level"), evidenced < level ? Tone::Bad : Tone::Plain},
               or_absent(text_at(result, "score")),
               or_absent(text_at(result, "weight")),
               points.empty() ? std::string(absent)
                              : fmt::format("{} of {}", text_at(points, "value"), text_at(points, "of")),
               or_absent(position_text(object_at(result, "last_change")))});
  }
  return table;
}

Table measures(const json::array& results) {
  Table table({{"indicator"}, {"measure"}, {"value"}});
  for (const auto& value : results) {
    const auto& result = as_object(value);
    auto number = level_text(result, "indicator");
    for (const auto& [name, figure] : object_at(result, "measures")) {
      const auto& shown = as_object(figure);
      table.add({number,
                 std::string_view(name),
                 {figure_text(shown), shown.contains("undefined") ? Tone::Faint : Tone::Plain}});
      number.clear();
    }
  }
  return table;
}

}  // namespace

std::string show_results(const json::object& results, const Look& look) {
  auto out = paragraph(look, 0, subject_text(results), Tone::Strong);
  const auto& score = object_at(results, "score");
  if (!score.empty())
    out += paragraph(look, 0, fmt::format("score {} of {}", text_at(score, "value"), text_at(score, "of")));
  auto reach = reach_text(results);
  if (const auto version = integer_at(results, "version"))
    reach += fmt::format("{}version {}", reach.empty() ? "" : "; ", *version);
  if (!reach.empty()) out += paragraph(look, 0, reach, Tone::Faint);
  const auto& indicators = array_at(results, "indicators");
  const bool ladders =
      std::ranges::any_of(indicators, [](const json::value& one) { return as_object(one).contains("level"); });
  if (ladders) out += "\n" + standings(indicators).shown(look);
  const auto figures = measures(indicators);
  if (!figures.empty()) out += "\n" + figures.shown(look);
  return out;
}

}  // namespace tamroi::cli
