#include "reporting/decision.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "base/check.h"
#include "base/sha256.h"
#include "base/text.h"

namespace tamroi::reporting {
namespace {

using base::Code;
using base::JsonValue;
using catalogue::Index;
using catalogue::none;
using Type = JsonValue::Type;

// Judges one submission, entry by entry; each sees what those before it did.
class Judge {
 public:
  Judge(const RoundState& state, Store& store, JsonValue body, event::Offset offset, base::Instant recorded_at,
        std::uint64_t next_number)
      : state_(state), plan_(state.plan()), store_(store), body_(body), offset_(offset), next_number_(next_number),
        today_(base::bangkok_date(recorded_at)), unit_(body.member("unit").text()) {
    const auto* unit = plan_.units.find(unit_);
    CHECK(unit != nullptr);
    is_province_ = unit->level == catalogue::Level::Province;
    province_ = plan_.units.province_of(unit_)->code;
    place_ = state.measures.unit_of(unit_).value();
  }

  Decision run() {
    top_level();
    std::uint32_t i = 0;
    const auto entries = body_.member("entries");
    if (entries.size() == 0) problem(entries, Code::BadValue, "/entries", "One entry at least is needed.");
    prefetch(entries);
    decision_.effects.reserve(entries.size());
    for (auto entry = entries.first(); entry; entry = entry.next(), ++i) judge(entry, i);
    reason();
    decision_.problems = problems_.take();
    return std::move(decision_);
  }

 private:
  struct Seen {  // what this submission did to an entity so far
    std::optional<std::size_t> registered_in;  // unit, or nothing where it is not registered now
    std::int64_t uses = 0;
    bool known = false;
  };

  void prefetch(JsonValue entries) {
    std::vector<base::Uuid> ids;
    ids.reserve(entries.size());
    for (auto entry = entries.first(); entry; entry = entry.next()) {
      const auto fact = entry.member("fact");
      const auto id = fact.is(Type::String) ? base::Uuid::parse(fact.text()) : std::nullopt;
      if (id) ids.push_back(*id);
    }
    store_.prefetch(plan_.round, ids);
  }

  void problem(JsonValue at, Code code, std::string where, std::string why) {
    problems_.add(at.order(), code, std::move(where), std::move(why));
  }

  void top_level() {
    static constexpr std::string_view known[] = {"id", "unit", "round", "expects", "reason", "letter", "source", "entries"};
    for (auto value = body_.first(); value; value = value.next()) {
      if (std::ranges::find(known, value.key()) == std::end(known)) {
        problem(value, Code::UnknownField, "/" + base::pointer_token(value.key()), "A submission has no such member.");
      }
    }
    if (!state_.opened || state_.closed) {
      problem(body_.member("round"), Code::RoundNotOpen, "/round", state_.opened ? "The round is closed." : "The round is not open yet.");
    }
    if (const auto expects = body_.member("expects")) {
      const auto wanted = expects.integer();
      const auto version = version_of(state_, unit_);
      if (!wanted || *wanted < 0 || *wanted > 9'007'199'254'740'991) {
        problem(expects, Code::BadValue, "/expects", "An integer from 0 is expected.");
      } else if (static_cast<std::uint64_t>(*wanted) != version) {
        problem(expects, Code::VersionConflict, "/expects", fmt::format("Version {} was expected; the unit's version is {}.", *wanted, version));
      }
    }
    if (const auto letter = body_.member("letter"); letter && !is_text(letter)) {
      problem(letter, Code::BadValue, "/letter", "A text of 1 to 500 characters is expected.");
    }
    if (const auto source = body_.member("source")) this->source(source);
  }

  void source(JsonValue source) {
    if (!source.is(Type::Object)) return problem(source, Code::BadValue, "/source", "An object is expected.");
    const auto sha256 = source.member("sha256");
    const auto rows = source.member("rows");
    if (!sha256) {
      problem(source, Code::MissingField, "/source/sha256", "It is required.");
    } else if (!sha256.is(Type::String) || !base::is_sha256_hex(sha256.text())) {
      problem(sha256, Code::BadValue, "/source/sha256", "64 hex digits in lower case are expected.");
    }
    if (!rows) {
      problem(source, Code::MissingField, "/source/rows", "It is required.");
    } else {
      const auto first = rows.first().is(Type::Number) ? rows.first().integer() : std::nullopt;
      const auto last = rows.is(Type::Array) && rows.size() == 2 ? rows.first().next().integer() : std::nullopt;
      if (!first || !last || *first < 0 || *first > *last || *last > 9'007'199'254'740'991) {
        problem(rows, Code::BadValue, "/source/rows", "The first and the last row are expected, as two integers.");
      }
    }
    for (auto value = source.first(); value; value = value.next()) {
      if (value.key() == "sha256" || value.key() == "rows") continue;
      problem(value, Code::UnknownField, "/source/" + base::pointer_token(value.key()), "A source has no such member.");
    }
  }

