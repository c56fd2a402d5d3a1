#include "simulation/spoiler.h"

#include <algorithm>

#include <fmt/format.h>

#include "simulation/words.h"

namespace tamroi::simulation {

namespace json = boost::json;
using base::Code;
using catalogue::FieldKind;
using catalogue::Index;
using catalogue::none;

void Spoiler::spoil(Entry& entry) {
  static const std::vector<Way> any{&Spoiler::no_object, &Spoiler::no_operation,    &Spoiler::unknown_operation,
                                    &Spoiler::no_fact,   &Spoiler::ill_formed_fact, &Spoiler::unknown_member};
  static const std::vector<Way> of_record{&Spoiler::used_id, &Spoiler::used_id, &Spoiler::no_type,
                                          &Spoiler::unknown_type, &Spoiler::wrong_level};
  static const std::vector<Way> of_existing{&Spoiler::unknown_fact, &Spoiler::unknown_fact, &Spoiler::withdrawn_fact,
                                            &Spoiler::withdrawn_fact, &Spoiler::registration_in_use};
  static const std::vector<Way> of_values{
      &Spoiler::no_date,        &Spoiler::ill_formed_date,      &Spoiler::outside_round,    &Spoiler::in_the_future,
      &Spoiler::no_values,      &Spoiler::unknown_field,        &Spoiler::ill_formed_value, &Spoiler::missing_field,
      &Spoiler::unknown_entity, &Spoiler::taken_entity,         &Spoiler::above_its_limit,  &Spoiler::unfit_field,
      &Spoiler::foreign_unit,   &Spoiler::not_left_to_judgement};
  for (int tries = 0; tries < 20; ++tries) {
    const auto lot = chance_.below(100);
    const bool has_values = entry.after.has_value();
    const auto& ways = lot < 15                  ? any
                       : lot < 40 || !has_values ? (is(entry, "record") ? of_record : of_existing)
                                                 : of_values;
    if ((this->*ways[chance_.below(ways.size())])(entry)) return;
  }
}

bool Spoiler::no_object(Entry& entry) {
  entry.wants_reason = false;
  entry.written = chance_.percent(50) ? json::value(7) : json::value(json::array{"withdraw"});
  fail(entry, Code::Malformed, "");
  return true;
}

// Then only `op` and the form of `fact` are looked at.
bool Spoiler::no_operation(Entry& entry) {
  entry.wants_reason = false;
  entry.written.as_object().erase("op");
  fail(entry, Code::MissingField, "/op");
  if (!chance_.percent(30)) return true;
  entry.written.as_object()["fact"] = "f-1";
  fail(entry, Code::BadValue, "/fact");
  return true;
}

bool Spoiler::unknown_operation(Entry& entry) {
  entry.wants_reason = false;
  entry.written.as_object()["op"] = chance_.percent(50) ? json::value("delete") : json::value(nullptr);
  fail(entry, Code::BadValue, "/op");
  return true;
}

bool Spoiler::no_fact(Entry& entry) {
  entry.written.as_object().erase("fact");
  fail(entry, Code::MissingField, "/fact");
  return true;
}

bool Spoiler::ill_formed_fact(Entry& entry) {
  entry.written.as_object()["fact"] = chance_.percent(50) ? json::value("01826c3e-7c00-7a3e-9b1d") : json::value(5);
  fail(entry, Code::BadValue, "/fact");
  return true;
}

bool Spoiler::unknown_member(Entry& entry) {
  const bool is_record = is(entry, "record");
  const std::string name = is_record || chance_.percent(50) ? "no~te" : "type";
  entry.written.as_object()[name] = "x";
  fail(entry, Code::UnknownField, name == "type" ? "/type" : "/no~0te");
  return true;
}

bool Spoiler::used_id(Entry& entry) {
  std::vector<base::Uuid> used;
  for (const auto& fact : model_.live) used.push_back(fact.id);
  for (const auto& [id, unit] : model_.withdrawn) used.push_back(id);
  if (used.empty()) return false;
  auto text = chance_.of(used).to_string();
  if (chance_.percent(30))
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  entry.written.as_object()["fact"] = text;
  fail(entry, Code::DuplicateFact, "/fact");
  return true;
}

bool Spoiler::no_type(Entry& entry) {
  entry.wants_reason = false;
  entry.written.as_object().erase("type");
  fail(entry, Code::MissingField, "/type");
  return true;
}

bool Spoiler::unknown_type(Entry& entry) {
  entry.wants_reason = false;
  entry.written.as_object()["type"] = "no_such_type";
  fail(entry, Code::UnknownType, "/type");
  return true;
}

bool Spoiler::wrong_level(Entry& entry) {
  const auto fact = inventor_.misplaced(model_, unit_);
  if (!fact) return false;
  entry = Author::record(model_, plan_, *fact);
  fail(entry, Code::WrongLevel, "/type");
  return true;
}

bool Spoiler::unknown_fact(Entry& entry) {
  std::vector<base::Uuid> unknown{chance_.uuid()};
  for (const auto& fact : model_.live) {
    if (fact.unit != unit_) unknown.push_back(fact.id);
  }
  for (const auto& [id, unit] : model_.withdrawn) {
    if (unit != unit_) unknown.push_back(id);
  }
  entry.written.as_object()["fact"] = chance_.of(unknown).to_string();
  fail(entry, Code::UnknownFact, "/fact");
  return true;
}

bool Spoiler::withdrawn_fact(Entry& entry) {
  std::vector<base::Uuid> gone;
  for (const auto& [id, unit] : model_.withdrawn) {
    if (unit == unit_) gone.push_back(id);
  }
  if (gone.empty()) return false;
  entry.written.as_object()["fact"] = chance_.of(gone).to_string();
  fail(entry, Code::WithdrawnFact, "/fact");
  return true;
}

// Withdraws a registration, or corrects its entity, while something uses it.
bool Spoiler::registration_in_use(Entry& entry) {
  for (const auto& fact : model_.live) {
    const auto& type = plan_.fact_types[plan_.fact_type(fact.type)];
    if (fact.unit != unit_ || type.registers == none) continue;
    const auto& field = type.fields[type.registers];
    if (!model_.used(plan_, field.entity_register, std::string(fact.values.at(field.name).as_string()))) continue;
    if (chance_.percent(50)) {
      entry = {withdrawal_of(fact.id), {}, fact.id, true, {{Code::EntityInUse, "/fact"}}};
      return true;
    }
    auto changed = fact;
    changed.values[field.name] = inventor_.free_name(model_, field.entity_register);
    entry = {correction_of(changed), changed, {}, true, {{Code::EntityInUse, "/values/" + field.name}}};
    return true;
  }
  return false;
}

}  // namespace tamroi::simulation
