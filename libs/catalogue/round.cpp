#include <algorithm>

#include <fmt/format.h>

#include "catalogue/draft.h"

namespace tamroi::catalogue {
namespace {

base::Date first_of_next_month(base::Date date) {
  const base::Civil parts = base::civil(date);
  return base::from_civil(parts.month == 12 ? base::Civil{parts.year + 1, 1, 1}
                                            : base::Civil{parts.year, parts.month + 1, 1});
}

void add_months(Plan& plan) {
  for (base::Date first = plan.first_day; first < plan.last_day; first = first_of_next_month(first)) {
    const base::Date last{first_of_next_month(first).days - 1};
    plan.months.push_back(
        {base::to_string(first).substr(0, 7), first, last, static_cast<std::uint32_t>(plan.months.size())});
  }
}

// ISO 8601: the week of a year is the one that holds its Thursday; 1970-01-01 was one.
void add_weeks(Plan& plan) {
  constexpr std::int32_t monday = 4;  // 1970-01-05
  const std::int32_t past = ((plan.first_day.days - monday) % 7 + 7) % 7;
  base::Date first{plan.first_day.days + (past == 0 ? 0 : 7 - past)};
  for (; first.days + 6 <= plan.last_day.days; first.days += 7) {
    const base::Date last{first.days + 6};
    const base::Date thursday{first.days + 3};
    const std::int32_t year = base::civil(thursday).year;
    const std::int32_t week = (thursday.days - base::from_civil({year, 1, 1}).days) / 7 + 1;
    plan.weeks.push_back(
        {fmt::format("{:04}-W{:02}", year, week), first, last, plan.period_at(PeriodKind::Month, last)});
  }
}

void read_dates(const Members& members, Plan& plan, Reporter& reporter) {
  const auto first = read_date(members.need("first_day"), reporter);
  const auto last = read_date(members.need("last_day"), reporter);
  if (!first || !last) return;
  plan.first_day = *first;
  plan.last_day = *last;
  const bool whole = base::civil(*first).day == 1 && base::civil(base::Date{last->days + 1}).day == 1;
  if (*last <= *first || last->days - first->days > 366 || !whole) {
    reporter.error(members.line(), "A round is made of whole months, at most a year.");
    return;
  }
  add_months(plan);
  add_weeks(plan);
}

void read_revisions(const Value* value, Plan& plan, Reporter& reporter) {
  for (const Value& item : read_map(value, reporter)) {
    const auto number = read_key_number(item, reporter);
    const Members members(item, reporter, {"letter"});
    const Value* letter = members.need("letter");
    if (!number || letter == nullptr) continue;
    const Members parts(*letter, reporter, {"number", "issued_on", "title"});
    plan.revisions.push_back({*number,
                              {read_text(parts.need("number"), reporter).value_or(""),
                               read_date(parts.need("issued_on"), reporter).value_or(base::Date{}),
                               read_text(parts.need("title"), reporter).value_or("")}});
  }
  std::ranges::sort(plan.revisions, {}, &Revision::number);
}

// Resolves the field that a binding names, and checks its kind.
Index read_bound(const Value* value, Index fact, FieldKind kind, const Plan& plan, Reporter& reporter) {
  if (fact == none) return none;
  const auto& fields = plan.fact_types[fact].fields;
  const Index field = read_reference(value, "field", fields, reporter);
  if (field != none && (fields[field].kind != kind || fields[field].set || fields[field].optional)) {
    reporter.error(value->line, fmt::format("Field \"{}\" is of another kind than is needed here, or optional.",
                                            fields[field].name));
  }
  return field;
}

void read_bindings(const Members& members, Plan& plan, Reporter& reporter) {
  if (const Value* value = members.get("judgement")) {
    const Members parts(*value, reporter, {"fact", "unit", "indicator", "level", "met"});
    const Index fact = read_reference(parts.need("fact"), "fact type", plan.fact_types, reporter);
    plan.judgement = {fact, read_bound(parts.need("unit"), fact, FieldKind::Unit, plan, reporter),
                      read_bound(parts.need("indicator"), fact, FieldKind::Indicator, plan, reporter),
                      read_bound(parts.need("level"), fact, FieldKind::Integer, plan, reporter),
                      read_bound(parts.need("met"), fact, FieldKind::Boolean, plan, reporter)};
  }
  if (const Value* value = members.get("evidence")) {
    const Members parts(*value, reporter, {"fact", "indicator", "requirement"});
    const Index fact = read_reference(parts.need("fact"), "fact type", plan.fact_types, reporter);
    plan.evidence = {fact, read_bound(parts.need("indicator"), fact, FieldKind::Indicator, plan, reporter),
                     read_bound(parts.need("requirement"), fact, FieldKind::Requirement, plan, reporter)};
  }
}

void read_reports(const Value* value, Plan& plan, Reporter& reporter) {
  if (value == nullptr) return;
  for (const Value& item : read_list(value, reporter)) {
    const Members members(item, reporter, {"name", "label", "day", "first_month", "owed_by"});
    ReportDue due;
    due.name = read_name(members.need("name"), reporter).value_or("");
    due.label = read_label(members.need("label"), reporter);
    due.day = static_cast<std::uint32_t>(read_integer(members.need("day"), reporter, 1, 28).value_or(1));
    const Value* first = members.need("first_month");
    if (const auto month = read_text(first, reporter)) {
      const auto at = std::ranges::find(plan.months, *month, &Period::name);
      if (at != plan.months.end())
        due.first_month = at->first;
      else
        reporter.error(first->line, fmt::format("\"{}\" is no month of the round.", *month));
    }
    const Value* owed_by = members.need("owed_by");
    const auto level = read_text(owed_by, reporter);
    if (level == "province")
      due.owed_by = Level::Province;
    else if (level && *level != "district")
      reporter.unknown(owed_by->line, "level of unit", *level, {"district", "province"});
    if (std::ranges::find(plan.reports, due.name, &ReportDue::name) != plan.reports.end()) {
      reporter.error(item.line, fmt::format("Report \"{}\" is there twice.", due.name));
    }
    plan.reports.push_back(std::move(due));
  }
}

}  // namespace

void read_round(const Value& file, Reporter& reporter, Plan& plan) {
  const Members members(
      file, reporter,
      {"round", "label", "first_day", "last_day", "revisions", "judgement", "evidence", "reports", "definitions"});
  const Value* round = members.need("round");
  plan.round = read_text(round, reporter).value_or("");
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  };
  if (round != nullptr && (plan.round.empty() || plan.round.size() > 32 || !std::ranges::all_of(plan.round, allowed))) {
    reporter.error(round->line, "A round is named by 1 to 32 letters, digits and hyphens.");
  }
  plan.label = read_label(members.need("label"), reporter);
  read_dates(members, plan, reporter);
  read_revisions(members.need("revisions"), plan, reporter);
  read_bindings(members, plan, reporter);
  read_reports(members.get("reports"), plan, reporter);
  if (members.get("definitions") != nullptr) {
    for (const Value& item : read_list(members.get("definitions"), reporter)) {
      plan.definitions.push_back(read_label(&item, reporter));
    }
  }
}

void read_disputes(const Value& file, Reporter& reporter, Plan& plan) {
  const Members members(file, reporter, {"disputes"});
  for (const Value& item : read_map(members.need("disputes"), reporter)) {
    const Members parts(item, reporter, {"reading", "other_reading", "in_force", "why"});
    static_cast<void>(check_name(item.key, item.line, reporter));
    const auto text = [&](std::string_view key) { return read_text(parts.need(key), reporter).value_or(""); };
    plan.disputes.push_back({item.key, text("reading"), text("other_reading"), text("in_force"), text("why")});
  }
}

}  // namespace tamroi::catalogue
