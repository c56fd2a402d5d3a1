#include "simulation/inventor.h"

#include <algorithm>

#include <fmt/format.h>

#include "simulation/words.h"

namespace tamroi::simulation {

namespace json = boost::json;
using catalogue::FactType;
using catalogue::Field;
using catalogue::FieldKind;
using catalogue::Index;
using catalogue::none;

namespace {

// Of an open range only the beginning is interesting: there lie the thresholds.
constexpr std::int64_t span_max = 20;

}  // namespace

const FactType& Inventor::type_for(const Model& model, const std::string& unit) {
  const bool is_province = unit == model.province;
  while (true) {
    const auto& type = chance_.of(plan_->fact_types);
    if (is_province ? type.by_province : type.by_district) return type;
  }
}

std::string Inventor::free_name(const Model& model, Index reg) {
  while (true) {
    auto name = fmt::format("n-{}", chance_.below(60));
    if (model.registration(*plan_, reg, name) == nullptr) return name;
  }
}

json::value Inventor::set(const Field& field) {
  json::array items;
  const bool all = chance_.percent(favour_ ? 90 : 40);
  const auto words = field.kind == FieldKind::Choice ? std::ssize(plan_->vocabularies[field.vocabulary].words) : 0;
  const auto first = field.kind == FieldKind::Choice ? 0 : field.minimum;
  const auto last = field.kind == FieldKind::Choice ? words - 1 : std::min(field.maximum, field.minimum + span_max);
  for (auto number = first; number <= last; ++number) {
    if (all || chance_.percent(40)) items.push_back(written(*plan_, field, number));
  }
  if (items.empty()) items.push_back(written(*plan_, field, chance_.between(first, last)));
  std::ranges::reverse(items);
  return items;
}

json::value Inventor::document(const Field& field) {
  json::object made{{"sha256", std::string(64, 'a')},
                    {"name", "paper.pdf"},
                    {"media_type", "application/pdf"},
                    {"size_bytes", chance_.below(9)}};
  if (field.pages_required || chance_.percent(20))
    made["pages"] = chance_.between(1, static_cast<std::int64_t>(std::min<std::uint64_t>(field.pages_max, 9)));
  return made;
}

// Around the thresholds of growth: what has one date only is the base.
std::string Inventor::money(const FactType& type, const Field& field) {
  if (chance_.percent(5)) return std::string(written(*plan_, field, field.minimum).as_string());
  if (!type.dates.empty()) return chance_.percent(70) ? "1000" : "1000.00";
  static const std::vector<std::string> amounts{"0",      "999.99",  "1039.99", "1040",   "1049.99",
                                                "1050.0", "1059.99", "1060",    "1060.01"};
  const auto& amount = favour_ ? amounts[amounts.size() - 1 - chance_.below(5)] : chance_.of(amounts);
  return field.minimum > 0 && amount == "0" ? "1000" : amount;
}

std::optional<json::value> Inventor::entity(const Frame& frame, Index index, const LiveFact& fact) {
  const auto& field = frame.type.fields[index];
  const auto reg = field.entity_register;
  if (frame.strangers) return json::value(free_name(frame.model, reg));
  if (index != frame.type.registers) {
    const auto names = frame.model.registered(*plan_, reg, fact.unit);
    if (names.empty()) return std::nullopt;
    return json::value(names[chance_.below(names.size())]);
  }
  if (frame.old == nullptr) return json::value(free_name(frame.model, reg));
  const std::string name(frame.old->values.at(field.name).as_string());
  if (frame.model.used(*plan_, reg, name) || chance_.percent(50)) return json::value(name);
  return json::value(free_name(frame.model, reg));
}

json::value Inventor::unit(const Model& model) {
  const auto& province = *plan_->units.find(model.province);
  const auto child = chance_.below(province.children.size() + 1);
  return json::value(child == province.children.size() ? province.code
                                                       : plan_->units.at(province.children[child]).code);
}

std::optional<json::value> Inventor::requirement(std::int64_t indicator) {
  std::vector<std::string> words;
  for (const auto& [number, word] : plan_->nameable) {
    if (number == indicator) words.push_back(plan_->requirement_words[word]);
  }
  if (words.empty()) return std::nullopt;
  return json::value(chance_.of(words));
}

std::optional<json::value> Inventor::value(const Frame& frame, Index index, const LiveFact& fact) {
  const auto& field = frame.type.fields[index];
  if (field.set) return set(field);
  switch (field.kind) {
    case FieldKind::Entity: return entity(frame, index, fact);
    case FieldKind::Choice: return json::value(chance_.of(plan_->vocabularies[field.vocabulary].words));
    case FieldKind::Integer:
      return json::value(chance_.between(field.minimum, std::min(field.maximum, field.minimum + span_max)));
    case FieldKind::Money: return json::value(money(frame.type, field));
    case FieldKind::Text: return json::value(chance_.percent(50) ? "หนึ่ง" : "one");
    case FieldKind::Url: return json::value("https://example.org/a");
    case FieldKind::Document: return document(field);
    case FieldKind::Boolean: return json::value(chance_.percent(favour_ ? 97 : 70));
    case FieldKind::Unit: return unit(frame.model);
    case FieldKind::Indicator: return json::value(chance_.of(field.allowed));
    case FieldKind::Requirement: return requirement(fact.values.at(frame.type.fields[field.of_field].name).as_int64());
  }
  return std::nullopt;
}

// What one field's value asks of another's.
void Inventor::settle_rules(const FactType& type, LiveFact& fact) {
  for (const auto& rule : type.not_above) {
    auto& value = fact.values.at(type.fields[rule.field].name);
    value = std::min(value.as_int64(), fact.values.at(type.fields[rule.limit].name).as_int64());
  }
  for (const auto& fields : type.one_at_least) {
    const auto has = [&](Index f) { return fact.values.contains(type.fields[f].name); };
    if (std::ranges::any_of(fields, has)) continue;
    const auto& field = type.fields[fields[chance_.below(fields.size())]];
    fact.values[field.name] =
        field.kind == FieldKind::Document ? document(field) : json::value("https://example.org/b");
  }
}

// A judgement is about a criterion that is left to it.
void Inventor::settle_judgement(const FactType& type, LiveFact& fact) {
  const auto& binding = plan_->judgement;
  if (binding.fact == none || &plan_->fact_types[binding.fact] != &type) return;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> judged;
  for (const auto& indicator : plan_->indicators) {
    for (std::uint32_t level = 1; level <= 5; ++level) {
      if (plan_->judged(indicator.number, level)) judged.emplace_back(indicator.number, level);
    }
  }
  const auto& [indicator, level] = chance_.of(judged);
  fact.values[type.fields[binding.indicator].name] = std::int64_t{indicator};
  fact.values[type.fields[binding.level].name] = std::int64_t{level};
}

bool Inventor::fill_field(const Frame& frame, Index index, LiveFact& fact) {
  const auto& field = frame.type.fields[index];
  const auto rule = std::ranges::find(frame.type.required_with, index, &catalogue::RequiredWith::field);
  const auto wished = frame.wish.values.find(index);
  if (rule != frame.type.required_with.end()) {
    const auto& by = frame.type.fields[rule->by];
    if (number_of(*plan_, by, fact.values.at(by.name)) != rule->number) return true;
  } else if (field.optional && !frame.wish.present.contains(index) && wished == frame.wish.values.end() &&
             chance_.percent(50)) {
    return true;
  }
  auto made = wished == frame.wish.values.end() ? value(frame, index, fact) : std::optional(wished->second);
  if (!made) return false;
  fact.values[field.name] = std::move(*made);
  return true;
}

bool Inventor::fill(const Frame& frame, LiveFact& fact) {
  const auto& type = frame.type;
  const auto depends = [&](Index f) {
    return type.fields[f].kind == FieldKind::Requirement ||
           std::ranges::count(type.required_with, f, &catalogue::RequiredWith::field) > 0;
  };
  // What a required field depends on comes first.
  for (const bool late : {false, true}) {
    for (Index f = 0; f < type.fields.size(); ++f) {
      if (depends(f) == late && !fill_field(frame, f, fact)) return false;
    }
  }
  settle_rules(type, fact);
  if (frame.wish.values.empty()) settle_judgement(type, fact);
  return true;
}

std::optional<base::Date> Inventor::date(const Frame& frame, const LiveFact& fact) {
  auto first = plan_->first_day;
  auto last = plan_->last_day;
  for (const auto& rule : frame.type.dates) {
    const auto* by = rule.by == none ? nullptr : &frame.type.fields[rule.by];
    if (by != nullptr && number_of(*plan_, *by, fact.values.at(by->name)) != rule.number) continue;
    first = rule.from;
    last = rule.to;
  }
  if (frame.wish.days) {
    first = std::max(first, frame.wish.days->first);
    last = std::min(last, frame.wish.days->second);
  }
  last = std::min(last, frame.model.today());
  if (last < first) return std::nullopt;
  const auto any = base::Date{static_cast<std::int32_t>(chance_.between(first.days, last.days))};
  // Edges are where mistakes live: first and last days of months and weeks.
  if (chance_.percent(30)) {
    const auto& periods = chance_.percent(50) ? plan_->months : plan_->weeks;
    const auto& period = chance_.of(periods);
    const auto edge = chance_.percent(60) ? period.first : period.last;
    if (first <= edge && edge <= last) return edge;
  }
  return chance_.percent(15) ? first : any;
}

std::optional<LiveFact> Inventor::make(const Frame& frame, LiveFact made) {
  if (!fill(frame, made)) return std::nullopt;
  const auto day = date(frame, made);
  if (!day) return std::nullopt;
  made.occurred_on = *day;
  return made;
}

std::optional<LiveFact> Inventor::fact(const Model& model, const Wish& wish) {
  const auto& type = plan_->fact_types[wish.type];
  return make({model, type, wish, nullptr, false}, {chance_.uuid(), type.name, wish.unit, {}, 0, 0, false, {}});
}

std::optional<LiveFact> Inventor::corrected(const Model& model, const LiveFact& fact) {
  LiveFact made = fact;
  made.values.clear();
  return make({model, plan_->fact_types[plan_->fact_type(fact.type)], Wish{}, &fact, false}, std::move(made));
}

std::optional<LiveFact> Inventor::misplaced(const Model& model, const std::string& unit) {
  const bool is_province = unit == model.province;
  std::vector<Index> types;
  for (Index type = 0; type < plan_->fact_types.size(); ++type) {
    if (!(is_province ? plan_->fact_types[type].by_province : plan_->fact_types[type].by_district))
      types.push_back(type);
  }
  if (types.empty()) return std::nullopt;
  const auto& type = plan_->fact_types[chance_.of(types)];
  return make({model, type, Wish{}, nullptr, true}, {chance_.uuid(), type.name, unit, {}, 0, 0, false, {}});
}

}  // namespace tamroi::simulation
