#include "simulation/author.h"

#include <algorithm>

#include <fmt/format.h>

#include "simulation/spoiler.h"

namespace tamroi::simulation {

namespace json = boost::json;
using base::Code;
using catalogue::none;

json::object record_of(const LiveFact& fact) {
  return {{"op", "record"},
          {"fact", fact.id.to_string()},
          {"type", fact.type},
          {"occurred_on", base::to_string(fact.occurred_on)},
          {"values", fact.values}};
}

json::object correction_of(const LiveFact& fact) {
  return {{"values", fact.values},
          {"occurred_on", base::to_string(fact.occurred_on)},
          {"fact", fact.id.to_string()},
          {"op", "correct"}};
}

json::object withdrawal_of(const base::Uuid& id) { return {{"op", "withdraw"}, {"fact", id.to_string()}}; }

Entry Author::record(const Model& model, const catalogue::Plan& plan, const LiveFact& fact) {
  return {record_of(fact), fact, {}, model.in_closed_month(plan, fact.occurred_on), {}};
}

bool Author::can_go(const Model& model, const LiveFact& fact) const {
  const auto& type = plan_->fact_types[plan_->fact_type(fact.type)];
  if (type.registers == none) return true;
  const auto& field = type.fields[type.registers];
  return !model.used(*plan_, field.entity_register, std::string(fact.values.at(field.name).as_string()));
}

namespace {

std::vector<const LiveFact*> facts_of(const Model& model, const std::string& unit) {
  std::vector<const LiveFact*> found;
  for (const auto& fact : model.live) {
    if (fact.unit == unit) found.push_back(&fact);
  }
  return found;
}

}  // namespace

std::optional<Entry> Author::correction(const Model& model, const std::string& unit) {
  const auto facts = facts_of(model, unit);
  if (facts.empty()) return std::nullopt;
  auto corrected = inventor_.corrected(model, *chance_.of(facts));
  if (!corrected) return std::nullopt;
  Entry entry{correction_of(*corrected), {}, {}, true, {}};
  entry.after = std::move(corrected);
  return entry;
}

std::optional<Entry> Author::withdrawal(const Model& model, const std::string& unit) {
  const auto facts = facts_of(model, unit);
  if (facts.empty()) return std::nullopt;
  const auto* fact = chance_.of(facts);
  if (!can_go(model, *fact)) return std::nullopt;
  return Entry{withdrawal_of(fact->id), {}, fact->id, true, {}};
}

std::optional<Entry> Author::entry(const Model& model, const std::string& unit) {
  const auto lot = chance_.below(100);
  if (lot < 15) return correction(model, unit);
  if (lot < 27) return withdrawal(model, unit);
  Wish wish;
  wish.unit = unit;
  wish.type = static_cast<catalogue::Index>(&inventor_.type_for(model, unit) - plan_->fact_types.data());
  const auto fact = inventor_.fact(model, wish);
  if (!fact) return std::nullopt;
  return record(model, *plan_, *fact);
}

// An entry with a problem of its own takes no effect for the entries after it.
void Author::add(Draft& draft, Entry entry, std::uint64_t offset) const {
  auto& entries = draft.body["entries"].as_array();
  const auto index = static_cast<std::uint32_t>(entries.size());
  entries.push_back(std::move(entry.written));
  for (auto& [code, where] : entry.problems)
    draft.problems.push_back({code, fmt::format("/entries/{}{}", index, where)});
  if (!entry.problems.empty()) return;
  auto& live = draft.after.live;
  if (entry.gone) {
    const auto fact = std::ranges::find(live, *entry.gone, &LiveFact::id);
    draft.after.withdrawn[fact->id] = fact->unit;
    live.erase(fact);
    return;
  }
  auto& fact = *entry.after;
  fact.late = draft.after.in_closed_month(*plan_, fact.occurred_on);
  const auto old = std::ranges::find(live, fact.id, &LiveFact::id);
  if (old != live.end()) {
    *old = std::move(fact);
    return;
  }
  fact.offset = offset;
  fact.entry = index;
  live.push_back(std::move(fact));
}

void Author::spoil_members(Draft& draft, const Model& model, const std::string& unit) {
  const auto version = model.versions.contains(unit) ? model.versions.at(unit) : 0;
  switch (chance_.below(4)) {
    case 0:
      draft.body["expects"] = version + 1;
      draft.problems.push_back({Code::VersionConflict, "/expects"});
      break;
    case 1:
      draft.body["a note"] = "of ours";
      draft.problems.push_back({Code::UnknownField, "/a note"});
      break;
    case 2:
      draft.body["letter"] = 7;
      draft.problems.push_back({Code::BadValue, "/letter"});
      break;
    default: draft.body["expects"] = "none"; draft.problems.push_back({Code::BadValue, "/expects"});
  }
}

void Author::finish(Draft& draft, const Model& model, const std::string& unit, bool wants_reason) {
  draft.body["unit"] = unit;
  draft.body["round"] = plan_->round;
  if (draft.body["entries"].as_array().empty()) draft.problems.push_back({Code::BadValue, "/entries"});
  if (!model.opened || model.closed) draft.problems.push_back({Code::RoundNotOpen, "/round"});
  if (chance_.percent(wants_reason ? 95 : 20)) {
    draft.body["reason"] = chance_.percent(98) ? "As found" : "";
    if (draft.body["reason"] == "") draft.problems.push_back({Code::BadValue, "/reason"});
  } else if (wants_reason) {
    if (chance_.percent(30)) draft.body["reason"] = "  ";
    draft.problems.push_back({Code::ReasonRequired, "/reason"});
  }
  const auto version = model.versions.contains(unit) ? model.versions.at(unit) : 0;
  if (!draft.body.contains("expects") && chance_.percent(20)) draft.body["expects"] = version;
  if (!draft.body.contains("letter") && chance_.percent(10)) draft.body["letter"] = "ว 1";
  std::ranges::sort(draft.problems);
  if (!draft.problems.empty()) {
    draft.after = model;
  } else {
    ++draft.after.versions[unit];
  }
}

Draft Author::submission(const Model& model, const std::string& unit, const std::vector<Wish>& wishes,
                         std::uint64_t offset) {
  Draft draft{{{"id", chance_.uuid().to_string()}, {"entries", json::array{}}}, {}, model};
  const bool spoiled = wishes.empty() && chance_.percent(22);
  bool wants_reason = false;
  const auto add_next = [&](std::optional<Entry> next) {
    if (!next) return;
    wants_reason |= next->wants_reason;
    add(draft, std::move(*next), offset);
  };
  for (const auto& wish : wishes) {
    auto fact = inventor_.fact(draft.after, wish);
    if (fact) add_next(record(draft.after, *plan_, *fact));
  }
  if (wishes.empty()) {
    for (auto entries = 1 + chance_.below(4); entries > 0; --entries) {
      auto next = entry(draft.after, unit);
      if (next && spoiled && chance_.percent(60)) Spoiler(*plan_, chance_, inventor_, draft.after, unit).spoil(*next);
      add_next(std::move(next));
    }
  }
  if (spoiled && chance_.percent(30)) spoil_members(draft, model, unit);
  finish(draft, model, unit, wants_reason);
  return draft;
}

Draft Author::withdrawal_of_all(const Model& model, const std::string& unit) {
  Draft draft{
      {{"id", chance_.uuid().to_string()}, {"entries", json::array{}}, {"reason", "All of it was wrong"}}, {}, model};
  for (const bool registering : {false, true}) {
    for (const auto* fact : facts_of(model, unit)) {
      const bool registers = plan_->fact_types[plan_->fact_type(fact->type)].registers != none;
      if (registers == registering) add(draft, {withdrawal_of(fact->id), {}, fact->id, true, {}}, 0);
    }
  }
  draft.body["unit"] = unit;
  draft.body["round"] = plan_->round;
  ++draft.after.versions[unit];
  return draft;
}

}  // namespace tamroi::simulation
