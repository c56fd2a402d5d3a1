#include <algorithm>

#include <fmt/format.h>

#include "cli/answers.h"
#include "cli/reading.h"
#include "cli/table.h"

namespace tamroi::cli {

namespace json = boost::json;

namespace {

std::string standing_text(const json::object& result) {
  const auto level = integer_at(result, "level");
  if (!level) return {};
  const auto evidenced = integer_at(result, "evidenced_level").value_or(0);
  return fmt::format("level {}{}, score {}, weight {}", *level,
                     evidenced < *level ? fmt::format(", evidenced to level {} only", evidenced) : "",
                     text_at(result, "score"), text_at(result, "weight"));
}

constexpr std::string_view yes = "✓";
constexpr std::string_view no = "✗";

// "2401 h-0001 in 2022-05, 2022-06 (1)": the periods of one entity together, and how much there is where there is some.
std::string lacking_names(const json::array& lacks, std::size_t shown_max) {
  std::string out;
  std::string before;
  for (std::size_t i = 0; i < std::min(lacks.size(), shown_max); ++i) {
    const auto& lack = as_object(lacks[i]);
    auto who = text_at(lack, "unit");
    if (const auto entity = text_at(lack, "entity"); !entity.empty()) who += " " + entity;
    const auto period = text_at(lack, "period");
    const auto actual = text_at(lack, "actual");
    const bool goes_on = who == before && !period.empty();
    out += out.empty() ? "" : goes_on ? ", " : "; ";
    if (!goes_on) out += period.empty() ? who : who + " in ";
    out += period;
    if (!actual.empty() && actual != "0") out += fmt::format(" ({})", actual);
    before = std::move(who);
  }
  return out;
}

std::string lacks_text(const json::object& lacks, const Look& look) {
  constexpr std::size_t shown_max = 12;
  const auto total = integer_at(lacks, "total").value_or(0);
  if (total == 0) return {};
  const auto& first = array_at(lacks, "first");
  auto list = fmt::format("{} lacking: {}", total, lacking_names(first, shown_max));
  const auto more = total - static_cast<std::int64_t>(std::min(first.size(), shown_max));
  if (more > 0) list += fmt::format("; and {} more (--json names the first 100)", more);
  return paragraph(look, 6, list, Tone::Faint);
}

std::string criterion_text(const json::object& criterion, const Look& look) {
  const bool met = true_at(criterion, "met");
  const auto sentence = fmt::format("{} {} is {}; needed: {}", met ? yes : no, text_at(criterion, "measure"),
                                    text_at(criterion, "actual"), text_at(criterion, "needs"));
  return paragraph(look, 4, sentence, met ? Tone::Good : Tone::Bad) + lacks_text(object_at(criterion, "lacks"), look);
}

std::string evidence_text(const json::array& evidence, const Look& look) {
  if (evidence.empty()) return {};
  std::string list = "evidence: ";
  bool complete = true;
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    const auto& one = as_object(evidence[i]);
    const bool present = true_at(one, "present");
    complete = complete && present;
    list += fmt::format("{}{} {}", i == 0 ? "" : ", ", present ? yes : no, text_at(one, "requirement"));
  }
  return paragraph(look, 4, list, complete ? Tone::Good : Tone::Bad);
}

std::string level_text(const json::object& level, const Look& look) {
  const bool counts = true_at(level, "counts");
  auto out = paragraph(
      look, 2, fmt::format("Level {} {}", integer_at(level, "level").value_or(0), counts ? "counts" : "does not count"),
      Tone::Strong);
  std::string told;
  for (const auto& value : array_at(level, "criteria")) {
    const auto& criterion = as_object(value);
    // Mostly one letter for all of a level.
    if (auto source = text_at(criterion, "source"); !source.empty() && source != told) {
      out += paragraph(look, 4, source, Tone::Faint);
      told = std::move(source);
    }
    out += criterion_text(criterion, look);
  }
  return out + evidence_text(array_at(level, "evidence"), look);
}

// What is not met yet on the level after the one reached.
std::string next_text(const json::object& result, const Look& look) {
  for (const auto& value : array_at(result, "levels")) {
    const auto& level = as_object(value);
    if (true_at(level, "counts")) continue;
    std::string needs;
    for (const auto& one : array_at(level, "criteria")) {
      const auto& criterion = as_object(one);
      if (true_at(criterion, "met")) continue;
      needs += fmt::format("{}{} {} (is {})", needs.empty() ? "" : "; ", text_at(criterion, "measure"),
                           text_at(criterion, "needs"), text_at(criterion, "actual"));
    }
    if (needs.empty()) needs = "the levels below it";
    return paragraph(look, 0, fmt::format("Level {} still needs: {}.", integer_at(level, "level").value_or(0), needs),
                     Tone::Strong);
  }
  return array_at(result, "levels").empty() ? "" : paragraph(look, 0, "Every level counts.", Tone::Good);
}

// What keeps the level from being evidenced.
std::string evidence_needed(const json::object& result, const Look& look) {
  const auto reached = integer_at(result, "level").value_or(0);
  const auto evidenced = integer_at(result, "evidenced_level").value_or(0);
  for (const auto& value : array_at(result, "levels")) {
    const auto& level = as_object(value);
    const auto number = integer_at(level, "level").value_or(0);
    if (number <= evidenced || number > reached) continue;
    std::string missing;
    for (const auto& one : array_at(level, "evidence")) {
      const auto& requirement = as_object(one);
      if (true_at(requirement, "present")) continue;
      missing += (missing.empty() ? "" : ", ") + text_at(requirement, "requirement");
    }
    if (missing.empty()) continue;
    return paragraph(look, 0, fmt::format("To be evidenced, level {} still needs: {}.", number, missing), Tone::Strong);
  }
  return {};
}

}  // namespace

std::string show_explanation(const json::object& result, const Look& look) {
  auto subject = subject_text(result);
  if (subject.starts_with('i')) subject[0] = 'I';
  auto out = paragraph(look, 0, subject, Tone::Strong);
  if (const auto standing = standing_text(result); !standing.empty()) out += paragraph(look, 0, standing);
  if (const auto from = text_at(result, "credited_from"); !from.empty()) {
    out += paragraph(
        look, 0, fmt::format("Credited from {}: the levels are that province's, the measures the unit's own.", from));
  }
  if (const auto& points = object_at(result, "points"); !points.empty()) {
    out += paragraph(look, 0, fmt::format("{} of {} points", text_at(points, "value"), text_at(points, "of")));
  }
  if (const auto reach = reach_text(result); !reach.empty()) out += paragraph(look, 0, reach, Tone::Faint);
  Table measures({{"measure"}, {"value"}});
  for (const auto& [name, figure] : object_at(result, "measures")) {
    measures.add({std::string_view(name), figure_text(as_object(figure))});
  }
  if (!measures.empty()) out += "\n" + measures.shown(look, 2);
  for (const auto& level : array_at(result, "levels")) out += "\n" + level_text(as_object(level), look);
  const auto next = next_text(result, look) + evidence_needed(result, look);
  return next.empty() ? out : out + "\n" + next;
}

}  // namespace tamroi::cli
