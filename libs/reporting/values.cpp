#include "reporting/values.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"
#include "base/sha256.h"
#include "base/text.h"

namespace tamroi::reporting {
namespace {

using base::Code;
using base::JsonValue;
using catalogue::Field;
using catalogue::FieldKind;
using catalogue::Index;
using catalogue::none;
using catalogue::Plan;
using scoring::FieldValue;
using Type = JsonValue::Type;

constexpr std::int64_t integer_max = 9'007'199'254'740'991;

// Reads one field's value. `fail` reports a problem at a pointer below the field.
class FieldReader {
 public:
  FieldReader(const Plan& plan, std::string_view province) : plan_(plan), province_(province) {}

  struct Fault {
    JsonValue at;
    Code code;
    std::string below;  // the pointer below the field, "" or "/name"
    std::string why;
  };
  std::vector<Fault> faults;

  bool read(const Field& field, JsonValue value, FieldValue& out) {
    faults.clear();
    out.present = true;
    const bool good = field.set ? set(field, value, out) : single(field, value, out);
    if (!good && faults.empty()) faults.push_back({value, Code::BadValue, "", expectation(field)});
    out.present = good;
    return good;
  }

 private:
  bool single(const Field& field, JsonValue value, FieldValue& out) {
    switch (field.kind) {
      case FieldKind::Entity:
        out.text = value.is(Type::String) ? value.text() : std::string_view{};
        return is_entity_name(out.text);
      case FieldKind::Choice: return word(plan_.vocabularies[field.vocabulary].words, value, out.number);
      case FieldKind::Integer: return integer(field, value, out.number);
      case FieldKind::Money: return money(field, value, out.number);
      case FieldKind::Text:
        out.text = value.is(Type::String) ? value.text() : std::string_view{};
        return is_text(value);
      case FieldKind::Url:
        out.text = value.is(Type::String) ? value.text() : std::string_view{};
        return url(out.text);
      case FieldKind::Boolean: out.number = value.is(Type::True) ? 1 : 0; return value.is_boolean();
      case FieldKind::Unit: return unit(value, out.number);
      case FieldKind::Indicator: return integer(field, value, out.number) && std::ranges::find(field.allowed, out.number) != field.allowed.end();
      case FieldKind::Requirement: return word(plan_.requirement_words, value, out.number);
      case FieldKind::Document: return document(field, value);
    }
    return false;
  }

  static bool word(const std::vector<std::string>& words, JsonValue value, std::int64_t& out) {
    if (!value.is(Type::String)) return false;
    const auto found = std::ranges::find(words, value.text());
    out = found - words.begin();
    return found != words.end();
  }

  static bool integer(const Field& field, JsonValue value, std::int64_t& out) {
    const auto number = value.integer();
    if (!number || *number < field.minimum || *number > field.maximum || *number > integer_max) return false;
    out = *number;
    return true;
  }

  static bool money(const Field& field, JsonValue value, std::int64_t& out) {
    if (!value.is(Type::String)) return false;
    const auto satang = parse_money(value.text());
    if (!satang || *satang < field.minimum || *satang > field.maximum) return false;
    out = *satang;
    return true;
  }

  static bool url(std::string_view text) {
    const bool scheme = text.starts_with("http://") || text.starts_with("https://");
    const auto host = text.find("//") + 2;
    return scheme && text.size() > host && text[host] != '/' && base::code_points(text) <= 2000 &&
           std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; });
  }

  bool unit(JsonValue value, std::int64_t& out) {
    if (!value.is(Type::String)) return false;
    const auto index = plan_.units.index_of(value.text());
    const auto* province = plan_.units.province_of(value.text());
    if (!index || province == nullptr || province->code != province_) return false;
    out = static_cast<std::int64_t>(*index);
    return true;
  }

