// What can be wrong with a date and with values.
#include <algorithm>

#include "simulation/spoiler.h"
#include "simulation/words.h"

namespace tamroi::simulation {

namespace json = boost::json;
using base::Code;
using catalogue::FieldKind;
using catalogue::Index;
using catalogue::none;

bool Spoiler::fail_date(Entry& entry, Code code) {
  if (is(entry, "record")) entry.wants_reason = false;
  fail(entry, code, "/occurred_on");
  return true;
}

bool Spoiler::no_date(Entry& entry) {
  entry.written.as_object().erase("occurred_on");
  return fail_date(entry, Code::MissingField);
}

bool Spoiler::ill_formed_date(Entry& entry) {
  static const std::vector<json::value> dates{"2022-6-1", "2022-06-31", "2022-06-01T00:00:00Z", 20220601, nullptr, ""};
  entry.written.as_object()["occurred_on"] = chance_.of(dates);
  return fail_date(entry, Code::BadValue);
}

bool Spoiler::outside_round(Entry& entry) {
  const auto& rules = type(entry).dates;
  if (!rules.empty()) {
    const auto found = std::ranges::find_if(rules, [&](const auto& rule) {
      if (rule.by == none) return true;
      const auto& by = type(entry).fields[rule.by];
      return number_of(plan_, by, entry.after->values.at(by.name)) == rule.number;
    });
    if (found == rules.end()) return false;
    entry.written.as_object()["occurred_on"] = base::to_string(base::Date{found->from.days - 1});
    return fail_date(entry, Code::BadValue);
  }
  const base::Date day{chance_.percent(50) ? plan_.first_day.days - 1 : plan_.last_day.days + 1};
  entry.written.as_object()["occurred_on"] = base::to_string(day);
  if (day > model_.today()) fail(entry, Code::InTheFuture, "/occurred_on");
  return fail_date(entry, Code::OutsideRound);
}

bool Spoiler::in_the_future(Entry& entry) {
  const base::Date tomorrow{model_.today().days + 1};
  if (!type(entry).dates.empty() || tomorrow < plan_.first_day || plan_.last_day < tomorrow) return false;
  entry.written.as_object()["occurred_on"] = base::to_string(tomorrow);
  return fail_date(entry, Code::InTheFuture);
}

bool Spoiler::no_values(Entry& entry) {
  if (chance_.percent(50)) {
    entry.written.as_object().erase("values");
    fail(entry, Code::MissingField, "/values");
  } else {
    entry.written.as_object()["values"] = json::array{};
    fail(entry, Code::BadValue, "/values");
  }
  return true;
}

bool Spoiler::unknown_field(Entry& entry) {
  values(entry)["a/b"] = 1;
  fail(entry, Code::UnknownField, "/values/a~1b");
  return true;
}

bool Spoiler::ill_formed_value(Entry& entry) {
  auto& all = values(entry);
  if (all.empty()) return false;
  const auto index = chance_.below(all.size());
  auto& member = *(all.begin() + static_cast<std::ptrdiff_t>(index));
  member.value() = chance_.percent(50) ? json::value(nullptr) : json::value(json::array{json::array{}});
  fail(entry, Code::BadValue, "/values/" + std::string(member.key()));
  return true;
}

bool Spoiler::missing_field(Entry& entry) {
  auto& all = values(entry);
  const auto& fact_type = type(entry);
  if (!fact_type.one_at_least.empty() && chance_.percent(40)) {
    for (const auto f : fact_type.one_at_least.front()) all.erase(fact_type.fields[f].name);
    fail(entry, Code::MissingField, "/values");
    return true;
  }
  const auto& field = chance_.of(fact_type.fields);
  const auto index = static_cast<Index>(&field - fact_type.fields.data());
  const bool by_rule = std::ranges::count(fact_type.required_with, index, &catalogue::RequiredWith::field) > 0;
  if ((field.optional && !by_rule) || !all.contains(field.name)) return false;
  all.erase(field.name);
  fail(entry, Code::MissingField, "/values/" + field.name);
  return true;
}

bool Spoiler::unknown_entity(Entry& entry) {
  const auto& fact_type = type(entry);
  for (Index f = 0; f < fact_type.fields.size(); ++f) {
    const auto& field = fact_type.fields[f];
    if (field.kind != FieldKind::Entity || f == fact_type.registers) continue;
    std::string name = inventor_.free_name(model_, field.entity_register);
    for (const auto& fact : model_.live) {  // rather one of another district
      const auto names =
          fact.unit == unit_ ? std::vector<std::string>{} : model_.registered(plan_, field.entity_register, fact.unit);
      if (!names.empty() && chance_.percent(30)) name = names.front();
    }
    values(entry)[field.name] = name;
    fail(entry, Code::UnknownEntity, "/values/" + field.name);
    return true;
  }
  return false;
}

bool Spoiler::taken_entity(Entry& entry) {
  const auto& fact_type = type(entry);
  if (fact_type.registers == none) return false;
  const auto& field = fact_type.fields[fact_type.registers];
  const auto* old = model_.find(entry.after->id);
  const std::string own(old == nullptr ? "" : std::string(old->values.at(field.name).as_string()));
  for (const auto& fact : model_.live) {
    const auto names = model_.registered(plan_, field.entity_register, fact.unit);
    if (names.empty() || names.front() == own) continue;
    values(entry)[field.name] = names.front();
    fail(entry, Code::EntityExists, "/values/" + field.name);
    if (old != nullptr && model_.used(plan_, field.entity_register, own))
      fail(entry, Code::EntityInUse, "/values/" + field.name);
    return true;
  }
  return false;
}

bool Spoiler::above_its_limit(Entry& entry) {
  const auto& rules = type(entry).not_above;
  if (rules.empty()) return false;
  const auto& rule = chance_.of(rules);
  const auto& name = type(entry).fields[rule.field].name;
  values(entry)[name] = values(entry).at(type(entry).fields[rule.limit].name).as_int64() + 1;
  fail(entry, Code::BadValue, "/values/" + name);
  return true;
}

// A field that does not belong to this value of another, and a requirement of another indicator.
bool Spoiler::unfit_field(Entry& entry) {
  const auto& fact_type = type(entry);
  for (const auto& rule : fact_type.required_with) {
    const auto& field = fact_type.fields[rule.field];
    if (values(entry).contains(field.name)) continue;
    values(entry)[field.name] = "x";
    fail(entry, Code::UnknownField, "/values/" + field.name);
    return true;
  }
  for (const auto& field : fact_type.fields) {
    if (field.kind != FieldKind::Requirement) continue;
    const auto indicator = values(entry).at(fact_type.fields[field.of_field].name).as_int64();
    for (Index word = 0; word < plan_.requirement_words.size(); ++word) {
      if (std::ranges::count(plan_.nameable, std::pair{static_cast<std::uint32_t>(indicator), word}) > 0) continue;
      values(entry)[field.name] = plan_.requirement_words[word];
      fail(entry, Code::BadValue, "/values/" + field.name);
      return true;
    }
  }
  return false;
}

bool Spoiler::foreign_unit(Entry& entry) {
  for (const auto& field : type(entry).fields) {
    if (field.kind != FieldKind::Unit) continue;
    static const std::vector<std::string> codes{"24", "2401", "TH", "R6", "nowhere"};
    values(entry)[field.name] = chance_.of(codes);
    fail(entry, Code::BadValue, "/values/" + field.name);
    return true;
  }
  return false;
}

bool Spoiler::not_left_to_judgement(Entry& entry) {
  const auto& binding = plan_.judgement;
  if (binding.fact == none || &plan_.fact_types[binding.fact] != &type(entry)) return false;
  const auto indicator = values(entry).at(type(entry).fields[binding.indicator].name).as_int64();
  for (std::int64_t level = 1; level <= 5; ++level) {
    if (plan_.judged(static_cast<std::uint32_t>(indicator), static_cast<std::uint32_t>(level))) continue;
    const auto& name = type(entry).fields[binding.level].name;
    values(entry)[name] = level;
    fail(entry, Code::BadValue, "/values/" + name);
    return true;
  }
  return false;
}

}  // namespace tamroi::simulation
