#include <algorithm>

#include <fmt/format.h>

#include "catalogue/draft.h"

namespace tamroi::catalogue {
namespace {

constexpr std::size_t having_depth_max = 4;

// Reads one measure: its domain, the terms that are kept for each cell, and the test on them.
class MeasureReader {
 public:
  MeasureReader(Draft& draft, Measure measure, Reporter& reporter)
      : plan_(draft.plan), draft_(draft), reporter_(reporter), measure_(std::move(measure)),
        index_(static_cast<Index>(draft.plan.measures.size())) {}

  [[nodiscard]] Index read(const Value& body, bool labelled);

 private:
  void read_how(const Value& how);
  void read_members(const Value& how, Measure::Kind kind);
  void read_growth(const Value& how);
  void read_domain(const Value& value);
  void read_axis(const Value& value, bool paired);
  void read_register(const Value& value, bool paired);
  Having read_having(const Value& value, std::size_t depth = 0);
  Having read_test(const Value& value, const Members& members);
  Having read_latest_test(const Value* latest, const Members& members);
  Index read_term(const Value& value, Term::Kind kind);
  void read_term_field(const Members& members, const Value& value, Term& term);
  void read_from_parent(const Value& value, Term& term);
  void find_cell_fields(const Value& value, Term& term);
  Index only_field(const Value& value, const FactType& type, std::string_view what, auto&& matches);

