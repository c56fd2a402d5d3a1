#include <algorithm>

#include <fmt/format.h>

#include "catalogue/draft.h"

namespace tamroi::catalogue {
namespace {

constexpr std::uint32_t levels = 5;

// Money is compared in satang.
std::int64_t unit_of(const Measure& measure, const Plan& plan) {
  if (measure.terms.empty()) return 1;
  const Term& term = plan.terms[measure.terms[0]];
  if (term.fact == none || term.field == none) return 1;
  const bool value = measure.kind == Measure::Kind::Sum || measure.kind == Measure::Kind::Latest;
  return value && plan.fact_types[term.fact].fields[term.field].kind == FieldKind::Money ? 100 : 1;
}

// The measure that the count is looked up by: of the unit, or {parent: ...} of its province.
void read_by(const Value* value, Index indicator, const Plan& plan, Needed& needed, Reporter& reporter) {
  if (value == nullptr) return;
  if (value->kind == Value::Kind::Map) {
    const Members members(*value, reporter, {"parent"});
    needed.by_parent = true;
    value = members.need("parent");
  }
  needed.by = read_measure_name(value, plan, indicator, reporter);
  if (needed.by != none && is_share(plan.measures[needed.by])) {
    reporter.error(value->line, "A band is looked up by a count, not by a share.");
  } else if (needed.by != none && unit_of(plan.measures[needed.by], plan) != 1) {
    reporter.error(value->line, "A band is looked up by a count, not by an amount of money.");
  }
}

void read_target(const Members& members, Index measure, Index indicator, const Plan& plan, Needed& needed,
                 Reporter& reporter) {
  needed.kind = Needed::Kind::TargetOrBand;
  if (read_boolean(members.get("target"), reporter) == false) {
    reporter.error(members.line(), "Only \"target: true\" is possible.");
  }
  if (measure != none && is_share(plan.measures[measure])) {
    reporter.error(members.line(), "A target is set for a count, not for a share.");
  } else if (measure != none && unit_of(plan.measures[measure], plan) != 1) {
    reporter.error(members.line(), "A target is set for a count, not for an amount of money.");
  }
  const Value* otherwise = members.need("otherwise");
  if (otherwise == nullptr) return;
  const Members parts(*otherwise, reporter, {"over", "band", "by"});
  needed.over = read_measure_name(parts.need("over"), plan, indicator, reporter);
  needed.band = read_reference(parts.need("band"), "band table", plan.tables, reporter);
  read_by(parts.need("by"), indicator, plan, needed, reporter);
  if (needed.over != none && is_share(plan.measures[needed.over])) {
    reporter.error(otherwise->line, "A ratio is over a count, not over a share.");
  }
  if (needed.band == none) return;
  needed.share = plan.tables[needed.band].share;
  if (!needed.share) reporter.error(otherwise->line, "The ratio needs a table of shares.");
}

class LadderReader {
 public:
  LadderReader(Draft& draft, Index indicator, Reporter& reporter)
      : draft_(draft), plan_(draft.plan), indicator_(indicator), reporter_(reporter) {}

  void read_level(const Value& value, Ladder& ladder);
  void read_points(const Value& value);
  void read_revision(const Value& item, const std::vector<std::vector<Requirement>>& evidence);

 private:
  Criterion read_criterion(const Value& value);
  void read_judged(const Members& members, Criterion& criterion);

