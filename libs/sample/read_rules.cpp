#include <algorithm>

#include <fmt/format.h>

#include "sample/drafting.h"

namespace tamroi::sample {

using catalogue::Level;
using catalogue::Members;

void Drafting::read_rules(const Value* value) {
  for (const auto& item : catalogue::read_list(value, reporter_)) read_rule(item);
  check_rules();
}

void Drafting::read_rule(const Value& value) {
  const Members members(value, reporter_,
                        {"name", "by", "type", "of", "words", "registers", "each", "on", "within", "after", "since",
                         "days", "share", "times", "otherwise", "late", "late_days", "corrected", "withdrawn",
                         "values"});
  if (!members.is_map()) return;
  Rule rule;
  if (const auto* name = members.get("name")) rule.name = catalogue::read_name(name, reporter_).value_or("");
  rule.type = catalogue::read_text(members.need("type"), reporter_).value_or("");
  if (const auto* by = members.get("by")) {
    if (by->text == "province") rule.by = Level::Province;
    if (by->text != "province" && by->text != "district") reporter_.unknown(by->line, "level", by->text, {"district", "province"});
  }
  read_members(value, members, rule);
  read_when(members, rule);
  rule.share = read_quantity(members.get("share"), true, rule.share);
  rule.times = read_quantity(members.get("times"), false, rule.times);
  rule.otherwise = read_quantity(members.get("otherwise"), false, rule.otherwise);
  rule.late = read_quantity(members.get("late"), true, {});
  rule.late_days = read_quantity(members.get("late_days"), false, {});
  rule.corrected = read_amendment(members.get("corrected"));
  rule.withdrawn = read_amendment(members.get("withdrawn"));
  if (const auto* values = members.need("values")) rule.values = read_template(*values, rule.kinds);
  if (rule.values.kind != Template::Kind::Object) reporter_.error(value.line, "Values are a map.");
  rule_lines_.push_back(value.line);
  description_.rules.push_back(std::move(rule));
}

void Drafting::read_members(const Value& value, const Members& members, Rule& rule) {
  const auto* of = members.get("of");
  const auto* words = members.get("words");
  if (of != nullptr && words != nullptr) reporter_.error(value.line, "It is of members or of words, not of both.");
  if (of != nullptr && of->text == "districts") {
    rule.each_district = true;
    if (rule.by != Level::Province) reporter_.error(of->line, "Only a province has districts.");
  } else if (of != nullptr) {
    for (const auto& item : catalogue::read_list(of, reporter_)) {
      const auto kind = catalogue::read_reference(&item, "kind", description_.kinds, reporter_);
      if (kind != none) rule.kinds.push_back(kind);
    }
    if (rule.by != Level::District) reporter_.error(of->line, "Members of kinds belong to districts.");
  }
  if (words != nullptr) {
    for (const auto& item : catalogue::read_list(words, reporter_)) {
      rule.words.push_back(catalogue::read_text(&item, reporter_).value_or(""));
    }
  }
  if (const auto* registers = members.get("registers")) {
    rule.registers = catalogue::read_boolean(registers, reporter_).value_or(false);
    if (rule.registers && rule.kinds.empty()) reporter_.error(registers->line, "It registers no kind.");
  }
}

void Drafting::read_when(const Members& members, Rule& rule) {
  rule.from = description_.first_day;
  rule.to = description_.last_day;
  if (const auto* on = members.get("on")) {
    rule.from = rule.to = catalogue::read_date(on, reporter_).value_or(base::Date{});
  }
  if (const auto* within = members.get("within")) {
    const auto& dates = catalogue::read_list(within, reporter_);
    const auto from = dates.size() == 2 ? catalogue::read_date(&dates[0], reporter_) : std::nullopt;
    const auto to = dates.size() == 2 ? catalogue::read_date(&dates[1], reporter_) : std::nullopt;
    if (!from || !to || *to < *from) {
      reporter_.error(within->line, "Here must be the first and the last date.");
    } else {
      rule.from = *from;
      rule.to = *to;
    }
  }
  if (const auto* each = members.get("each")) {
    if (each->text == "month") rule.per = Rule::Per::Month;
    if (each->text == "week") rule.per = Rule::Per::Week;
    if (rule.per == Rule::Per::Once) reporter_.unknown(each->line, "period", each->text, {"month", "week"});
  }
  if (const auto* after = members.get("after")) rule.after = read_rule_name(after);
  if (const auto* since = members.get("since")) rule.since = read_rule_name(since);
  const bool days = rule.per != Rule::Per::Once || rule.after != none;
  if (days) {
    rule.days = read_quantity(members.need("days"), false, {});
  } else if (const auto* unused = members.get("days")) {
    reporter_.error(unused->line, "Days go with each or after.");
  }
  if (rule.after != none && rule.per != Rule::Per::Once) reporter_.error(members.line(), "It is after or each, not both.");
}

Amendment Drafting::read_amendment(const Value* value) {
  Amendment amendment;
  if (value == nullptr) return amendment;
  const Members members(*value, reporter_, {"share", "days", "changes"});
  amendment.share = read_quantity(members.need("share"), true, {});
  amendment.days = read_quantity(members.need("days"), false, {});
  if (const auto* changes = members.get("changes")) {
    for (const auto& item : catalogue::read_list(changes, reporter_)) {
      amendment.changes.push_back(catalogue::read_text(&item, reporter_).value_or(""));
    }
  }
  return amendment;
}

// Only rules above can be named, so that none depends on itself.
Index Drafting::read_rule_name(const Value* value) {
  return catalogue::read_reference(value, "rule above", description_.rules, reporter_);
}

void Drafting::check_rules() {
  std::vector<std::size_t> registered(description_.kinds.size());
  for (const auto& rule : description_.rules) {
    for (const auto kind : rule.kinds) registered[kind] += rule.registers ? 1 : 0;
  }
  for (std::size_t i = 0; i < description_.rules.size(); ++i) {
    const auto& rule = description_.rules[i];
    const auto may_change = [](const Amendment& amendment) {
      return amendment.share.setting != none || amendment.share.value.high > 0;
    };
    if (rule.registers && (may_change(rule.corrected) || may_change(rule.withdrawn))) {
      reporter_.error(rule_lines_[i], "What registers is not changed: facts rely on it.");
    }
    for (const auto kind : rule.kinds) {
      if (registered[kind] != 1) {
        reporter_.error(rule_lines_[i], fmt::format("\"{}\" is registered by {} rules instead of one.",
                                                    description_.kinds[kind].name, registered[kind]));
      }
    }
    if (rule.after == none) continue;
    const auto& before = description_.rules[rule.after];
    const bool all = before.by == rule.by && before.words == rule.words && before.per == Rule::Per::Once &&
                     before.kinds == rule.kinds;
    if (!all) reporter_.error(rule_lines_[i], "It can come after facts of the same members only.");
  }
}

}  // namespace tamroi::sample