  Plan& plan_;
  Draft& draft_;
  Reporter& reporter_;
  Measure measure_;
  Index index_;
};

Index MeasureReader::read(const Value& body, bool labelled) {
  const auto members = labelled ? Members(body, reporter_, {"label", "count", "distinct", "sum", "latest", "share", "growth"})
                                : Members(body, reporter_, {"count", "share"});
  if (labelled) measure_.label = read_label(members.need("label"), reporter_);
  const Value* how = nullptr;
  for (const Value& member : body.items) {
    if (member.key == "label") continue;
    if (how != nullptr) reporter_.error(member.line, "A measure is computed in one way only.");
    how = &member;
  }
  if (how != nullptr) read_how(*how);
  else if (members.is_map()) reporter_.error(body.line, "The measure does not say how it is computed.");
  const bool additive = measure_.domain.additive();
  const Measure::Kind kind = measure_.kind;
  measure_.adds_up = kind == Measure::Kind::Facts || kind == Measure::Kind::Sum || kind == Measure::Kind::Share ||
                     kind == Measure::Kind::Growth || (kind == Measure::Kind::Members && additive);
  plan_.measures.push_back(std::move(measure_));
  draft_.measure_lines.push_back(body.line);
  return index_;
}

void MeasureReader::read_how(const Value& how) {
  if (how.key == "share") return read_members(how, Measure::Kind::Share);
  if (how.key == "growth") return read_growth(how);
  if (how.key == "count" && how.find("of") != nullptr) return read_members(how, Measure::Kind::Members);
  if (how.key == "count") {
    measure_.kind = Measure::Kind::Facts;
    read_term(how, Term::Kind::Count);
  } else if (how.key == "distinct") {
    measure_.kind = Measure::Kind::Distinct;
    read_term(how, Term::Kind::Distinct);
  } else if (how.key == "sum") {
    measure_.kind = Measure::Kind::Sum;
    read_term(how, Term::Kind::Sum);
  } else if (how.key == "latest") {
    measure_.kind = Measure::Kind::Latest;
    read_term(how, Term::Kind::Latest);
  }
}

void MeasureReader::read_members(const Value& how, Measure::Kind kind) {
  measure_.kind = kind;
  const Members members(how, reporter_, {"of", "having"});
  if (const Value* of = members.need("of")) read_domain(*of);
  const Value* having = kind == Measure::Kind::Share ? members.need("having") : members.get("having");
  if (having != nullptr) measure_.having = read_having(*having);
}

void MeasureReader::read_growth(const Value& how) {
  measure_.kind = Measure::Kind::Growth;
  const Members members(how, reporter_, {"over", "from", "to", "defined"});
  if (const Value* over = members.need("over")) {
    read_register(*over, false);
    if (over->find("register") == nullptr) reporter_.error(over->line, "Growth is over a register.");
  }
  for (const char* key : {"from", "to"}) {
    const Value* side = members.need(key);
    if (side == nullptr) continue;
    const Members parts(*side, reporter_, {"latest"});
    if (const Value* latest = parts.need("latest")) read_term(*latest, Term::Kind::Latest);
  }
  const Value* defined = members.need("defined");
  const auto word = read_text(defined, reporter_);
  measure_.every_member = word == "every_member_has_both";
  if (word && !measure_.every_member && *word != "some_member_has_both") {
    reporter_.unknown(defined->line, "rule", *word, {"every_member_has_both", "some_member_has_both"});
  }
}

void MeasureReader::read_domain(const Value& value) {
  const Value* pairs = value.find("pairs");
  if (pairs == nullptr) return read_axis(value, false);
  const Members members(value, reporter_, {"pairs", "registered_by"});
  const auto& axes = read_list(pairs, reporter_);
  if (axes.size() != 2) reporter_.error(pairs->line, "A pair is made of two domains.");
  for (const Value& axis : axes) read_axis(axis, true);
  Domain& domain = measure_.domain;
  const auto several = (domain.entity_register != none ? 1 : 0) + (domain.vocabulary != none ? 1 : 0) +
                       (domain.districts ? 1 : 0) + (domain.period != PeriodKind::None ? 1 : 0);
  if (axes.size() == 2 && several == 1) reporter_.error(pairs->line, "The two domains of a pair must differ.");
  if (domain.entity_register != none && domain.districts) {
    reporter_.error(pairs->line, "An entity has one district: it makes no pair with the districts.");
  }
  if (const Value* by = members.get("registered_by")) {
    domain.registered_by_first_day = true;
    if (read_text(by, reporter_) != "first_day") reporter_.error(by->line, "Only \"first_day\" is possible here.");
    if (domain.entity_register == none || domain.period == PeriodKind::None) {
      reporter_.error(by->line, "Only a register paired with a period can be limited so.");
    }
  }
}

void MeasureReader::read_axis(const Value& value, bool paired) {
  Domain& domain = measure_.domain;
  if (value.find("register") != nullptr) return read_register(value, paired);
  const Members members(value, reporter_, {"register", "choice", "units", "closed", "pairs", "having"});
  if (!members.is_map()) return;
  if (value.find("pairs") != nullptr) return reporter_.error(value.line, "A pair is made of no pairs.");
  if (const Value* choice = members.get("choice")) {
    domain.vocabulary = read_reference(choice, "vocabulary", plan_.vocabularies, reporter_);
  } else if (const Value* units = members.get("units")) {
    domain.districts = true;
    if (read_text(units, reporter_) != "district") reporter_.error(units->line, "Only the districts can be counted.");
  } else if (const Value* closed = members.get("closed")) {
    const auto word = read_text(closed, reporter_);
    domain.period = word == "iso_week" ? PeriodKind::IsoWeek : PeriodKind::Month;
    if (word && *word != "iso_week" && *word != "month") {
      reporter_.unknown(closed->line, "period", *word, {"month", "iso_week"});
    }
  } else {
    reporter_.error(value.line, "A domain is one of register, choice, units, closed or pairs.");
  }
  const Value* having = members.get("having");
  if (value.items.size() > (having != nullptr ? 2U : 1U)) reporter_.error(value.line, "A domain is of one kind only.");
  if (having == nullptr) return;
  if (paired) return reporter_.error(having->line, "The domains of a pair have no having of their own.");
  domain.base = read_having(*having);
}

void MeasureReader::read_register(const Value& value, bool paired) {
  Domain& domain = measure_.domain;
  const Members members(value, reporter_, {"register", "where", "having"});
  domain.entity_register = read_reference(members.get("register"), "register", plan_.registers, reporter_);
  if (domain.entity_register == none) return;
  const auto registering = std::ranges::find_if(plan_.fact_types, [&](const FactType& type) {
    return type.registers != none && type.fields[type.registers].entity_register == domain.entity_register;
  });
  if (registering != plan_.fact_types.end()) {
    const auto fact = static_cast<Index>(registering - plan_.fact_types.begin());
    domain.registered_where = read_where(members.get("where"), fact, plan_, reporter_);
  }
  if (const Value* having = members.get("having")) {
    if (paired) return reporter_.error(having->line, "The domains of a pair have no having of their own.");
    domain.base = read_having(*having);
  }
}

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
  if (kind == Term::Kind::Latest && members.get("one_of") != nullptr) return read_latest_test(said, members);
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
  if (const Value* least = members.get("at_least")) reporter_.error(least->line, "Either one_of or at_least, not both.");
  having.term = read_term(*latest, Term::Kind::Latest);
  if (having.term == none) return having;
  const Term& term = plan_.terms[having.term];
  if (term.fact == none || term.field == none) return having;
  const Field& field = plan_.fact_types[term.fact].fields[term.field];
  for (const Value& item : read_list(members.get("one_of"), reporter_)) {
    if (const auto number = read_number(&item, field, plan_, reporter_)) having.numbers.push_back(*number);
  }
  return having;
}

Index MeasureReader::read_term(const Value& value, Term::Kind kind) {
  const auto members =
      kind == Term::Kind::Count      ? Members(value, reporter_, {"fact", "where", "within", "from_parent"})
      : kind == Term::Kind::Distinct ? Members(value, reporter_, {"fact", "where", "within", "from_parent", "field", "elements_of"})
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
  if (term.elements) fits = field.set;
  else if (term.kind == Term::Kind::Sum) fits = !field.set && is({FieldKind::Integer, FieldKind::Money});
  else if (term.kind == Term::Kind::Latest)
    fits = !field.set && is({FieldKind::Integer, FieldKind::Money, FieldKind::Choice, FieldKind::Boolean});
  else fits = is({FieldKind::Choice, FieldKind::Integer, FieldKind::Entity, FieldKind::Text});
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

Index MeasureReader::only_field(const Value& value, const FactType& type, std::string_view what, auto&& matches) {
  Index only = none;
  std::size_t fitting = 0;
  for (Index i = 0; i < type.fields.size(); ++i) {
    if (type.fields[i].set || !matches(type.fields[i])) continue;
    only = i;
    ++fitting;
  }
  if (fitting == 1) return only;
  reporter_.error(value.line, fmt::format("Fact type \"{}\" must have exactly one field that names a member of \"{}\", not {}.",
                                          type.name, what, fitting));
  return none;
}

void MeasureReader::find_cell_fields(const Value& value, Term& term) {
  const FactType& type = plan_.fact_types[term.fact];
  const Domain& domain = measure_.domain;
  if (domain.entity_register != none) {
    term.entity_field = only_field(value, type, plan_.registers[domain.entity_register].name, [&](const Field& field) {
      return field.kind == FieldKind::Entity && field.entity_register == domain.entity_register;
    });
  }
  if (domain.vocabulary != none) {
    term.choice_field = only_field(value, type, plan_.vocabularies[domain.vocabulary].name, [&](const Field& field) {
      return field.kind == FieldKind::Choice && field.vocabulary == domain.vocabulary;
    });
  }
}

}  // namespace

Index read_measure(const Value& body, bool labelled, Measure measure, Draft& draft, Reporter& reporter) {
  return MeasureReader(draft, std::move(measure), reporter).read(body, labelled);
}

Index add_measure(Measure measure, std::size_t line, Draft& draft) {
  draft.plan.measures.push_back(std::move(measure));
  draft.measure_lines.push_back(line);
  return static_cast<Index>(draft.plan.measures.size() - 1);
}

bool is_share(const Measure& measure) {
  return measure.kind == Measure::Kind::Share || measure.kind == Measure::Kind::Growth;
}

void read_measures(const Value& file, Reporter& reporter, Draft& draft, Index indicator) {
  const Value* measures = file.find("measures");
  for (const Value& body : read_map(measures, reporter)) {
    static_cast<void>(check_name(body.key, body.line, reporter));
    Measure measure;
    measure.name = body.key;
    measure.indicator = indicator;
    draft.plan.indicators[indicator].measures.push_back(
        read_measure(body, true, std::move(measure), draft, reporter));
  }
}

}  // namespace tamroi::catalogue
