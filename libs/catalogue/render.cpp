#include "catalogue/render.h"

#include <fmt/format.h>

namespace tamroi::catalogue {
namespace {

template <typename Named>
std::string_view name_in(const std::vector<Named>& all, Index index) {
  return index == none ? std::string_view("-") : std::string_view(all[index].name);
}

std::string_view field_name(const Plan& plan, Index fact, Index field) {
  return fact == none ? std::string_view("-") : name_in(plan.fact_types[fact].fields, field);
}

std::string value_of(const Plan& plan, const Field& field, std::int64_t number) {
  if (field.kind == FieldKind::Choice)
    return plan.vocabularies[field.vocabulary].words[static_cast<std::size_t>(number)];
  if (field.kind == FieldKind::Requirement) return plan.requirement_words[static_cast<std::size_t>(number)];
  return std::to_string(number);
}

std::string render(const Plan& plan, Index fact, const Where& where) {
  std::string text;
  for (const Condition& condition : where) {
    text += fmt::format("{}:{}:", static_cast<int>(condition.op), field_name(plan, fact, condition.field));
    if (condition.op == Condition::Op::Equals) {
      text += value_of(plan, plan.fact_types[fact].fields[condition.field], condition.number);
    }
    text += fmt::format(":{:x}:{}:{};", condition.mask, condition.from.days, condition.to.days);
  }
  return "[" + text + "]";
}

std::string render(const Plan& plan, Index index) {
  const Term& term = plan.terms[index];
  return fmt::format("{} {}.{} {} {} {} {} {} {}", static_cast<int>(term.kind), name_in(plan.fact_types, term.fact),
                     field_name(plan, term.fact, term.field), term.elements, render(plan, term.fact, term.where),
                     field_name(plan, term.fact, term.entity_field), field_name(plan, term.fact, term.choice_field),
                     term.from_parent, render(plan, term.fact, term.parent_where));
}

std::string render(const Plan& plan, const Having& having) {
  std::string text = fmt::format("{}(", static_cast<int>(having.op));
  for (const Having& part : having.of) text += render(plan, part) + ",";
  if (having.term != none) {
    text += render(plan, having.term) + fmt::format(" {}", having.number);
    const Term& term = plan.terms[having.term];
    for (const std::int64_t number : having.numbers) {
      text += " " + value_of(plan, plan.fact_types[term.fact].fields[term.field], number);
    }
  }
  return text + ")";
}

std::string render(const Plan& plan, const Domain& domain) {
  Index registering = none;
  for (Index i = 0; i < plan.fact_types.size(); ++i) {
    const FactType& type = plan.fact_types[i];
    if (type.registers == none || domain.entity_register == none) continue;
    if (type.fields[type.registers].entity_register == domain.entity_register) registering = i;
  }
  return fmt::format("{} {} {} {} {} {} {}", name_in(plan.registers, domain.entity_register),
                     name_in(plan.vocabularies, domain.vocabulary), domain.districts, static_cast<int>(domain.period),
                     render(plan, registering, domain.registered_where), domain.registered_by_first_day,
                     render(plan, domain.base));
}

std::string render(const base::Ratio& ratio) {
  return base::to_string(ratio.numerator) + "/" + base::to_string(ratio.denominator);
}

std::string render(const Plan& plan, const Needed& needed) {
  std::string text =
      fmt::format("{} {} {} by {} {} over {}", static_cast<int>(needed.kind), render(needed.value), needed.share,
                  name_in(plan.measures, needed.by), needed.by_parent, name_in(plan.measures, needed.over));
  if (needed.band == none) return text;
  for (const Band& band : plan.tables[needed.band].bands) {
    text += fmt::format(" {}-{}:{}", band.first, band.last, render(band.value));
  }
  return text;
}

}  // namespace

std::string render(const Plan& plan, const Field& field) {
  std::string text = fmt::format("{} {} {} {} {} {} {} {}", static_cast<int>(field.kind), field.set, field.optional,
                                 name_in(plan.registers, field.entity_register), field.minimum, field.maximum,
                                 field.pages_required, field.pages_max);
  if (field.vocabulary == none) return text;
  for (const std::string& word : plan.vocabularies[field.vocabulary].words) text += " " + word;
  return text;
}

std::string render_rules(const Plan& plan, const FactType& type) {
  const auto name = [&](Index field) {
    return field == none ? std::string_view("-") : std::string_view(type.fields[field].name);
  };
  std::string text = fmt::format("{} {} {}", type.by_district, type.by_province, name(type.registers));
  for (const auto& fields : type.one_at_least) {
    text += " one of";
    for (const Index field : fields) text += fmt::format(" {}", name(field));
  }
  for (const RequiredWith& rule : type.required_with) {
    text += fmt::format("; {} with {} {}", name(rule.field), name(rule.by),
                        value_of(plan, type.fields[rule.by], rule.number));
  }
  for (const NotAbove& rule : type.not_above) text += fmt::format("; {} <= {}", name(rule.field), name(rule.limit));
  for (const DateRule& rule : type.dates) {
    text += fmt::format("; {} {} {} {}", name(rule.by),
                        rule.by == none ? "" : value_of(plan, type.fields[rule.by], rule.number), rule.from.days,
                        rule.to.days);
  }
  for (const Field& field : type.fields) {
    if (field.of_field != none) text += fmt::format("; {} of {}", field.name, name(field.of_field));
  }
  return text;
}

std::string render(const Plan& plan, const Measure& measure) {
  std::string text = fmt::format("{} {} {} {} {}", static_cast<int>(measure.kind), render(plan, measure.domain),
                                 render(plan, measure.having), measure.every_member, measure.adds_up);
  for (const Index term : measure.terms) text += "; " + render(plan, term);
  return text;
}

std::string render(const Plan& plan, const Criterion& criterion) {
  return fmt::format("{} {} {} {} {}", static_cast<int>(criterion.kind), name_in(plan.measures, criterion.measure),
                     render(plan, criterion.needed), criterion.or_undefined, name_in(plan.measures, criterion.given));
}

std::string render(const Plan& plan, const Requirement& requirement) {
  std::string text = requirement.name;
  for (const Index measure : requirement.measures) text += " | " + render(plan, plan.measures[measure]);
  return text;
}

std::string render(const Plan& plan, const PointsPart& part) {
  std::string text = fmt::format("{} {} {} {}", part.name, render(part.of), name_in(plan.measures, part.measure),
                                 render(plan, part.needed));
  for (const Index share : part.shares) text += fmt::format(" {}", name_in(plan.measures, share));
  return text;
}

std::string render(const Plan& plan, const JudgementBinding& binding) {
  const auto name = [&](Index field) { return field_name(plan, binding.fact, field); };
  return fmt::format("{} {} {} {} {}", name_in(plan.fact_types, binding.fact), name(binding.unit),
                     name(binding.indicator), name(binding.level), name(binding.met));
}

std::string render(const Plan& plan, const EvidenceBinding& binding) {
  return fmt::format("{} {} {}", name_in(plan.fact_types, binding.fact),
                     field_name(plan, binding.fact, binding.indicator),
                     field_name(plan, binding.fact, binding.requirement));
}

}  // namespace tamroi::catalogue
