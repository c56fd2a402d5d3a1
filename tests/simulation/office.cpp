#include "simulation/office.h"

#include <algorithm>

namespace tamroi::simulation {

namespace json = boost::json;
using base::Code;

Office::Office(const catalogue::Plan& plan, std::string province, Chance& chance)
    : plan_(&plan), province_(std::move(province)), chance_(chance) {
  for (const auto& unit : plan.units.all()) {
    if (unit.level == catalogue::Level::Province) places_[unit.code] = {};
  }
}

ControlDraft Office::draft(std::string_view type) const {
  return {{{"id", chance_.uuid().to_string()}, {"type", type}, {"round", plan_->round}, {"reason", "By letter"}},
          {},
          [](Model&) {}};
}

std::vector<std::string> Office::named(const std::string& unit) const {
  std::vector<std::string> provinces;
  for (const auto& [code, place] : places_) {
    if (unit == "TH" || unit == code) provinces.push_back(code);
  }
  return provinces;
}

void Office::require_open(ControlDraft& draft) const {
  if (!opened_) draft.problems.push_back({Code::RoundNotOpen, "/round"});
}

std::string Office::some_unit() {
  if (chance_.percent(40)) return "TH";
  if (chance_.percent(60)) return province_;
  if (chance_.percent(15)) return chance_.percent(50) ? province_ + "01" : "nowhere";
  auto place = places_.begin();
  std::advance(place, chance_.below(places_.size()));
  return place->first;
}

bool Office::finish(ControlDraft& draft) {
  if (chance_.percent(3)) {
    draft.body.erase("reason");
    draft.problems.push_back({Code::ReasonRequired, "/reason"});
  }
  std::ranges::sort(draft.problems);
  return draft.problems.empty();
}

ControlDraft Office::opening() { return opening_under(chance_.of(plan_->revisions).number); }

ControlDraft Office::opening_under(std::uint32_t revision) {
  auto control = draft("round_opened");
  control.body["revision"] = revision;
  if (opened_) control.problems.push_back({Code::OutOfOrder, "/round"});
  if (plan_->revision(revision) == nullptr) control.problems.push_back({Code::BadValue, "/revision"});
  if (!finish(control)) return control;
  opened_ = true;
  for (auto& [code, place] : places_) place.revision = revision;
  control.effect = [revision](Model& model) {
    model.opened = true;
    model.setting.revision = revision;
  };
  return control;
}

ControlDraft Office::closing_of_next_month(base::Date today) {
  return month(places_.at(province_).closed_months, "TH", today);
}

ControlDraft Office::month(std::uint32_t index, const std::string& unit, base::Date today) {
  auto control = draft("period_closed");
  const bool known = index < plan_->months.size();
  control.body["month"] = known ? plan_->months[index].name : "2022-13";
  if (unit != "TH" || chance_.percent(50)) control.body["unit"] = unit;
  require_open(control);
  const auto provinces = named(unit);
  if (provinces.empty()) control.problems.push_back({Code::UnknownUnit, "/unit"});
  if (!known) control.problems.push_back({Code::BadValue, "/month"});
  if (known && today <= plan_->months[index].last) control.problems.push_back({Code::InTheFuture, "/month"});
  if (known && opened_ && !provinces.empty()) {
    const auto behind = [&](const auto& code) { return places_.at(code).closed_months < index; };
    const auto done = [&](const auto& code) { return places_.at(code).closed_months > index; };
    if (std::ranges::any_of(provinces, behind) || std::ranges::all_of(provinces, done))
      control.problems.push_back({Code::OutOfOrder, "/month"});
  }
  if (!finish(control)) return control;
  for (const auto& code : provinces) places_[code].closed_months = std::max(places_[code].closed_months, index + 1);
  if (std::ranges::count(provinces, province_) > 0) {
    control.effect = [index](Model& model) {
      model.setting.closed_months = std::max(model.setting.closed_months, index + 1);
    };
  }
  return control;
}

ControlDraft Office::revision(const std::string& unit) {
  auto control = draft("criteria_revised");
  const auto number = chance_.percent(10) ? 99 : chance_.of(plan_->revisions).number;
  control.body["revision"] = number;
  control.body["letter"] = {{"number", "ว 7"}, {"issued_on", "2022-08-22"}};
  if (unit != "TH") control.body["unit"] = unit;
  require_open(control);
  const auto provinces = named(unit);
  if (provinces.empty()) control.problems.push_back({Code::UnknownUnit, "/unit"});
  const auto there = [&](const auto& code) { return places_.at(code).revision >= number; };
  if (plan_->revision(number) == nullptr) {
    control.problems.push_back({Code::BadValue, "/revision"});
  } else if (!provinces.empty() && opened_ && std::ranges::all_of(provinces, there)) {
    control.problems.push_back({Code::OutOfOrder, "/revision"});
  }
  if (!finish(control)) return control;
  for (const auto& code : provinces) places_[code].revision = std::max(places_[code].revision, number);
  if (std::ranges::count(provinces, province_) > 0) {
    control.effect = [number](Model& model) { model.setting.revision = std::max(model.setting.revision, number); };
  }
  return control;
}

ControlDraft Office::target() {
  std::vector<std::pair<std::uint32_t, std::string>> takers;
  for (const auto& indicator : plan_->indicators) {
    for (const auto measure : indicator.measures) {
      const auto& name = plan_->measures[measure].name;
      if (plan_->takes_target(indicator.number, name)) takers.emplace_back(indicator.number, name);
    }
  }
  auto control = draft("target_set");
  const auto& all = plan_->units.all();
  const auto& unit = all[chance_.below(all.size())];
  const auto [indicator, measure] = takers.empty() ? std::pair<std::uint32_t, std::string>{1, "x"} : chance_.of(takers);
  const auto value = chance_.below(6);
  for (auto& [name, member] :
       json::object{{"unit", unit.code}, {"indicator", indicator}, {"measure", measure}, {"value", value}}) {
    control.body[name] = member;
  }
  control.body["letter"] = {{"number", "ว 8"}, {"issued_on", "2022-08-22"}};
  require_open(control);
  if (unit.level < catalogue::Level::Province) control.problems.push_back({Code::UnknownUnit, "/unit"});
  if (takers.empty()) control.problems.push_back({Code::BadValue, "/indicator"});
  if (finish(control) && plan_->units.within(unit.code, province_)) {
    control.effect = [code = unit.code, indicator, measure, value](Model& model) {
      model.setting.targets[{code, indicator, measure}] = value;
    };
  }
  return control;
}

ControlDraft Office::end_of_round() { return end("TH"); }

ControlDraft Office::end(const std::string& unit) {
  auto control = draft("round_closed");
  if (unit != "TH") control.body["unit"] = unit;
  require_open(control);
  const auto provinces = named(unit);
  if (provinces.empty()) control.problems.push_back({Code::UnknownUnit, "/unit"});
  const auto closed = [&](const auto& code) { return places_.at(code).closed; };
  if (!provinces.empty() && opened_ && std::ranges::all_of(provinces, closed))
    control.problems.push_back({Code::OutOfOrder, "/round"});
  if (!finish(control)) return control;
  for (const auto& code : provinces) places_[code].closed = true;
  if (std::ranges::count(provinces, province_) > 0) control.effect = [](Model& model) { model.closed = true; };
  return control;
}

ControlDraft Office::any(base::Date today) {
  const auto lot = chance_.below(100);
  if (lot < 8) return opening_under(chance_.percent(20) ? 99 : chance_.of(plan_->revisions).number);
  if (lot < 45) {
    const auto next = places_.at(province_).closed_months;
    const auto index = chance_.percent(70) ? next : static_cast<std::uint32_t>(chance_.below(plan_->months.size() + 1));
    return month(index, some_unit(), today);
  }
  if (lot < 65) return revision(some_unit());
  if (lot < 97) return target();
  return end(some_unit());
}

}  // namespace tamroi::simulation
