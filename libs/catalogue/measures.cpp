#include <algorithm>

#include "catalogue/measure_reader.h"

namespace tamroi::catalogue {

Index MeasureReader::read(const Value& body, bool labelled) {
  const auto members =
      labelled ? Members(body, reporter_, {"label", "count", "distinct", "sum", "latest", "share", "growth"})
               : Members(body, reporter_, {"count", "share"});
  if (labelled) measure_.label = read_label(members.need("label"), reporter_);
  const Value* how = nullptr;
  for (const Value& member : body.items) {
    if (member.key == "label") continue;
    if (how != nullptr) reporter_.error(member.line, "A measure is computed in one way only.");
    how = &member;
  }
  if (how != nullptr)
    read_how(*how);
  else if (members.is_map())
    reporter_.error(body.line, "The measure does not say how it is computed.");
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
    draft.plan.indicators[indicator].measures.push_back(read_measure(body, true, std::move(measure), draft, reporter));
  }
}

}  // namespace tamroi::catalogue