  bool set(const Field& field, JsonValue value, FieldValue& out) {
    if (!value.is(Type::Array) || value.size() == 0) return false;
    for (auto element = value.first(); element; element = element.next()) {
      std::int64_t number = 0;
      const bool good = field.kind == FieldKind::Choice
                            ? word(plan_.vocabularies[field.vocabulary].words, element, number)
                            : integer(field, element, number);
      if (!good || number > 63 || (out.mask >> number & 1) != 0) return false;
      out.mask |= 1ULL << number;
    }
    return true;
  }

  bool document(const Field& field, JsonValue value) {
    if (!value.is(Type::Object)) return false;
    member(value, "sha256", true, [](JsonValue v) { return v.is(Type::String) && base::is_sha256_hex(v.text()); },
           "64 hex digits in lower case are expected.");
    member(value, "name", true, is_text, "A text of 1 to 500 characters is expected.");
    member(value, "media_type", true, is_text, "A text of 1 to 500 characters is expected.");
    member(value, "size_bytes", true,
           [](JsonValue v) { return v.integer() && *v.integer() >= 0 && *v.integer() <= integer_max; },
           "An integer from 0 is expected.");
    const auto pages_max = field.pages_max;
    const bool pages = member(value, "pages", field.pages_required, [pages_max](JsonValue v) {
      return v.integer() && *v.integer() >= 1 && *v.integer() <= integer_max &&
             static_cast<std::uint64_t>(*v.integer()) <= pages_max;
    }, "An integer from 1 is expected.");
    if (!pages && field.pages_required) faults.back().why = fmt::format("An integer from 1 to {} is expected.", pages_max);
    for (auto v = value.first(); v; v = v.next()) {
      static constexpr std::string_view known[] = {"sha256", "name", "media_type", "size_bytes", "pages"};
      if (std::ranges::find(known, v.key()) == std::end(known)) {
        faults.push_back({v, Code::UnknownField, "/" + base::pointer_token(v.key()), "A document has no such member."});
      }
    }
    return faults.empty();
  }

  // Whether a member that is there is as it should be.
  template <typename Test>
  bool member(JsonValue object, std::string_view name, bool required, Test test, std::string_view why) {
    const auto value = object.member(name);
    if (!value) {
      if (required) faults.push_back({object, Code::MissingField, fmt::format("/{}", name), fmt::format("A document needs its {}.", name)});
    } else if (!test(value)) {
      faults.push_back({value, Code::BadValue, fmt::format("/{}", name), std::string(why)});
      return false;
    }
    return true;
  }

  std::string expectation(const Field& field) const {
    const auto listed = [](const std::vector<std::string>& words) { return fmt::format("One of {} is expected.", fmt::join(words, ", ")); };
    if (field.set) return "An array without doubles, not empty, of known elements is expected.";
    switch (field.kind) {
      case FieldKind::Entity: return "1 to 64 of A-Z, a-z, 0-9, dot, underscore and hyphen are expected.";
      case FieldKind::Choice: return listed(plan_.vocabularies[field.vocabulary].words);
      case FieldKind::Integer: return fmt::format("An integer from {} to {} is expected.", field.minimum, field.maximum);
      case FieldKind::Money: return field.minimum > 0 ? "Baht as a string, above 0 and at most 10^12, are expected."
                                                      : "Baht as a string, at most 10^12, are expected.";
      case FieldKind::Text: return "A text of 1 to 500 characters is expected.";
      case FieldKind::Url: return "An http or https address of at most 2000 characters is expected.";
      case FieldKind::Document: return "A document is expected.";
      case FieldKind::Boolean: return "true or false is expected.";
      case FieldKind::Unit: return "The province or one of its districts is expected.";
      case FieldKind::Indicator: return fmt::format("One of {} is expected.", fmt::join(field.allowed, ", "));
      case FieldKind::Requirement: return listed(plan_.requirement_words);
    }
    return {};
  }

  const Plan& plan_;
  std::string_view province_;
};

// The rules that look at several fields of one fact.
class TypeRules {
 public:
  TypeRules(const Plan& plan, const catalogue::FactType& type, const Entry& entry, Values& read, Problems& problems)
      : plan_(plan), type_(type), entry_(entry), read_(read), problems_(problems) {}

