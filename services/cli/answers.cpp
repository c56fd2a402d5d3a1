#include "cli/answers.h"

#include <fmt/format.h>

#include "cli/reading.h"

namespace tamroi::cli {

namespace json = boost::json;

std::string subject_text(const json::object& answer) {
  std::string out;
  if (const auto indicator = integer_at(answer, "indicator")) out = fmt::format("indicator {} of ", *indicator);
  out += text_at(answer, "unit");
  if (const auto name = text_at(answer, "unit_name"); !name.empty()) out += " " + name;
  if (const auto round = text_at(answer, "round"); !round.empty()) out += ", round " + round;
  if (const auto revision = integer_at(answer, "revision")) out += fmt::format(", revision {}", *revision);
  return out;
}

std::string more_text(const std::string& cursor) {
  return fmt::format("\nThere is more: repeat the command with --cursor {}\n", cursor);
}

std::string reach_text(const json::object& answer) {
  const auto& reach = object_at(answer, "as_of");
  const auto& positions = object_at(reach, "positions");
  std::string out;
  if (const auto at = text_at(reach, "recorded_at"); !at.empty())
    out = fmt::format("as of {} Bangkok time", bangkok_text(at));
  if (positions.size() == 1) {
    const auto& only = *positions.begin();
    out += fmt::format("{}{}:{}", out.empty() ? "as of " : ", ", std::string_view(only.key()),
                       json::serialize(only.value()));
  } else if (positions.size() > 1) {
    out += fmt::format("{}{} provinces", out.empty() ? "over " : ", ", positions.size());
  }
  const auto* complete = reach.if_contains("complete");
  if (complete != nullptr && complete->is_bool() && !complete->get_bool()) {
    out += "; not complete yet: a record of that time may still come";
  }
  return out;
}

}  // namespace tamroi::cli
