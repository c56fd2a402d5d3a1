#include <algorithm>

#include <fmt/format.h>

#include "catalogue/draft.h"

namespace tamroi::catalogue {
namespace {

std::optional<std::int64_t> read_word(const Value* value, std::string_view what, const std::vector<std::string>& words,
                                      Reporter& reporter) {
  const auto word = read_text(value, reporter);
  if (!word) return std::nullopt;
  const auto at = std::ranges::find(words, *word);
  if (at != words.end()) return at - words.begin();
  reporter.unknown(value->line, what, *word, {words.begin(), words.end()});
  return std::nullopt;
}

std::optional<std::uint64_t> read_mask(const Value* value, const Field& field, const Plan& plan, Reporter& reporter) {
  std::uint64_t mask = 0;
  for (const Value& item : read_list(value, reporter)) {
    const auto number = read_number(&item, field, plan, reporter);
    if (!number) return std::nullopt;
    mask |= std::uint64_t{1} << static_cast<unsigned>(*number);
  }
  return mask;
}

// {present: true} or {has_all: [...]}
std::optional<Condition> read_test(const Value& value, const Field& field, const Plan& plan, Reporter& reporter) {
  Condition condition;
  const Members members(value, reporter, {"present", "has_all"});
  if (value.items.size() != 1) {
    reporter.error(value.line, "A test says either present or has_all.");
    return std::nullopt;
  }
  if (const Value* present = members.get("present")) {
    condition.op = Condition::Op::Present;
    if (read_boolean(present, reporter) == false)
      reporter.error(present->line, "Only \"present: true\" can be tested.");
    return condition;
  }
  if (!field.set) {
    reporter.error(value.line, fmt::format("Field \"{}\" is no set.", field.name));
    return std::nullopt;
  }
  const auto mask = read_mask(members.get("has_all"), field, plan, reporter);
  condition.op = Condition::Op::HasAll;
  condition.mask = mask.value_or(0);
  return condition;
}

}  // namespace

std::optional<std::int64_t> read_number(const Value* value, const Field& field, const Plan& plan, Reporter& reporter) {
  if (value == nullptr) return std::nullopt;
  switch (field.kind) {
    case FieldKind::Choice:
      if (field.vocabulary == none) return std::nullopt;
      return read_word(value, "choice", plan.vocabularies[field.vocabulary].words, reporter);
    case FieldKind::Boolean: {
      const auto truth = read_boolean(value, reporter);
      return truth ? std::optional<std::int64_t>(*truth ? 1 : 0) : std::nullopt;
    }
    case FieldKind::Integer: return read_integer(value, reporter, field.minimum, field.maximum);
    case FieldKind::Indicator: {
      const auto number = read_integer(value, reporter, 1, 999'999);
      if (!number || std::ranges::find(field.allowed, *number) != field.allowed.end()) return number;
      reporter.error(value->line, fmt::format("Field \"{}\" never names indicator {}.", field.name, *number));
      return std::nullopt;
    }
    case FieldKind::Requirement: return read_word(value, "requirement", plan.requirement_words, reporter);
    default:
      reporter.error(value->line, fmt::format("Field \"{}\" cannot be compared.", field.name));
      return std::nullopt;
  }
}

Where read_where(const Value* value, Index fact, const Plan& plan, Reporter& reporter) {
  Where where;
  if (value == nullptr || fact == none) return where;
  const auto& fields = plan.fact_types[fact].fields;
  for (const Value& test : read_map(value, reporter)) {
    const auto at = std::ranges::find(fields, test.key, &Field::name);
    if (at == fields.end()) {
      std::vector<std::string_view> known;
      for (const Field& field : fields) known.push_back(field.name);
      reporter.unknown(test.line, "field", test.key, known);
      continue;
    }
    std::optional<Condition> condition;
    if (test.kind == Value::Kind::Map) {
      condition = read_test(test, *at, plan, reporter);
    } else if (at->set) {
      reporter.error(test.line, fmt::format("Field \"{}\" is a set: it can only be tested with has_all.", at->name));
    } else if (const auto number = read_number(&test, *at, plan, reporter)) {
      condition = Condition{.number = *number};
    }
    if (!condition) continue;
    condition->field = static_cast<Index>(at - fields.begin());
    where.push_back(*condition);
  }
  return where;
}

void read_within(const Value* value, Where& where, Reporter& reporter) {
  if (value == nullptr) return;
  const Members members(*value, reporter, {"from", "to"});
  const auto from = read_date(members.need("from"), reporter);
  const auto to = read_date(members.need("to"), reporter);
  if (!from || !to) return;
  if (*to < *from) reporter.error(value->line, "The dates end before they begin.");
  where.push_back({.op = Condition::Op::OccurredWithin, .from = *from, .to = *to});
}

}  // namespace tamroi::catalogue