  void check() {
    for (const auto& rule : type_.required_with) required_with(rule);
    for (const auto& group : type_.one_at_least) one_at_least(group);
    for (const auto& rule : type_.not_above) not_above(rule);
    for (Index f = 0; f < type_.fields.size(); ++f) requirement(f);
    judgement();
  }

 private:
  [[nodiscard]] bool sent(Index f) const { return static_cast<bool>(entry_.values.member(type_.fields[f].name)); }
  void problem(Index f, Code code, std::string why) {
    const auto value = entry_.values.member(type_.fields[f].name);
    problems_.add(value ? value.order() : entry_.values.order(), code, entry_.pointer("/values/" + type_.fields[f].name), std::move(why));
    read_.clean[f] = false;
    read_.fields[f].present = false;
  }
  void required_with(const catalogue::RequiredWith& rule) {
    if (!read_.clean[rule.by]) return;
    const auto& by = type_.fields[rule.by].name;
    if (!read_.fields[rule.by].present || read_.fields[rule.by].number != rule.number) {
      if (sent(rule.field)) problem(rule.field, Code::UnknownField, fmt::format("It does not belong to this {}.", by));
    } else if (!sent(rule.field)) {
      problem(rule.field, Code::MissingField, fmt::format("It is required with this {}.", by));
    }
  }
  void one_at_least(const std::vector<Index>& group) {
    if (std::ranges::any_of(group, [&](Index f) { return sent(f); })) return;
    std::vector<std::string> names;
    for (const auto f : group) names.push_back(type_.fields[f].name);
    problems_.add(entry_.values.order(), Code::MissingField, entry_.pointer("/values"), fmt::format("One at least of {} is needed.", fmt::join(names, ", ")));
  }
  void not_above(const catalogue::NotAbove& rule) {
    if (!read_.fields[rule.field].present || !read_.fields[rule.limit].present) return;
    if (read_.fields[rule.field].number <= read_.fields[rule.limit].number) return;
    problem(rule.field, Code::BadValue, fmt::format("It must not be above {}.", type_.fields[rule.limit].name));
  }
  void requirement(Index f) {
    const auto& field = type_.fields[f];
    if (field.kind != FieldKind::Requirement || !read_.fields[f].present || !read_.fields[field.of_field].present) return;
    const std::pair wanted{static_cast<std::uint32_t>(read_.fields[field.of_field].number), static_cast<Index>(read_.fields[f].number)};
    if (std::ranges::find(plan_.nameable, wanted) != plan_.nameable.end()) return;
    problem(f, Code::BadValue, fmt::format("Indicator {} has no such requirement.", wanted.first));
  }
  void judgement() {
    const auto& binding = plan_.judgement;
    if (binding.fact == none || &plan_.fact_types[binding.fact] != &type_) return;
    const auto& indicator = read_.fields[binding.indicator];
    const auto& level = read_.fields[binding.level];
    if (!indicator.present || !level.present) return;
    if (plan_.judged(static_cast<std::uint32_t>(indicator.number), static_cast<std::uint32_t>(level.number))) return;
    problem(binding.level, Code::BadValue, fmt::format("Level {} of indicator {} is not left to judgement.", level.number, indicator.number));
  }

  const Plan& plan_;
  const catalogue::FactType& type_;
  const Entry& entry_;
  Values& read_;
  Problems& problems_;
};

// A field that some rule requires only sometimes is checked by that rule.
bool required_by_rule(const catalogue::FactType& type, Index f) {
  return std::ranges::any_of(type.required_with, [&](const auto& rule) { return rule.field == f; });
}

bool ruled_by_later(const catalogue::FactType& type, Index f) {
  return std::ranges::any_of(type.required_with, [&](const auto& rule) { return rule.field == f && rule.by > f; });
}

bool wrong_by_rule(const catalogue::FactType& type, Index f, const Values& read) {
  return std::ranges::any_of(type.required_with, [&](const auto& rule) {
    return rule.field == f && read.clean[rule.by] &&
           (!read.fields[rule.by].present || read.fields[rule.by].number != rule.number);
  });
}

}  // namespace