  Draft& draft_;
  Plan& plan_;
  Index indicator_;
  Reporter& reporter_;
  std::vector<PointsPart> points_;
  Index points_given_ = none;
};

void LadderReader::read_judged(const Members& members, Criterion& criterion) {
  criterion.kind = Criterion::Kind::Judged;
  if (read_boolean(members.get("judged"), reporter_) == false) {
    reporter_.error(members.line(), "Only \"judged: true\" is possible.");
  }
  if (plan_.judgement.fact == none) {
    reporter_.error(members.line(), "No fact type is bound to judgement in round.yaml.");
  }
  for (const char* key : {"measure", "at_least", "or"}) {
    if (const Value* value = members.get(key)) {
      reporter_.error(value->line, fmt::format("\"{}\" does not belong to a judged criterion.", key));
    }
  }
}

Criterion LadderReader::read_criterion(const Value& value) {
  Criterion criterion;
  const Members members(value, reporter_, {"measure", "at_least", "or", "given", "judged", "source"});
  criterion.source = read_text(members.get("source"), reporter_).value_or("");
  if (const Value* given = members.get("given")) {
    criterion.given = read_measure_name(given, plan_, indicator_, reporter_);
    if (criterion.given != none && is_share(plan_.measures[criterion.given])) {
      reporter_.error(given->line, "What is given must be a count.");
    }
  }
  if (members.get("judged") != nullptr) {
    read_judged(members, criterion);
    return criterion;
  }
  criterion.measure = read_measure_name(members.need("measure"), plan_, indicator_, reporter_);
  criterion.needed = read_needed(members.need("at_least"), criterion.measure, indicator_, plan_, reporter_);
  if (const Value* either = members.get("or")) {
    criterion.or_undefined = true;
    if (read_text(either, reporter_) != "undefined")
      reporter_.error(either->line, "Only \"or: undefined\" is possible.");
  }
  return criterion;
}

void LadderReader::read_level(const Value& value, Ladder& ladder) {
  const auto number = read_key_number(value, reporter_);
  if (!number) return;
  if (*number > levels) return reporter_.error(value.line, fmt::format("There is no level {}.", *number));
  draft_.level_lines[{plan_.indicators[indicator_].number, ladder.revision, *number}] = value.line;
  LadderLevel& level = ladder.levels[*number - 1];
  const Members members(value, reporter_, {"label", "source", "criteria"});
  level.level = *number;
  level.label = read_label(members.need("label"), reporter_);
  const std::string source = read_text(members.need("source"), reporter_).value_or("");
  for (const Value& item : read_list(members.need("criteria"), reporter_)) {
    Criterion criterion = read_criterion(item);
    if (criterion.source.empty()) criterion.source = source;
    if (criterion.needed.by_parent) plan_.indicators[indicator_].reads_parent = true;
    level.criteria.push_back(std::move(criterion));
  }
}

void LadderReader::read_points(const Value& value) {
  const Members members(value, reporter_, {"given", "parts"});
  if (const Value* given = members.get("given")) {
    points_given_ = read_measure_name(given, plan_, indicator_, reporter_);
  }
  for (const Value& item : read_list(members.need("parts"), reporter_)) {
    const Members parts(item, reporter_, {"name", "label", "of", "shares", "measure", "needed"});
    PointsPart part;
    part.name = read_name(parts.need("name"), reporter_).value_or("");
    part.label = read_label(parts.need("label"), reporter_);
    const std::int64_t of = read_hundredths(parts.need("of"), reporter_).value_or(0);
    part.of = of % 100 == 0 ? base::Ratio{of / 100, 1} : base::Ratio{of, 100};
    if (const Value* shares = parts.get("shares")) {
      for (const Value& name : read_list(shares, reporter_)) {
        part.shares.push_back(read_measure_name(&name, plan_, indicator_, reporter_));
        if (part.shares.back() != none && !is_share(plan_.measures[part.shares.back()])) {
          reporter_.error(name.line, fmt::format("Measure \"{}\" is no share.", name.text));
        }
      }
      for (const char* key : {"measure", "needed"}) {
        if (parts.get(key) != nullptr) reporter_.error(item.line, fmt::format("Either shares or {}, not both.", key));
      }
    } else {
      part.measure = read_measure_name(parts.need("measure"), plan_, indicator_, reporter_);
      part.needed = read_needed(parts.need("needed"), part.measure, indicator_, plan_, reporter_);
      if (part.needed.by_parent) plan_.indicators[indicator_].reads_parent = true;
    }
    points_.push_back(std::move(part));
  }
}

void LadderReader::read_revision(const Value& item, const std::vector<std::vector<Requirement>>& evidence) {
  const auto number = read_key_number(item, reporter_);
  if (!number) return;
  if (plan_.revision(*number) == nullptr) {
    reporter_.error(item.line, fmt::format("round.yaml has no revision {}.", *number));
  }
  Ladder ladder{.revision = *number,
                .levels = std::vector<LadderLevel>(levels),
                .points = points_,
                .points_given = points_given_};
  for (const Value& value : read_map(&item, reporter_)) read_level(value, ladder);
  for (std::uint32_t i = 0; i < levels; ++i) {
    if (ladder.levels[i].level == 0) reporter_.error(item.line, fmt::format("Level {} is missing.", i + 1));
    ladder.levels[i].evidence = evidence[i];
  }
  plan_.indicators[indicator_].ladders.push_back(std::move(ladder));
}

}  // namespace

Index read_measure_name(const Value* value, const Plan& plan, Index indicator, Reporter& reporter) {
  const auto name = read_text(value, reporter);
  if (!name) return none;
  std::vector<std::string_view> known;
  for (const Index measure : plan.indicators[indicator].measures) {
    if (plan.measures[measure].name == *name) return measure;
    known.push_back(plan.measures[measure].name);
  }
  reporter.unknown(value->line, "measure", *name, known);
  return none;
}

Needed read_needed(const Value* value, Index measure, Index indicator, const Plan& plan, Reporter& reporter) {
  Needed needed;
  if (value == nullptr) return needed;
  if (value->kind == Value::Kind::Map) {
    const Members members(*value, reporter, {"band", "by", "target", "otherwise"});
    if (members.get("target") != nullptr || members.get("otherwise") != nullptr) {
      for (const char* key : {"band", "by"}) {
        if (members.get(key) != nullptr)
          reporter.error(value->line, fmt::format("\"{}\" belongs under otherwise.", key));
      }
      if (members.need("target") != nullptr) read_target(members, measure, indicator, plan, needed, reporter);
      return needed;
    }
    needed.kind = Needed::Kind::Band;
    needed.band = read_reference(members.need("band"), "band table", plan.tables, reporter);
    read_by(members.need("by"), indicator, plan, needed, reporter);
    if (needed.band != none) needed.share = plan.tables[needed.band].share;
    if (needed.band == none) return needed;
  } else {
    const auto threshold = read_threshold(value, reporter);
    if (!threshold) return needed;
    needed.value = threshold->value;
    needed.share = threshold->share;
  }
  if (measure == none) return needed;
  if (needed.share != is_share(plan.measures[measure])) {
    reporter.error(value->line, fmt::format("Measure \"{}\" is {}.", plan.measures[measure].name,
                                            needed.share ? "a number: it cannot be compared with a percentage"
                                                         : "a share: it can only be compared with a percentage"));
  }
  const auto unit = unit_of(plan.measures[measure], plan);
  if (unit != 1 && needed.kind == Needed::Kind::Band) reporter.error(value->line, "A band needs a number or a share, no amount of money.");
  needed.value.numerator *= unit;
  return needed;
}

void read_ladders(const Value& file, Reporter& reporter, Draft& draft, Index indicator) {
  LadderReader reader(draft, indicator, reporter);
  const auto evidence = read_evidence(file, reporter, draft, indicator);
  if (const Value* points = file.find("points")) reader.read_points(*points);
  const Value* revisions = file.find("revisions");
  for (const Value& item : read_map(revisions, reporter)) reader.read_revision(item, evidence);
  std::ranges::sort(draft.plan.indicators[indicator].ladders, {}, &Ladder::revision);
}

}  // namespace tamroi::catalogue
