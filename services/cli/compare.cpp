#include "cli/compare.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "cli/answers.h"
#include "cli/asking.h"
#include "cli/changes.h"
#include "cli/progress.h"
#include "cli/reading.h"
#include "cli/refusals.h"

namespace tamroi::cli {

namespace json = boost::json;

namespace {

constexpr std::array standing_members{"level", "evidenced_level", "score"};

json::object standing_of(const json::object& result) {
  json::object standing;
  for (const auto* member : standing_members) {
    if (const auto* value = result.if_contains(member)) standing[member] = *value;
  }
  return standing;
}

std::map<std::int64_t, const json::object*> by_indicator(const json::object& results) {
  std::map<std::int64_t, const json::object*> found;
  for (const auto& value : array_at(results, "indicators")) {
    const auto& result = as_object(value);
    if (const auto number = integer_at(result, "indicator")) found[*number] = &result;
  }
  return found;
}

const json::object* level_at(const json::object& result, std::int64_t number) {
  for (const auto& value : array_at(result, "levels")) {
    if (integer_at(as_object(value), "level") == number) return &as_object(value);
  }
  return nullptr;
}

// What the level needs under one revision and lacks: each of its unmet criteria.
json::array lacking_at(const json::object& level, std::int64_t number, std::uint32_t revision) {
  json::array lacking;
  for (const auto& value : array_at(level, "criteria")) {
    const auto& criterion = as_object(value);
    if (true_at(criterion, "met")) continue;
    lacking.push_back({{"level", number}, {"revision", revision}, {"measure", text_at(criterion, "measure")}, {"needs", text_at(criterion, "needs")},
                       {"actual", text_at(criterion, "actual")}, {"source", text_at(criterion, "source")}});
  }
  return lacking;
}

// Each requirement that is not present.
json::array requirements_lacking_at(const json::object& level, std::int64_t number, std::uint32_t revision) {
  json::array lacking;
  for (const auto& value : array_at(level, "evidence")) {
    const auto& one = as_object(value);
    if (!true_at(one, "present")) lacking.push_back({{"level", number}, {"revision", revision}, {"requirement", text_at(one, "requirement")}});
  }
  return lacking;
}

void append(json::array& all, json::array more) { std::ranges::move(more, std::back_inserter(all)); }

struct Sides {
  std::uint32_t before = 0;
  std::uint32_t after = 0;
};

// The first level above the lower side's is where the two part: what that side lacks there makes the difference.
json::array difference(const json::object& before, const json::object& after, const Sides& revisions) {
  json::array why;
  const auto part = [&](const char* member, bool evidence) {
    const auto first = integer_at(before, member).value_or(0);
    const auto second = integer_at(after, member).value_or(0);
    if (first == second) return;
    const auto& lower = first < second ? before : after;
    const auto revision = first < second ? revisions.before : revisions.after;
    const auto number = std::min(first, second) + 1;
    const auto* level = level_at(lower, number);
    if (level == nullptr) return;
    append(why, evidence ? requirements_lacking_at(*level, number, revision) : lacking_at(*level, number, revision));
  };
  part("level", false);
  if (why.empty()) part("evidenced_level", true);
  return why;
}

class Comparison {
 public:
  Comparison(Client& client, const Subject& subject, Sides revisions) : client_(client), subject_(subject), revisions_(revisions) {}

  // False where the round was not open there.
  bool add(const std::string& unit, const std::string& as_of) {
    const auto before = results(unit, as_of, revisions_.before);
    if (!before) return false;
    const auto after = results(unit, as_of, revisions_.after);
    if (!after) return false;
    const auto others = by_indicator(*after);
    bool differs = false;
    for (const auto& [number, result] : by_indicator(*before)) {
      const auto other = others.find(number);
      if (other == others.end() || standing_of(*result) == standing_of(*other->second)) continue;
      add_difference(unit, as_of, number, *result, *other->second);
      differs = true;
    }
    if (differs) ++units_;
    return true;
  }
  [[nodiscard]] const json::array& differences() const { return differences_; }
  [[nodiscard]] std::size_t units() const { return units_; }

