#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "cli/audits.h"
#include "cli/changes.h"
#include "cli/reading.h"
#include "cli/refusals.h"
#include "cli/tree_of_units.h"

namespace tamroi::cli {
namespace {

namespace json = boost::json;

// The criteria, met under one revision and not under the other, that the levels part at; of each what both say.
json::array criteria_that_part(const json::object& one, const json::object& other) {
  json::array parting;
  const auto& levels = array_at(one, "levels");
  const auto& others = array_at(other, "levels");
  for (std::size_t i = 0; i < std::min(levels.size(), others.size()); ++i) {
    const auto& level = as_object(levels[i]);
    if (true_at(level, "counts") == true_at(as_object(others[i]), "counts")) continue;
    const auto both = [&](const json::array& criteria, const char* name) {
      for (const auto& criterion : criteria) {
        json::object said{{"level", level.at("level")}, {"under", name}};
        for (const auto* member : {"measure", "needs", "actual", "met", "source"}) {
          if (const auto* value = as_object(criterion).if_contains(member)) said[member] = *value;
        }
        parting.push_back(std::move(said));
      }
    };
    both(array_at(level, "criteria"), "first");
    both(array_at(as_object(others[i]), "criteria"), "second");
    break;  // what is above it follows
  }
  return parting;
}

std::optional<json::object> difference(const std::string& unit, const json::object& one, const json::object& other) {
  const auto same = [&](const char* member) { return one.contains(member) && other.contains(member) && one.at(member) == other.at(member); };
  if (same("level") && same("score")) return std::nullopt;
  const auto standing = [](const json::object& result) {
    json::object told;
    for (const auto* member : {"revision", "level", "evidenced_level", "score"}) {
      if (const auto* value = result.if_contains(member)) told[member] = *value;
    }
    return told;
  };
  return json::object{{"unit", unit}, {"indicator", integer_at(one, "indicator").value_or(0)}, {"first", standing(one)}, {"second", standing(other)},
                      {"criteria", criteria_that_part(one, other)}};
}

std::string shown(const TreeOfUnits& tree, const json::object& difference, const Look& look) {
  const auto& first = object_at(difference, "first");
  const auto& second = object_at(difference, "second");
  const auto level = [](const json::object& standing) { return fmt::to_string(integer_at(standing, "level").value_or(0)); };
  auto out = paragraph(look, 0, fmt::format("{}, indicator {}: level {}, score {}", tree.named(text_at(difference, "unit")),
                                            integer_at(difference, "indicator").value_or(0), moved(level(first), level(second)),
                                            moved(text_at(first, "score"), text_at(second, "score"))), Tone::Strong);
  for (const auto& value : array_at(difference, "criteria")) {
    const auto& criterion = as_object(value);
    const bool met = true_at(criterion, "met");
    const auto& under = text_at(criterion, "under") == "first" ? first : second;
    out += paragraph(look, 4, fmt::format("revision {}, level {}: {} {} is {}; needed: {} ({})", integer_at(under, "revision").value_or(0),
                                          integer_at(criterion, "level").value_or(0), met ? "✓" : "✗", text_at(criterion, "measure"),
                                          text_at(criterion, "actual"), text_at(criterion, "needs"), text_at(criterion, "source")),
                     met ? Tone::Good : Tone::Bad);
  }
  return out;
}

}  // namespace

Exit compare_revisions(Client& client, const Subject& subject, const std::vector<std::uint32_t>& revisions, const Screen& screen) {
  const auto tree = TreeOfUnits::ask(client, subject.unit);
  if (!tree) return tell_refusal(tree.error(), screen);
  const auto round = subject.round.empty() ? tree->round() : subject.round;
  const auto target = [&](const std::string& unit, std::uint32_t revision) {
    return fmt::format("/v1/rounds/{}/units/{}/results{}", encoded(round), encoded(unit),
                       query_of({{"as_of", subject.as_of}, {"revision", fmt::to_string(revision)}}));
  };
  json::array all;
  std::size_t units = 0;
  for (const auto& unit : tree->with_results(subject.unit)) {
    std::vector<json::object> both;
    for (const auto revision : revisions) {
      const auto reply = client.get(target(unit, revision));
      const auto answer = parse_object(reply.body);
      // Among many a province may not have opened the round.
      if (reply.status == 404 && unit != subject.unit) break;
      if (reply.status != 200 || !answer) return tell_refusal(reply, screen);
      both.push_back(*answer);
    }
    if (both.size() < revisions.size()) continue;
    ++units;
    const auto& first = array_at(both[0], "indicators");
    const auto& second = array_at(both[1], "indicators");
    for (std::size_t i = 0; i < std::min(first.size(), second.size()); ++i) {
      if (auto one = difference(unit, as_object(first[i]), as_object(second[i]))) all.push_back(std::move(*one));
    }
  }
  if (screen.json) {
    print_body(json::serialize(json::object{{"unit", subject.unit}, {"round", round}, {"compared", units}, {"differences", std::move(all)}}), screen);
    return Exit::Done;
  }
  for (const auto& one : all) screen.output << shown(*tree, as_object(one), screen.look);
  screen.output << fmt::format("{} results differ, of {} units, between revisions {} and {}.\n", all.size(), units, revisions[0], revisions[1]);
  return Exit::Done;
}

}  // namespace tamroi::cli