  void reason() {
    const auto reason = body_.member("reason");
    if (reason && (!reason.is(Type::String) || reason.text().empty() || base::code_points(reason.text()) > 500)) {
      return problem(reason, Code::BadValue, "/reason", "A text of 1 to 500 characters is expected.");
    }
    if (reason_needed_ && (!reason || base::is_blank(reason.text()))) {
      problem(reason ? reason : body_, Code::ReasonRequired, "/reason", "A correction, a withdrawal, or a fact of a month that is closed needs a reason.");
    }
  }

  void judge(JsonValue entry, std::uint32_t i) {
    const std::string where = fmt::format("/entries/{}", i);
    if (!entry.is(Type::Object)) return problem(entry, Code::Malformed, where, "An entry is an object.");
    const auto before = problems_.size();
    const auto op = entry.member("op");
    const auto word = op.is(Type::String) ? op.text() : std::string_view{};
    if (word == "correct" || word == "withdraw") reason_needed_ = true;
    Effect effect;
    if (word == "record") {
      record(entry, where, i, effect);
    } else if (word == "correct") {
      correct(entry, where, effect);
    } else if (word == "withdraw") {
      withdraw(entry, where, effect);
    } else {
      if (!op) problem(entry, Code::MissingField, where + "/op", "It is required.");
      else problem(op, Code::BadValue, where + "/op", "One of record, correct, withdraw is expected.");
      (void)fact_id(entry, where);
    }
    if (problems_.size() == before) take(std::move(effect));
  }

  std::optional<base::Uuid> fact_id(JsonValue entry, const std::string& where) {
    const auto fact = entry.member("fact");
    if (!fact) {
      problem(entry, Code::MissingField, where + "/fact", "It is required.");
      return std::nullopt;
    }
    const auto id = fact.is(Type::String) ? base::Uuid::parse(fact.text()) : std::nullopt;
    if (!id) problem(fact, Code::BadValue, where + "/fact", "A UUID is expected.");
    return id;
  }

  void only(JsonValue entry, const std::string& where, std::initializer_list<std::string_view> known) {
    for (auto value = entry.first(); value; value = value.next()) {
      if (std::ranges::find(known, value.key()) != known.end()) continue;
      problem(value, Code::UnknownField, where + "/" + base::pointer_token(value.key()), "An entry of this kind has no such member.");
    }
  }

  // The newest version, as this submission left it.
  std::optional<FactVersion> find(const base::Uuid& id) {
    const auto found = facts_.find(id);
    if (found != facts_.end()) return found->second;
    return store_.fact(plan_.round, id);
  }

  void record(JsonValue entry, const std::string& where, std::uint32_t i, Effect& effect) {
    const auto id = fact_id(entry, where);
    if (id && find(*id)) problem(entry.member("fact"), Code::DuplicateFact, where + "/fact", "A fact with this id was recorded before.");
    const auto type = entry.member("type");
    if (!type) return problem(entry, Code::MissingField, where + "/type", "It is required.");
    if (!type.is(Type::String)) return problem(type, Code::BadValue, where + "/type", "A fact type's name is expected.");
    effect.type = plan_.fact_type(type.text());
    if (effect.type == none) return problem(type, Code::UnknownType, where + "/type", "The catalogue has no such fact type.");
    const auto& fact_type = plan_.fact_types[effect.type];
    const bool right_level = is_province_ ? fact_type.by_province : fact_type.by_district;
    if (!right_level) {
      problem(type, Code::WrongLevel, where + "/type", is_province_ ? "It is for districts only." : "It is for provinces only.");
    }
    only(entry, where, {"op", "fact", "type", "occurred_on", "values"});
    auto values = read_values(plan_, fact_type, province_, entry, where, problems_);
    const auto date = occurred_on(entry, where, fact_type, values);
    if (date && in_closed_month(*date)) reason_needed_ = true;
    if (right_level) entities(entry, where, fact_type, values, nullptr);
    effect.after = FactVersion{id.value_or(base::Uuid{}), 0, fact_type.name, unit_, date.value_or(base::Date{}),
                               {offset_, i}, offset_, true, date && in_closed_month(*date), raw_values(entry)};
    effect.after_values = std::move(values.fields);
  }

