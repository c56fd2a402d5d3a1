#include <algorithm>

#include <fmt/format.h>

#include "catalogue/measure_reader.h"

namespace tamroi::catalogue {
namespace {

constexpr std::size_t having_depth_max = 4;

// The one field of the type that names a member of the domain.
Index only_field(std::size_t line, const FactType& type, std::string_view what, Reporter& reporter, auto&& matches) {
  Index only = none;
  std::size_t fitting = 0;
  for (Index i = 0; i < type.fields.size(); ++i) {
    if (type.fields[i].set || !matches(type.fields[i])) continue;
    only = i;
    ++fitting;
  }
  if (fitting == 1) return only;
  reporter.error(line,
                 fmt::format("Fact type \"{}\" must have exactly one field that names a member of \"{}\", not {}.",
                             type.name, what, fitting));
  return none;
}

}  // namespace

Having MeasureReader::read_having(const Value& value, std::size_t depth) {
  Having having;
  const Members members(value, reporter_, {"all", "any", "count", "distinct", "sum", "latest", "at_least", "one_of"});
  if (!members.is_map()) return having;
  const bool any = value.find("any") != nullptr;
  if (!any && value.find("all") == nullptr) return read_test(value, members);
  having.op = any ? Having::Op::Any : Having::Op::All;
  if (value.items.size() != 1) reporter_.error(value.line, "Beside all or any nothing else is said.");
  if (depth == having_depth_max) {
    reporter_.error(value.line, "Tests are nested too deep.");
    return having;
  }
  for (const Value& item : read_list(value.find(any ? "any" : "all"), reporter_)) {
    having.of.push_back(read_having(item, depth + 1));
  }
  return having;
}

Having MeasureReader::read_test(const Value& value, const Members& members) {
  Having having;
  having.op = Having::Op::AtLeast;
  const Value* said = nullptr;
  Term::Kind kind = Term::Kind::Count;
  for (const auto& [key, of] : {std::pair{"count", Term::Kind::Count}, std::pair{"distinct", Term::Kind::Distinct},
                                std::pair{"sum", Term::Kind::Sum}, std::pair{"latest", Term::Kind::Latest}}) {
    const Value* term = members.get(key);
    if (term == nullptr) continue;
    if (said != nullptr) reporter_.error(term->line, "A test is on one thing only.");
    said = term;
    kind = of;
  }
  if (said == nullptr) {
    reporter_.error(value.line, "A test is on one of count, distinct, sum or latest, or says all or any.");
    return having;
  }
  if (kind == Term::Kind::Latest) return read_latest_test(said, members);
  if (const Value* words = members.get("one_of")) reporter_.error(words->line, "\"one_of\" belongs to latest.");
  const Value* least = members.need("at_least");
  having.term = read_term(*said, kind);
  having.number = read_integer(least, reporter_).value_or(0);
  if (having.number == 0 && least != nullptr) reporter_.error(least->line, "A test that always holds.");
  return having;
}

Having MeasureReader::read_latest_test(const Value* latest, const Members& members) {
  Having having;
  having.op = Having::Op::LatestIn;
  if (const Value* least = members.get("at_least")) reporter_.error(least->line, "\"latest\" is compared with one_of.");
  having.term = read_term(*latest, Term::Kind::Latest);
  if (having.term == none) return having;
  const Term& term = plan_.terms[having.term];
  if (term.fact == none || term.field == none) return having;
  const Field& field = plan_.fact_types[term.fact].fields[term.field];
  for (const Value& item : read_list(members.need("one_of"), reporter_)) {
    if (const auto number = read_number(&item, field, plan_, reporter_)) having.numbers.push_back(*number);
  }
  return having;
}

Index MeasureReader::read_term(const Value& value, Term::Kind kind) {
  const auto members =
      kind == Term::Kind::Count ? Members(value, reporter_, {"fact", "where", "within", "from_parent"})
      : kind == Term::Kind::Distinct
          ? Members(value, reporter_, {"fact", "where", "within", "from_parent", "field", "elements_of"})
          : Members(value, reporter_, {"fact", "where", "within", "from_parent", "field"});
  Term term;
  term.kind = kind;
  term.measure = index_;
  term.fact = read_reference(members.need("fact"), "fact type", plan_.fact_types, reporter_);
  if (term.fact != none) {
    term.where = read_where(members.get("where"), term.fact, plan_, reporter_);
    read_within(members.get("within"), term.where, reporter_);
    if (kind != Term::Kind::Count) read_term_field(members, value, term);
    if (const Value* parent = members.get("from_parent")) read_from_parent(*parent, term);
    find_cell_fields(value, term);
  }
  term.slot = static_cast<Index>(measure_.terms.size());
  const auto index = static_cast<Index>(plan_.terms.size());
  measure_.terms.push_back(index);
  plan_.terms.push_back(std::move(term));
  return index;
}

void MeasureReader::read_term_field(const Members& members, const Value& value, Term& term) {
  const FactType& type = plan_.fact_types[term.fact];
  const Value* elements = members.get("elements_of");
  if (elements != nullptr && members.get("field") != nullptr) {
    reporter_.error(value.line, "Either field or elements_of, not both.");
  }
  const Value* name = elements != nullptr ? elements : members.need("field");
  term.elements = elements != nullptr;
  term.field = read_reference(name, "field", type.fields, reporter_);
  if (term.field == none) return;
  const Field& field = type.fields[term.field];
  const auto is = [&](std::initializer_list<FieldKind> kinds) {
    return std::ranges::find(kinds, field.kind) != kinds.end();
  };
  bool fits = false;
  if (term.elements)
    fits = field.set;
  else if (term.kind == Term::Kind::Sum)
    fits = !field.set && is({FieldKind::Integer, FieldKind::Money});
  else if (term.kind == Term::Kind::Latest)
    fits = !field.set && is({FieldKind::Integer, FieldKind::Money, FieldKind::Choice, FieldKind::Boolean});
  else
    fits = is({FieldKind::Choice, FieldKind::Integer, FieldKind::Entity, FieldKind::Text});
  if (!fits) reporter_.error(name->line, fmt::format("Field \"{}\" cannot be used so.", field.name));
}

void MeasureReader::read_from_parent(const Value& value, Term& term) {
  const Members members(value, reporter_, {"where"});
  term.from_parent = true;
  term.parent_where = read_where(members.get("where"), term.fact, plan_, reporter_);
  if (!plan_.fact_types[term.fact].by_province) {
    reporter_.error(value.line, fmt::format("A province never has a \"{}\".", plan_.fact_types[term.fact].name));
  }
  if (measure_.domain.additive()) reporter_.error(value.line, "A province's own facts belong to no member here.");
}

void MeasureReader::find_cell_fields(const Value& value, Term& term) {
  const FactType& type = plan_.fact_types[term.fact];
  const Domain& domain = measure_.domain;
  if (domain.entity_register != none) {
    term.entity_field =
        only_field(value.line, type, plan_.registers[domain.entity_register].name, reporter_, [&](const Field& field) {
          return field.kind == FieldKind::Entity && field.entity_register == domain.entity_register;
        });
  }
  if (domain.vocabulary != none) {
    term.choice_field = only_field(
        value.line, type, plan_.vocabularies[domain.vocabulary].name, reporter_,
        [&](const Field& field) { return field.kind == FieldKind::Choice && field.vocabulary == domain.vocabulary; });
  }
}

}  // namespace tamroi::catalogue
