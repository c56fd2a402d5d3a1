#include "scenarios/checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "scenarios/shown.h"

namespace tamroi::scenarios {
namespace {

namespace json = boost::json;

std::string complaint(const std::string& what, const std::string& wanted, const std::string& actual) {
  return fmt::format("{}: expected {}, actual {}", what, wanted, actual);
}

const json::object* object_in(const json::object& from, std::string_view member) {
  const auto* value = from.if_contains({member.data(), member.size()});
  return value != nullptr && value->is_object() ? &value->get_object() : nullptr;
}

const json::array& array_in(const json::object& from, std::string_view member) {
  static const json::array none;
  const auto* value = from.if_contains({member.data(), member.size()});
  return value != nullptr && value->is_array() ? value->get_array() : none;
}

bool is_caused_by(const json::object& change, const std::string& id) {
  const auto* cause = object_in(change, "cause");
  return cause != nullptr && shown(*cause, "id") == id;
}

std::vector<std::pair<std::string, std::string>> problems_of(const json::object& answer) {
  std::vector<std::pair<std::string, std::string>> problems;
  for (const auto& problem : array_in(answer, "problems")) {
    if (problem.is_object())
      problems.emplace_back(shown(problem.get_object(), "code"), shown(problem.get_object(), "where"));
  }
  return problems;
}

std::string shown_problems(const std::vector<std::pair<std::string, std::string>>& problems) {
  std::string out;
  for (const auto& [code, where] : problems) {
    out += (out.empty() ? "" : " and ") + code + " at " + (where.empty() ? "\"\"" : where);
  }
  return out.empty() ? "no problem" : out;
}

Complaints check_problems(const ExpectVerdict& expected, const json::object& answer) {
  const auto all = problems_of(answer);
  auto rest = all;
  std::string wanted;
  bool missing = false;
  // Those with a place choose first, so that a bare code takes what is left.
  for (const bool placed : {true, false}) {
    for (const ExpectedProblem& problem : expected.problems) {
      if (problem.where.has_value() != placed) continue;
      const auto match = std::find_if(rest.begin(), rest.end(), [&](const auto& one) {
        return one.first == problem.code && (!placed || one.second == *problem.where);
      });
      missing = missing || match == rest.end();
      if (match != rest.end()) rest.erase(match);
    }
  }
  if (!missing && rest.empty()) return {};
  for (const ExpectedProblem& problem : expected.problems) {
    wanted += (wanted.empty() ? "" : " and ") + problem.code + (problem.where ? " at " + *problem.where : "");
  }
  return {complaint("problems", wanted, shown_problems(all))};
}

const json::object* level_of(const json::object& answer, int level) {
  for (const auto& one : array_in(answer, "levels")) {
    if (one.is_object() && shown(one.get_object(), "level") == std::to_string(level)) return &one.get_object();
  }
  return nullptr;
}

std::string brief(const Reply& reply) { return fmt::format("status {} {}", reply.status, reply.body.substr(0, 300)); }

json::object ask_indicator(const std::string& unit, int number, const std::string& round, World& world) {
  return parse_body(world.indicator({unit, round, std::nullopt, std::nullopt}, number));
}

}  // namespace

Complaints check_verdict(const ExpectVerdict& expected, const Reply& reply, const Reply* first) {
  using Word = ExpectVerdict::Word;
  const json::object answer = parse_body(reply);
  const std::string verdict = shown(answer, "verdict");
  switch (expected.word) {
    case Word::Accepted:
      if (verdict == "accepted") return {};
      return {complaint(
          "verdict", "accepted",
          verdict == "absent" && problems_of(answer).empty() ? brief(reply) : shown_problems(problems_of(answer)))};
    case Word::Repeat:
      if (first == nullptr) return {"nothing of that name was sent before"};
      if (parse_body(*first) == answer) return {};
      return {complaint("answer", "the first once more: " + brief(*first), brief(reply))};
    case Word::Rejected:
      if (verdict != "rejected")
        return {complaint("verdict", "rejected", verdict == "absent" ? brief(reply) : verdict)};
      return check_problems(expected, answer);
    case Word::Refused: break;
  }
  if (verdict != "absent" || reply.status < 400) return {complaint("verdict", "refused at the door", brief(reply))};
  return check_problems(expected, answer);
}

Complaints check_change(const ExpectChange& expected, const Reply& reply, const std::string& round, World& world) {
  const json::object answer = parse_body(reply);
  const std::string what = fmt::format("change of {} indicator {}", expected.unit, expected.indicator);
  const bool told = answer.contains("changes");
  const auto source = told ? answer : parse_body(world.history(expected.unit, round, expected.indicator));
  for (const auto& one : array_in(source, "changes")) {
    const json::object& change = one.as_object();
    if (!told && !is_caused_by(change, shown(answer, "id"))) continue;
    if (shown(change, "unit") != expected.unit || shown(change, "indicator") != std::to_string(expected.indicator))
      continue;
    if (expected.none) return {complaint(what, "none", json::serialize(change).substr(0, 300))};
    Complaints complaints;
    for (const Claim& claim : expected.claims) {
      std::string before;
      std::string after;
      if (claim.about == "measure") {
        const auto* measures = object_in(change, "measures");
        const auto* moved = measures == nullptr ? nullptr : object_in(*measures, claim.name);
        before = shown_measure(moved == nullptr ? nullptr : moved->if_contains("before"));
        after = shown_measure(moved == nullptr ? nullptr : moved->if_contains("after"));
      } else {
        const std::string member = claim.about == "evidenced" ? "evidenced_level" : claim.about;
        if (const auto* part = object_in(change, "before")) before = shown(*part, member);
        if (const auto* part = object_in(change, "after")) after = shown(*part, member);
      }
      if (before != claim.before || after != claim.wanted) {
        complaints.push_back(complaint(what + " " + claim.about + " " + claim.name,
                                       claim.before + " to " + claim.wanted, before + " to " + after));
      }
    }
    return complaints;
  }
  return expected.none ? Complaints{} : Complaints{complaint(what, "one", "none")};
}

Complaints check_fact(const ExpectFact& expected, const std::string& id, const std::string& round, World& world) {
  const json::object answer = parse_body(world.facts(expected.unit, round));
  std::string state = "absent";
  for (const auto& one : array_in(answer, "facts")) {
    const json::object& fact = one.as_object();
    if (shown(fact, "fact") == id) state = shown(fact, "late") == "true" ? "late" : "on time";
  }
  if (state == expected.state) return {};
  return {complaint("fact " + expected.fact, expected.state, state)};
}

Complaints check_because(const Because& expected, const std::string& round, World& world) {
  const json::object answer = ask_indicator(expected.unit, expected.indicator, round, world);
  const std::string what = fmt::format("{} indicator {} level {}", expected.unit, expected.indicator, expected.level);
  const auto* level = level_of(answer, expected.level);
  if (level == nullptr)
    return {complaint(what, expected.text, "no such level in " + json::serialize(answer).substr(0, 200))};
  for (const auto& one : array_in(*level, "criteria")) {
    const json::object& criterion = one.as_object();
    if (shown(criterion, "met") != "false") continue;
    const std::string actual = shown_criterion(criterion);
    return actual == expected.text ? Complaints{} : Complaints{complaint(what, expected.text, actual)};
  }
  return {complaint(what, expected.text, "every criterion is met")};
}

Complaints check_lacks(const Lacks& expected, const std::string& round, World& world) {
  const json::object answer = ask_indicator(expected.unit, expected.indicator, round, world);
  const std::string what =
      fmt::format("{} indicator {} lacks of {}", expected.unit, expected.indicator, expected.measure);
  std::string total = "0";
  std::vector<std::string> names;
  for (const auto& level : array_in(answer, "levels")) {
    for (const auto& one : array_in(level.as_object(), "criteria")) {
      const json::object& criterion = one.as_object();
      const auto* lacks = shown(criterion, "measure") == expected.measure ? object_in(criterion, "lacks") : nullptr;
      if (lacks == nullptr || !names.empty()) continue;
      total = shown(*lacks, "total");
      for (const auto& row : array_in(*lacks, "first")) {
        std::string name;
        for (const char* part : {"unit", "entity", "period"}) {
          const std::string text = shown(row.as_object(), part);
          if (text == "absent" || text == "null" || text.empty()) continue;
          if (std::string_view(part) == "unit" && expected.indicator > 0 && text == expected.unit) continue;
          name += (name.empty() ? "" : "+") + text;
        }
        names.push_back(name);
      }
    }
  }
  if (total != std::to_string(expected.total)) return {complaint(what, std::to_string(expected.total), total)};
  if (expected.names.empty() || expected.names == names) return {};
  return {complaint(what, fmt::format("{}", fmt::join(expected.names, " ")), fmt::format("{}", fmt::join(names, " ")))};
}

}  // namespace tamroi::scenarios
