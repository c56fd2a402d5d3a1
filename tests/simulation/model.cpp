#include "simulation/model.h"

namespace tamroi::simulation {

using catalogue::Index;
using catalogue::none;
using catalogue::Plan;

namespace {

// The name that a fact registers in the register, or nothing.
const boost::json::string* registers(const Plan& plan, const LiveFact& fact, Index reg) {
  const auto& type = plan.fact_types[plan.fact_type(fact.type)];
  if (type.registers == none || type.fields[type.registers].entity_register != reg) return nullptr;
  return &fact.values.at(type.fields[type.registers].name).as_string();
}

}  // namespace

const LiveFact* Model::find(const base::Uuid& id) const {
  for (const auto& fact : live) {
    if (fact.id == id) return &fact;
  }
  return nullptr;
}

const LiveFact* Model::registration(const Plan& plan, Index reg, const std::string& name) const {
  for (const auto& fact : live) {
    const auto* registered = registers(plan, fact, reg);
    if (registered != nullptr && *registered == name) return &fact;
  }
  return nullptr;
}

std::vector<std::string> Model::registered(const Plan& plan, Index reg, const std::string& unit) const {
  std::vector<std::string> names;
  for (const auto& fact : live) {
    const auto* name = fact.unit == unit ? registers(plan, fact, reg) : nullptr;
    if (name != nullptr) names.emplace_back(*name);
  }
  return names;
}

bool Model::used(const Plan& plan, Index reg, const std::string& name) const {
  for (const auto& fact : live) {
    const auto& type = plan.fact_types[plan.fact_type(fact.type)];
    for (Index f = 0; f < type.fields.size(); ++f) {
      const auto& field = type.fields[f];
      if (f == type.registers || field.kind != catalogue::FieldKind::Entity || field.entity_register != reg) continue;
      const auto* value = fact.values.if_contains(field.name);
      if (value != nullptr && value->as_string() == name) return true;
    }
  }
  return false;
}

bool Model::in_closed_month(const Plan& plan, base::Date date) const {
  for (std::size_t month = 0; month < setting.closed_months; ++month) {
    if (plan.months[month].first <= date && date <= plan.months[month].last) return true;
  }
  return false;
}

}  // namespace tamroi::simulation
