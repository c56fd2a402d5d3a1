#include <algorithm>

#include <fmt/format.h>

#include "catalogue/draft.h"

namespace tamroi::catalogue {
namespace {

constexpr std::int64_t integer_max = 9'007'199'254'740'991;
constexpr std::int64_t money_max = 100'000'000'000'000;  // 10^12 baht in satang
constexpr std::size_t words_max = 64;                    // a set is a mask

struct KindWord {
  std::string_view word;
  FieldKind kind;
  bool set = false;
};
constexpr KindWord kinds[] = {{"entity", FieldKind::Entity},
                              {"choice", FieldKind::Choice},
                              {"choices", FieldKind::Choice, true},
                              {"integer", FieldKind::Integer},
                              {"integers", FieldKind::Integer, true},
                              {"money", FieldKind::Money},
                              {"text", FieldKind::Text},
                              {"url", FieldKind::Url},
                              {"document", FieldKind::Document},
                              {"boolean", FieldKind::Boolean},
                              {"unit", FieldKind::Unit},
                              {"indicator", FieldKind::Indicator},
                              {"requirement", FieldKind::Requirement}};

const KindWord* read_kind(const Value& value, Reporter& reporter) {
  if (value.kind != Value::Kind::Map || value.find("kind") == nullptr) {
    reporter.error(value.line, "A field must be a map that says its kind.");
    return nullptr;
  }
  const auto word = read_text(value.find("kind"), reporter);
  if (!word) return nullptr;
  const auto* const at = std::ranges::find(kinds, *word, &KindWord::word);
  if (at != std::end(kinds)) return at;
  std::vector<std::string_view> known;
  for (const KindWord& kind : kinds) known.push_back(kind.word);
  reporter.unknown(value.find("kind")->line, "kind of field", *word, known);
  return nullptr;
}

void read_optional(const Members& members, Field& field, Reporter& reporter) {
  if (const auto optional = read_boolean(members.get("optional"), reporter)) field.optional = *optional;
}

void read_limits(const Value& value, Field& field, Reporter& reporter) {
  const Members members(value, reporter, {"kind", "optional", "minimum", "maximum"});
  read_optional(members, field, reporter);
  const bool money = field.kind == FieldKind::Money;
  field.maximum = money ? money_max : field.set ? 63 : integer_max;
  for (auto [key, target] : {std::pair{"minimum", &field.minimum}, std::pair{"maximum", &field.maximum}}) {
    const Value* limit = members.get(key);
    const auto number = money ? read_hundredths(limit, reporter) : read_integer(limit, reporter, 0, field.maximum);
    if (number) *target = *number;
  }
  if (field.minimum > field.maximum) reporter.error(value.line, "The minimum is above the maximum.");
}

void read_document(const Value& value, Field& field, Reporter& reporter) {
  const Members members(value, reporter, {"kind", "optional", "pages_required", "pages_max"});
  read_optional(members, field, reporter);
  if (const auto required = read_boolean(members.get("pages_required"), reporter)) field.pages_required = *required;
  if (const auto most = read_integer(members.get("pages_max"), reporter, 1, integer_max)) {
    field.pages_max = static_cast<std::uint64_t>(*most);
  }
}

void read_indicators(const Value& value, Field& field, const Draft& draft, Reporter& reporter) {
  const Members members(value, reporter, {"kind", "optional", "of"});
  read_optional(members, field, reporter);
  const auto& all = draft.indicator_numbers;
  field.allowed.assign(all.begin(), all.end());
  if (members.get("of") == nullptr) return;
  field.allowed.clear();
  for (const Value& item : read_list(members.get("of"), reporter)) {
    const auto number = read_integer(&item, reporter, 1, 999'999);
    if (!number) continue;
    if (std::ranges::find(all, static_cast<std::uint32_t>(*number)) == all.end()) {
      reporter.error(item.line, fmt::format("There is no indicator {}.", *number));
    }
    field.allowed.push_back(*number);
  }
}

std::optional<Field> read_field(const Value& value, const Draft& draft, Reporter& reporter) {
  Field field;
  field.name = value.key;
  const bool named = check_name(value.key, value.line, reporter);
  const KindWord* kind = read_kind(value, reporter);
  if (kind == nullptr) return std::nullopt;
  field.kind = kind->kind;
  field.set = kind->set;
  switch (field.kind) {
    case FieldKind::Entity: {
      const Members members(value, reporter, {"kind", "optional", "register"});
      read_optional(members, field, reporter);
      field.entity_register = read_reference(members.need("register"), "register", draft.plan.registers, reporter);
      break;
    }
    case FieldKind::Choice: {
      const Members members(value, reporter, {"kind", "optional", "vocabulary"});
      read_optional(members, field, reporter);
      field.vocabulary = read_reference(members.need("vocabulary"), "vocabulary", draft.plan.vocabularies, reporter);
      break;
    }
    case FieldKind::Integer:
    case FieldKind::Money: read_limits(value, field, reporter); break;
    case FieldKind::Document: read_document(value, field, reporter); break;
    case FieldKind::Indicator: read_indicators(value, field, draft, reporter); break;
    case FieldKind::Requirement: {
      const Members members(value, reporter, {"kind", "optional", "indicator"});
      read_optional(members, field, reporter);
      static_cast<void>(members.need("indicator"));  // resolved when all fields are known
      break;
    }
    default: read_optional(Members(value, reporter, {"kind", "optional"}), field, reporter);
  }
  return named ? std::optional(field) : std::nullopt;
}

void read_fields(const Value* values, FactType& type, const Draft& draft, Reporter& reporter) {
  for (const Value& value : read_map(values, reporter)) {
    if (auto field = read_field(value, draft, reporter)) type.fields.push_back(std::move(*field));
  }
  for (Field& field : type.fields) {
    if (field.kind != FieldKind::Requirement) continue;
    const Value* by = values->find(field.name)->find("indicator");
    field.of_field = read_reference(by, "field", type.fields, reporter);
    if (field.of_field != none && type.fields[field.of_field].kind != FieldKind::Indicator) {
      reporter.error(by->line, fmt::format("Field \"{}\" holds no indicator.", by->text));
    }
  }
}

void check_optional(Index field, const FactType& type, std::size_t line, Reporter& reporter) {
  if (field != none && !type.fields[field].optional) {
    reporter.error(line, fmt::format("Field \"{}\" must be optional here.", type.fields[field].name));
  }
}

void read_rules(const Members& members, FactType& type, const Plan& plan, Reporter& reporter) {
  if (members.get("one_at_least") != nullptr) {
    for (const Value& names : read_list(members.get("one_at_least"), reporter)) {
      std::vector<Index> fields;
      for (const Value& name : read_list(&names, reporter)) {
        fields.push_back(read_reference(&name, "field", type.fields, reporter));
        check_optional(fields.back(), type, name.line, reporter);
      }
      type.one_at_least.push_back(std::move(fields));
    }
  }
  if (members.get("required_with") != nullptr) {
    for (const Value& rule : read_list(members.get("required_with"), reporter)) {
      const Members parts(rule, reporter, {"field", "by", "is"});
      const Index field = read_reference(parts.need("field"), "field", type.fields, reporter);
      const Index by = read_reference(parts.need("by"), "field", type.fields, reporter);
      check_optional(field, type, rule.line, reporter);
      const Value* is = parts.need("is");
      if (by == none) continue;
      if (const auto number = read_number(is, type.fields[by], plan, reporter)) {
        type.required_with.push_back({field, by, *number});
      }
    }
  }
  if (members.get("not_above") != nullptr) {
    for (const Value& rule : read_list(members.get("not_above"), reporter)) {
      const Members parts(rule, reporter, {"field", "limit"});
      const NotAbove limit{read_reference(parts.need("field"), "field", type.fields, reporter),
                           read_reference(parts.need("limit"), "field", type.fields, reporter)};
      for (const Index field : {limit.field, limit.limit}) {
        if (field == none) continue;
        const Field& number = type.fields[field];
        if ((number.kind != FieldKind::Integer && number.kind != FieldKind::Money) || number.set) {
          reporter.error(rule.line, fmt::format("Field \"{}\" is no number.", number.name));
        }
      }
      type.not_above.push_back(limit);
    }
  }
}

void read_dates(const Value* value, FactType& type, const Plan& plan, Reporter& reporter) {
  if (value == nullptr) return;
  for (const Value& item : read_list(value, reporter)) {
    const Members parts(item, reporter, {"by", "is", "from", "to"});
    DateRule rule;
    if (parts.get("by") != nullptr || parts.get("is") != nullptr) {
      rule.by = read_reference(parts.need("by"), "field", type.fields, reporter);
      const Value* is = parts.need("is");
      if (rule.by != none) rule.number = read_number(is, type.fields[rule.by], plan, reporter).value_or(0);
    }
    const auto from = read_date(parts.need("from"), reporter);
    const auto to = read_date(parts.need("to"), reporter);
    if (!from || !to) continue;
    if (*to < *from) reporter.error(item.line, "The dates end before they begin.");
    rule.from = *from;
    rule.to = *to;
    type.dates.push_back(rule);
  }
}

void read_registers(const Value* value, FactType& type, Reporter& reporter) {
  if (value == nullptr) return;
  type.registers = read_reference(value, "field", type.fields, reporter);
  if (type.registers == none) return;
  const Field& field = type.fields[type.registers];
  if (field.kind != FieldKind::Entity || field.optional) {
    reporter.error(value->line, fmt::format("Field \"{}\" always names an entity to be registered.", field.name));
  }
  if (type.by_province) reporter.error(value->line, "Entities belong to districts: only districts register them.");
}

void read_fact_type(const Value& value, Draft& draft, Reporter& reporter) {
  FactType type;
  type.name = value.key;
  static_cast<void>(check_name(value.key, value.line, reporter));
  const Members members(value, reporter,
                        {"label", "by", "registers", "values", "one_at_least", "required_with", "not_above", "dates"});
  type.label = read_label(members.need("label"), reporter);
  for (const Value& item : read_list(members.need("by"), reporter)) {
    const auto level = read_text(&item, reporter);
    if (level == "district")
      type.by_district = true;
    else if (level == "province")
      type.by_province = true;
    else if (level)
      reporter.unknown(item.line, "level of unit", *level, {"district", "province"});
  }
  read_fields(members.need("values"), type, draft, reporter);
  read_registers(members.get("registers"), type, reporter);
  read_rules(members, type, draft.plan, reporter);
  read_dates(members.get("dates"), type, draft.plan, reporter);
  draft.plan.fact_types.push_back(std::move(type));
}

}  // namespace

void read_words(const Value& file, Reporter& reporter, Plan& plan) {
  const Members members(file, reporter, {"vocabularies", "registers"});
  for (const Value& list : read_map(members.need("vocabularies"), reporter)) {
    Vocabulary vocabulary{list.key, {}};
    static_cast<void>(check_name(list.key, list.line, reporter));
    for (const Value& item : read_list(&list, reporter)) {
      auto word = read_name(&item, reporter);
      if (!word) continue;
      if (std::ranges::find(vocabulary.words, *word) != vocabulary.words.end()) {
        reporter.error(item.line, fmt::format("\"{}\" is there twice.", *word));
      }
      vocabulary.words.push_back(std::move(*word));
    }
    if (vocabulary.words.size() > words_max) reporter.error(list.line, "A vocabulary has at most 64 words.");
    plan.vocabularies.push_back(std::move(vocabulary));
  }
  if (members.get("registers") == nullptr) return;
  for (const Value& item : read_map(members.get("registers"), reporter)) {
    static_cast<void>(check_name(item.key, item.line, reporter));
    const Members parts(item, reporter, {"label", "plural"});
    plan.registers.push_back(
        {item.key, read_label(parts.need("label"), reporter), read_label(parts.need("plural"), reporter)});
  }
}

void read_facts(const Value& file, Reporter& reporter, Draft& draft) {
  const Members members(file, reporter, {"fact_types"});
  for (const Value& value : read_map(members.need("fact_types"), reporter)) read_fact_type(value, draft, reporter);
  for (Index i = 0; i < draft.plan.registers.size(); ++i) {
    const auto registering = std::ranges::count_if(draft.plan.fact_types, [&](const FactType& type) {
      return type.registers != none && type.fields[type.registers].entity_register == i;
    });
    if (registering == 1) continue;
    reporter.error(file.line, fmt::format("Register \"{}\" must be filled by exactly one fact type, not by {}.",
                                          draft.plan.registers[i].name, registering));
  }
}

}  // namespace tamroi::catalogue