 private:
  std::optional<json::object> results(const std::string& unit, const std::string& as_of, std::uint32_t revision) {
    auto reply = client_.get(route(unit, "/results", as_of, revision));
    auto answer = parse_object(reply.body);
    if (reply.status == 404) return std::nullopt;
    if (reply.status != 200 || !answer) throw Refused{std::move(reply)};
    return answer;
  }
  [[nodiscard]] std::string route(const std::string& unit, const std::string& rest, const std::string& as_of, std::uint32_t revision) const {
    return route_of(subject_.round, unit, rest, query_of({{"as_of", as_of}, {"revision", fmt::to_string(revision)}}));
  }
  void add_difference(const std::string& unit, const std::string& as_of, std::int64_t number, const json::object& before, const json::object& after) {
    json::object one{{"unit", unit}, {"indicator", number}, {"before", standing_of(before)}, {"after", standing_of(after)}};
    if (integer_at(before, "level")) {
      const auto path = fmt::format("/indicators/{}", number);
      const auto why_before = ask(client_, route(unit, path, as_of, revisions_.before));
      const auto why_after = ask(client_, route(unit, path, as_of, revisions_.after));
      one["criteria"] = difference(why_before, why_after, revisions_);
    }
    differences_.push_back(std::move(one));
  }

  Client& client_;
  const Subject& subject_;
  Sides revisions_;
  json::array differences_;
  std::size_t units_ = 0;
};

// Where a unit's province was cut: what was asked for, or that province's position among those of the first answer.
std::string cut_of(const Subject& subject, const TreeOfUnits& tree, const json::object& positions, std::string unit) {
  if (!subject.as_of.empty()) return subject.as_of;
  for (; !unit.empty(); unit = tree.parent(unit)) {
    if (const auto offset = integer_at(positions, unit)) return fmt::format("{}:{}", unit, *offset);
  }
  return "";
}

std::string why_text(const json::object& why) {
  const auto level = integer_at(why, "level").value_or(0);
  const auto revision = integer_at(why, "revision").value_or(0);
  const auto requirement = text_at(why, "requirement");
  if (!requirement.empty()) return fmt::format("level {} under revision {} has no evidence: {}", level, revision, requirement);
  return fmt::format("level {} under revision {} needs {} {} (is {}): {}", level, revision, text_at(why, "measure"), text_at(why, "needs"),
                     text_at(why, "actual"), text_at(why, "source"));
}

std::string shown(const json::object& answer, const TreeOfUnits& tree, const Look& look) {
  const auto& differences = array_at(answer, "differences");
  std::string out;
  std::string unit;
  for (const auto& value : differences) {
    const auto& one = as_object(value);
    if (text_at(one, "unit") != unit) {
      unit = text_at(one, "unit");
      out += "\n" + paragraph(look, 0, tree.named(unit), Tone::Strong);
    }
    out += paragraph(look, 2, fmt::format("indicator {}: {}", integer_at(one, "indicator").value_or(0), standing_changes(one)), tone_of(one));
    for (const auto& why : array_at(one, "criteria")) out += paragraph(look, 6, why_text(as_object(why)), Tone::Faint);
  }
  return out;
}

}  // namespace

Exit compare(Client& client, Subject subject, std::uint32_t before, std::uint32_t after, const Screen& screen) {
  try {
    const auto tree = ask_tree(client, subject);
    const auto first = ask(client, route_of(subject.round, subject.unit, "/results", query_of({{"as_of", subject.as_of}})));
    const auto& positions = object_at(object_at(first, "as_of"), "positions");
    const auto units = tree.with_results(subject.unit);
    Comparison comparison(client, subject, {before, after});
    Progress progress(screen.errors, screen.errors_look, units.size());
    std::size_t compared = 0;
    std::size_t done = 0;
    for (const auto& unit : units) {
      const auto cut = cut_of(subject, tree, positions, unit);
      if (!cut.empty() && comparison.add(unit, cut)) ++compared;
      progress.show(++done, unit);
    }
    progress.clear();
    const json::object answer{{"unit", subject.unit}, {"round", subject.round}, {"revisions", {before, after}}, {"as_of", object_at(first, "as_of")},
                              {"compared", compared}, {"differences", comparison.differences()}};
    if (screen.json) {
      print_body(json::serialize(answer), screen);
      return Exit::Done;
    }
    screen.output << paragraph(screen.look, 0, fmt::format("{}, round {}: revision {} → {}", tree.named(subject.unit), subject.round, before, after), Tone::Strong)
                  << paragraph(screen.look, 0, reach_text(first), Tone::Faint) << shown(answer, tree, screen.look)
                  << fmt::format("{}{} of {} districts and provinces differ.\n", comparison.differences().empty() ? "" : "\n", comparison.units(), compared);
    return Exit::Done;
  } catch (const Refused& refused) {
    return tell_refusal(refused.reply, screen);
  }
}

}  // namespace tamroi::cli