bool is_text(JsonValue value) {
  if (!value.is(Type::String) || value.text().empty()) return false;
  return value.text().size() <= 500 || base::code_points(value.text()) <= 500;
}

bool is_entity_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

std::optional<std::int64_t> parse_money(std::string_view text) {
  const auto point = text.find('.');
  const auto baht = text.substr(0, point);
  const auto digits = [](std::string_view t) { return !t.empty() && std::ranges::all_of(t, [](char c) { return c >= '0' && c <= '9'; }); };
  if (!digits(baht) || baht.size() > 13 || (baht.size() > 1 && baht[0] == '0')) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : baht) value = value * 10 + (c - '0');
  value *= 100;
  if (point != std::string_view::npos) {
    const auto fraction = text.substr(point + 1);
    if (!digits(fraction) || fraction.size() > 2) return std::nullopt;
    value += (fraction[0] - '0') * 10 + (fraction.size() == 2 ? fraction[1] - '0' : 0);
  }
  if (value > 100'000'000'000'000) return std::nullopt;
  return value;
}

void read_values(const Plan& plan, const catalogue::FactType& type, std::string_view province, const Entry& entry,
                 Values& read, Problems& problems) {
  const auto values = entry.values;
  const bool is_object = values.is(Type::Object);
  read.fields.assign(type.fields.size(), {});
  read.clean.assign(type.fields.size(), is_object);
  if (!values) return problems.add(entry.json.order(), Code::MissingField, entry.pointer("/values"), "An entry of this kind needs its values.");
  if (!is_object) return problems.add(values.order(), Code::BadValue, entry.pointer("/values"), "An object is expected.");
  FieldReader reader(plan, province);
  std::size_t known = 0;
  const auto read_field = [&](Index f) {
    const auto& field = type.fields[f];
    const auto value = values.member(field.name);
    if (!value) {
      if (field.optional || required_by_rule(type, f)) return;
      problems.add(values.order(), Code::MissingField, entry.pointer("/values/" + field.name), "It is required.");
      read.clean[f] = false;
      return;
    }
    ++known;
    if (wrong_by_rule(type, f, read) || reader.read(field, value, read.fields[f])) return;
    read.clean[f] = false;
    for (auto& fault : reader.faults) {
      problems.add(fault.at.order(), fault.code, entry.pointer("/values/" + field.name + fault.below), std::move(fault.why));
    }
  };
  // A field that another one rules comes after it, wherever the catalogue lists it.
  for (Index f = 0; f < type.fields.size(); ++f) {
    if (!ruled_by_later(type, f)) read_field(f);
  }
  for (auto f = static_cast<Index>(type.required_with.empty() ? 0 : type.fields.size()); f-- > 0;) {
    if (ruled_by_later(type, f)) read_field(f);
  }
  if (known != values.size()) {
    for (auto value = values.first(); value; value = value.next()) {
      if (std::ranges::find(type.fields, value.key(), &Field::name) != type.fields.end()) continue;
      problems.add(value.order(), Code::UnknownField, entry.pointer("/values/" + base::pointer_token(value.key())), "This fact has no such field.");
    }
  }
  TypeRules(plan, type, entry, read, problems).check();
}

std::vector<FieldValue> decode_values(const Plan& plan, const catalogue::FactType& type, JsonValue values) {
  std::vector<FieldValue> fields(type.fields.size());
  // A unit was checked when it was recorded; here only its index matters, so any province of the tree will do.
  for (Index f = 0; f < type.fields.size(); ++f) {
    const auto value = values.member(type.fields[f].name);
    if (!value) continue;
    const auto* province = type.fields[f].kind == FieldKind::Unit ? plan.units.province_of(value.text()) : nullptr;
    FieldReader reader(plan, province == nullptr ? std::string_view{} : std::string_view{province->code});
    CHECK(reader.read(type.fields[f], value, fields[f]));
  }
  return fields;
}

}  // namespace tamroi::reporting
