#include <fmt/format.h>

#include "scenarios/checks.h"
#include "scenarios/shown.h"

namespace tamroi::scenarios {
namespace {

namespace json = boost::json;

const json::object* find_object(const json::object& from, std::string_view member) {
  const auto* value = from.if_contains({member.data(), member.size()});
  return value != nullptr && value->is_object() ? &value->get_object() : nullptr;
}

// Looks at the one answer that all claims of an expectation but those of history and levels speak of.
std::string actual_in(const json::object& answer, const Claim& claim) {
  if (claim.about == "level" || claim.about == "version" || claim.about == "revision")
    return shown(answer, claim.about);
  if (claim.about == "evidenced") return shown(answer, "evidenced_level");
  if (claim.about == "credited") return shown(answer, "credited_from");
  if (claim.about == "score" || claim.about == "points") {
    const auto* value = answer.if_contains(claim.about);
    if (value == nullptr || !value->is_object()) return shown(answer, claim.about);
    const auto& parts = value->get_object();
    return shown(parts, "value") + (claim.before.empty() ? "" : " of " + shown(parts, "of"));
  }
  if (claim.about == "requirement") {
    const auto* levels = answer.if_contains("levels");
    if (levels == nullptr || !levels->is_array()) return "absent";
    for (const auto& level : levels->get_array()) {
      if (shown(level.as_object(), "level") != std::to_string(claim.level)) continue;
      for (const auto& one : level.as_object().at("evidence").as_array()) {
        if (shown(one.as_object(), "requirement") != claim.name) continue;
        return shown(one.as_object(), "present") == "true" ? "present" : "missing";
      }
    }
    return "absent";
  }
  const auto* measures = find_object(answer, "measures");
  const auto* measure = measures == nullptr ? nullptr : measures->if_contains(claim.name);
  if (claim.about == "measure") return shown_measure(measure);
  const auto* defined =
      measure != nullptr && measure->is_object() ? find_object(measure->get_object(), "defined_in") : nullptr;
  return defined == nullptr ? "absent" : shown(*defined, "count") + "/" + shown(*defined, "of");
}

std::string actual_level_count(const json::object& answer, const Claim& claim) {
  const auto* levels = answer.if_contains("levels");
  if (levels == nullptr || !levels->is_array()) return "absent";
  for (const auto& level : levels->get_array()) {
    if (shown(level.as_object(), "level") != std::to_string(claim.level)) continue;
    const auto* part = find_object(level.as_object(), claim.name);
    return part == nullptr ? "absent" : shown(*part, "count");
  }
  return "absent";
}

}  // namespace

Complaints check_claims(const ExpectResult& expected, const std::string& round, World& world) {
  const Question question{expected.unit, round, expected.revision, expected.as_of};
  const Reply reply = expected.indicator ? world.indicator(question, *expected.indicator) : world.results(question);
  const json::object answer = parse_body(reply);
  const std::string about =
      expected.indicator ? fmt::format("{} indicator {}", expected.unit, *expected.indicator) : expected.unit;
  Complaints complaints;
  for (const Claim& claim : expected.claims) {
    std::string actual;
    std::string wanted = claim.wanted;
    if (claim.about == "open") {
      actual = reply.status == 404 ? "no" : "yes";
    } else if (claim.about == "changes") {
      const auto history = parse_body(world.history(expected.unit, round, expected.indicator.value_or(0)));
      const auto* changes = history.if_contains("changes");
      actual = changes != nullptr && changes->is_array() ? std::to_string(changes->get_array().size()) : "absent";
    } else if (claim.about == "levels") {
      actual = actual_level_count(parse_body(world.levels(question, expected.indicator.value_or(0))), claim);
    } else {
      actual = actual_in(answer, claim);
      if (!claim.before.empty()) wanted += " of " + claim.before;
    }
    if (actual == wanted) continue;
    complaints.push_back(fmt::format("{} {}{}{}: expected {}, actual {}", about, claim.about,
                                     claim.name.empty() ? "" : " ", claim.name, wanted, actual));
  }
  if (!complaints.empty() && reply.status >= 400) complaints.push_back("the answer was " + reply.body.substr(0, 300));
  return complaints;
}

}  // namespace tamroi::scenarios