  static std::string_view raw_values(JsonValue entry) {
    const auto values = entry.member("values");
    return values ? values.raw() : std::string_view{};
  }

  // The fact that a correction or withdrawal names; reports why it is none.
  bool existing(JsonValue entry, const std::string& where, Effect& effect) {
    const auto id = fact_id(entry, where);
    if (!id) return false;
    const auto fact = entry.member("fact");
    effect.before = find(*id);
    if (!effect.before || effect.before->unit != unit_) {
      problem(fact, Code::UnknownFact, where + "/fact", "The unit has no fact with this id.");
      return false;
    }
    if (!effect.before->live) {
      problem(fact, Code::WithdrawnFact, where + "/fact", "The fact was withdrawn.");
      return false;
    }
    effect.type = plan_.fact_type(effect.before->type);
    CHECK(effect.type != none);
    auto values = decision_.documents.emplace_back().parse(effect.before->values);
    CHECK(values.has_value());
    effect.before_values = decode_values(plan_, plan_.fact_types[effect.type], *values);
    return true;
  }

  void correct(JsonValue entry, const std::string& where, Effect& effect) {
    if (!existing(entry, where, effect)) return;
    const auto& type = plan_.fact_types[effect.type];
    only(entry, where, {"op", "fact", "occurred_on", "values"});
    auto values = read_values(plan_, type, province_, entry, where, problems_);
    const auto date = occurred_on(entry, where, type, values);
    entities(entry, where, type, values, &effect);
    effect.after = effect.before;
    effect.after->written = offset_;
    if (date) effect.after->occurred_on = *date;
    effect.after->late = date && in_closed_month(*date);
    effect.after->values = raw_values(entry);
    effect.after_values = std::move(values.fields);
  }

  void withdraw(JsonValue entry, const std::string& where, Effect& effect) {
    if (!existing(entry, where, effect)) return;
    only(entry, where, {"op", "fact"});
    const auto& type = plan_.fact_types[effect.type];
    if (type.registers != none && uses(type, effect.before_values[type.registers].text) > 0) {
      problem(entry.member("fact"), Code::EntityInUse, where + "/fact", "A live fact uses what it registers.");
    }
    effect.after = effect.before;
    effect.after->live = false;
    effect.after->written = offset_;
  }

  std::optional<base::Date> occurred_on(JsonValue entry, const std::string& where, const catalogue::FactType& type, const Values& values) {
    const auto value = entry.member("occurred_on");
    const std::string pointer = where + "/occurred_on";
    if (!value) {
      problem(entry, Code::MissingField, pointer, "It is required.");
      return std::nullopt;
    }
    const auto date = value.is(Type::String) ? base::parse_date(value.text()) : std::nullopt;
    if (!date) {
      problem(value, Code::BadValue, pointer, "A date such as 2022-06-03 is expected.");
      return std::nullopt;
    }
    const auto before = problems_.size();
    if (type.dates.empty()) {
      if (*date < plan_.first_day || *date > plan_.last_day) {
        problem(value, Code::OutsideRound, pointer, fmt::format("The round is from {} to {}.", base::to_string(plan_.first_day), base::to_string(plan_.last_day)));
      }
    } else if (const auto* rule = date_rule(type, values); rule != nullptr && (*date < rule->from || *date > rule->to)) {
      problem(value, Code::BadValue, pointer, rule->from == rule->to ? fmt::format("It must be {}.", base::to_string(rule->from))
                                                                    : fmt::format("It must be from {} to {}.", base::to_string(rule->from), base::to_string(rule->to)));
      return std::nullopt;
    }
    if (*date > today_) problem(value, Code::InTheFuture, pointer, fmt::format("Today is {}.", base::to_string(today_)));
    return problems_.size() == before ? date : std::nullopt;
  }

