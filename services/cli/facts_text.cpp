#include <fmt/format.h>

#include "cli/answers.h"
#include "cli/display.h"
#include "cli/reading.h"

namespace tamroi::cli {

namespace json = boost::json;

namespace {

std::string value_text(const json::value& value) {
  if (value.is_string()) return printable(value.get_string());
  if (value.is_array()) {
    std::string out;
    for (const auto& element : value.get_array()) out += (out.empty() ? "" : ", ") + value_text(element);
    return '[' + out + ']';
  }
  // A document is known by its name.
  const auto name = text_at(as_object(value), "name");
  return name.empty() ? printable(json::serialize(value)) : name;
}

std::string values_text(const json::object& values) {
  std::string out;
  for (const auto& [name, value] : values) {
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", printable(name), value_text(value));
  }
  return out;
}

// "24:53 corrected, on 2022-06-24: team t-4"
std::string version_text(const json::object& version, std::string_view position, std::string_view what) {
  auto out = fmt::format("{} {}", position, what);
  if (const auto day = text_at(version, "occurred_on"); !day.empty()) out += ", on " + day;
  if (const auto values = values_text(object_at(version, "values")); !values.empty()) out += ": " + values;
  return out;
}

// How a fact that was corrected or withdrawn came to be what it is.
std::string story(const json::object& fact, const Look& look) {
  const auto& corrections = array_at(fact, "corrections");
  if (corrections.empty()) return {};
  auto out = paragraph(
      look, 4, version_text(object_at(fact, "recorded_as"), position_text(object_at(fact, "position")), "recorded"),
      Tone::Faint);
  for (const auto& value : corrections) {
    const auto& correction = as_object(value);
    const auto what = text_at(correction, "op") == "withdraw" ? "withdrawn" : "corrected";
    out += paragraph(look, 4, version_text(correction, position_text(object_at(correction, "position")), what),
                     Tone::Faint);
  }
  return out;
}

std::string fact_text(const json::object& fact, const Look& look) {
  const bool live = true_at(fact, "live");
  auto head = fmt::format("{} {}: {}", text_at(fact, "occurred_on"), text_at(fact, "type"),
                          values_text(object_at(fact, "values")));
  if (!live) head += " (withdrawn)";
  auto where = fmt::format("{}, {}, fact {}", text_at(fact, "unit"), position_text(object_at(fact, "position")),
                           text_at(fact, "fact"));
  if (true_at(fact, "late")) where += ", late";
  return paragraph(look, 0, head, live ? Tone::Plain : Tone::Bad) + paragraph(look, 4, where, Tone::Faint) +
         story(fact, look);
}

}  // namespace

std::string show_facts(const json::object& page, const Look& look) {
  const auto& facts = array_at(page, "facts");
  auto out = paragraph(look, 0, "Facts of " + subject_text(page), Tone::Strong) + '\n';
  for (const auto& fact : facts) out += fact_text(as_object(fact), look);
  const auto cursor = text_at(page, "next_cursor");
  if (facts.empty() && cursor.empty()) out += "There are none.\n";
  return cursor.empty() ? out : out + more_text(cursor);
}

}  // namespace tamroi::cli