  static const catalogue::DateRule* date_rule(const catalogue::FactType& type, const Values& values) {
    for (const auto& rule : type.dates) {
      if (rule.by == none) return &rule;
      if (values.fields[rule.by].present && values.fields[rule.by].number == rule.number) return &rule;
    }
    return nullptr;
  }

  [[nodiscard]] bool in_closed_month(base::Date date) const {
    const auto month = plan_.period_at(catalogue::PeriodKind::Month, date);
    return month != none && month < state_.measures.closed_months();
  }

  // Checks that used entities are registered in this district, and that a registered one is free.
  void entities(JsonValue entry, const std::string& where, const catalogue::FactType& type, const Values& values, const Effect* corrected) {
    for (Index f = 0; f < type.fields.size(); ++f) {
      const auto& field = type.fields[f];
      if (field.kind != catalogue::FieldKind::Entity || !values.fields[f].present) continue;
      const auto name = values.fields[f].text;
      const auto at = entry.member("values").member(field.name);
      const std::string pointer = where + "/values/" + field.name;
      const auto& seen = entity(field.entity_register, name);
      if (f != type.registers) {
        if (seen.registered_in != place_) problem(at, Code::UnknownEntity, pointer, fmt::format("{} is not registered in this district.", name));
        continue;
      }
      const auto old = corrected != nullptr ? corrected->before_values[f].text : std::string_view{};
      if (corrected != nullptr && old == name) continue;
      if (seen.registered_in) problem(at, Code::EntityExists, pointer, fmt::format("{} is registered in the province already.", name));
      if (corrected != nullptr && uses(type, old) > 0) problem(at, Code::EntityInUse, pointer, fmt::format("A live fact uses {}.", old));
    }
  }

  Seen& entity(Index reg, std::string_view name) {
    auto& seen = entities_[{reg, std::string(name)}];
    if (seen.known) return seen;
    seen.known = true;
    const auto& registry = state_.measures.registry(reg);
    if (const auto place = registry.find(name)) {
      const auto& member = registry.member(*place);
      if (member.live) seen.registered_in = member.unit;
      seen.uses = member.uses;
    }
    return seen;
  }

  std::int64_t uses(const catalogue::FactType& type, std::string_view name) {
    return entity(type.fields[type.registers].entity_register, name).uses;
  }

  void note(const catalogue::FactType& type, const std::vector<scoring::FieldValue>& values, int sign) {
    for (Index f = 0; f < type.fields.size(); ++f) {
      if (type.fields[f].kind != catalogue::FieldKind::Entity || !values[f].present) continue;
      auto& seen = entity(type.fields[f].entity_register, values[f].text);
      if (f != type.registers) {
        seen.uses += sign;
      } else if (sign > 0) {
        seen.registered_in = place_;
      } else {
        seen.registered_in.reset();
      }
    }
  }

  void take(Effect effect) {
    const auto& type = plan_.fact_types[effect.type];
    if (effect.before) note(type, effect.before_values, -1);
    if (effect.after->live) note(type, effect.after_values, 1);
    if (!effect.before) effect.after->number = next_number_++;
    facts_[effect.after->id] = *effect.after;
    decision_.effects.push_back(std::move(effect));
  }

  struct EntityKeyHash {
    std::size_t operator()(const std::pair<Index, std::string>& key) const { return std::hash<std::string>{}(key.second) * 31 + key.first; }
  };

  const RoundState& state_;
  const catalogue::Plan& plan_;
  Store& store_;
  JsonValue body_;
  event::Offset offset_;
  std::uint64_t next_number_;
  base::Date today_;
  std::string_view unit_;
  std::string province_;
  bool is_province_ = false;
  std::size_t place_ = 0;
  bool reason_needed_ = false;
  Problems problems_;
  Decision decision_;
  std::unordered_map<base::Uuid, FactVersion> facts_;
  std::unordered_map<std::pair<Index, std::string>, Seen, EntityKeyHash> entities_;
};

}  // namespace

std::uint64_t version_of(const RoundState& state, std::string_view unit) {
  const auto found = state.versions.find(unit);
  return found == state.versions.end() ? 0 : found->second;
}

Decision decide(const RoundState& state, Store& store, JsonValue body, event::Offset offset, base::Instant recorded_at,
                std::uint64_t next_number) {
  return Judge(state, store, body, offset, recorded_at, next_number).run();
}

}  // namespace tamroi::reporting
