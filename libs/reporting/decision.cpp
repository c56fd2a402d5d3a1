#include "reporting/decision.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"
#include "base/hash_index.h"
#include "base/text.h"
#include "reporting/head.h"

namespace tamroi::reporting {
namespace {

using base::Code;
using base::JsonValue;
using catalogue::Index;
using catalogue::none;
using scoring::FieldValue;
using Type = JsonValue::Type;

// Judges one submission, entry by entry; each sees what those before it did.
class Judge {
 public:
  Judge(const RoundState& state, Store& store, JsonValue body, event::Offset offset, base::Instant recorded_at,
        std::uint64_t next_number)
      : state_(state), plan_(state.plan()), store_(store), body_(body), offset_(offset), next_number_(next_number),
        today_(base::bangkok_date(recorded_at)), unit_(body.member("unit").text()),
        entries_(read_entries(body.member("entries"))), by_fact_(entries_.size()), by_entity_(entries_.size()) {
    decision_.unit = state.measures.unit_of(unit_).value();
    decision_.effects.reserve(entries_.size());
    seen_.reserve(entries_.size());
  }

  Decision run() {
    check_head(state_, body_, problems_);
    if (entries_.empty()) {
      problems_.add(body_.member("entries").order(), Code::BadValue, "/entries", "One entry at least is needed.");
    }
    prefetch();
    for (const auto& entry : entries_) judge(entry);
    check_reason(body_, reason_needed_, problems_);
    decision_.problems = problems_.take();
    return std::move(decision_);
  }

 private:
  struct Seen {  // what this submission did to an entity so far
    Index entity_register = none;
    std::string_view name;
    Index member = none;                       // its place in the register, where it has one already
    std::optional<std::size_t> registered_in;  // unit, or nothing where it is not registered now
    std::int64_t uses = 0;
  };

  void prefetch() {
    std::vector<base::Uuid> ids;
    ids.reserve(entries_.size());
    for (const auto& entry : entries_) {
      if (entry.id) ids.push_back(*entry.id);
    }
    store_.prefetch(plan_.round, ids);
  }

  // Reports what stands, or should stand, below an entry.
  void problem(const Entry& entry, JsonValue at, Code code, std::string_view below, std::string why) {
    problems_.add((at ? at : entry.json).order(), code, entry.pointer(below), std::move(why));
  }

  void judge(const Entry& entry) {
    if (!entry.json.is(Type::Object)) return problem(entry, entry.json, Code::Malformed, "", "An entry is an object.");
    const auto problems_before = problems_.size();
    const auto values_before = decision_.values.size();
    const auto word = entry.op.is(Type::String) ? entry.op.text() : std::string_view{};
    const bool corrects = base::is(word, "correct");
    const bool withdraws = base::is(word, "withdraw");
    if (corrects || withdraws) reason_needed_ = true;
    auto& effect = decision_.effects.emplace_back();
    if (base::is(word, "record")) {
      record(entry, effect);
    } else if (corrects) {
      correct(entry, effect);
    } else if (withdraws) {
      withdraw(entry, effect);
    } else {
      if (!entry.op) problem(entry, entry.op, Code::MissingField, "/op", "It is required.");
      else problem(entry, entry.op, Code::BadValue, "/op", "One of record, correct, withdraw is expected.");
      check_id(entry);
    }
    if (problems_.size() == problems_before) return take(effect);
    decision_.effects.pop_back();
    decision_.values.resize(values_before);
  }

  void check_id(const Entry& entry) {
    if (!entry.fact) problem(entry, entry.fact, Code::MissingField, "/fact", "It is required.");
    else if (!entry.id) problem(entry, entry.fact, Code::BadValue, "/fact", "A UUID is expected.");
  }

  // The newest version, as this submission left it.
  std::optional<FactVersion> find(const base::Uuid& id) {
    if (const auto* effect = effect_on(id)) return decision_.effects[*effect].after;
    return store_.fact(plan_.round, id);
  }

  void record(const Entry& entry, Effect& effect) {
    check_id(entry);
    if (entry.id && find(*entry.id)) {
      problem(entry, entry.fact, Code::DuplicateFact, "/fact", "A fact with this id was recorded before.");
    }
    effect.type = type_of(entry);
    if (effect.type == none) return;
    const auto& type = plan_.fact_types[effect.type];
    const bool right_level = is_province() ? type.by_province : type.by_district;
    if (!right_level) {
      problem(entry, entry.type, Code::WrongLevel, "/type",
              is_province() ? "It is for districts only." : "It is for provinces only.");
    }
    if (entry.has_others) entry.only({"op", "fact", "type", "occurred_on", "values"}, problems_);
    read_values(plan_, type, province(), entry, values_, problems_);
    const auto date = occurred_on(entry, type);
    const bool late = date && in_closed_month(*date);
    if (late) reason_needed_ = true;
    if (right_level) entities(entry, type, nullptr);
    effect.after_values = keep(values_.fields);
    effect.after = {.id = entry.id.value_or(base::Uuid{}), .type = type.name, .unit = unit_,
                    .occurred_on = date.value_or(base::Date{}), .recorded = {offset_, entry.index}, .written = offset_,
                    .live = true, .late = late, .values = text_of(entry.values)};
  }

  // The type that a fact is recorded as; reports why it is none.
  Index type_of(const Entry& entry) {
    const auto fail = [&](Code code, std::string why) { problem(entry, entry.type, code, "/type", std::move(why)); };
    if (!entry.type) return fail(Code::MissingField, "It is required."), none;
    if (!entry.type.is(Type::String)) return fail(Code::BadValue, "A fact type's name is expected."), none;
    const auto type = plan_.fact_type(entry.type.text());
    if (type == none) fail(Code::UnknownType, "The catalogue has no such fact type.");
    return type;
  }

  static std::string_view text_of(JsonValue value) { return value ? value.raw() : std::string_view{}; }

  // Gives where they begin among the decision's.
  std::size_t keep(const std::vector<FieldValue>& fields) {
    decision_.values.insert(decision_.values.end(), fields.begin(), fields.end());
    return decision_.values.size() - fields.size();
  }

  // The fact that a correction or withdrawal names; reports why it is none.
  bool existing(const Entry& entry, Effect& effect) {
    check_id(entry);
    if (!entry.id) return false;
    effect.before = find(*entry.id);
    if (!effect.before || effect.before->unit != unit_) {
      problem(entry, entry.fact, Code::UnknownFact, "/fact", "The unit has no fact with this id.");
      return false;
    }
    if (!effect.before->live) {
      problem(entry, entry.fact, Code::WithdrawnFact, "/fact", "The fact was withdrawn.");
      return false;
    }
    effect.type = plan_.fact_type(effect.before->type);
    CHECK(effect.type != none);
    auto values = decision_.documents.emplace_back().parse(effect.before->values);
    CHECK(values.has_value());
    effect.before_values = keep(decode_values(plan_, plan_.fact_types[effect.type], *values));
    return true;
  }

  void correct(const Entry& entry, Effect& effect) {
    if (!existing(entry, effect)) return;
    const auto& type = plan_.fact_types[effect.type];
    if (entry.has_others || entry.type) entry.only({"op", "fact", "occurred_on", "values"}, problems_);
    read_values(plan_, type, province(), entry, values_, problems_);
    const auto date = occurred_on(entry, type);
    entities(entry, type, &effect);
    effect.after_values = keep(values_.fields);
    effect.after = *effect.before;
    effect.after.written = offset_;
    if (date) effect.after.occurred_on = *date;
    effect.after.late = date && in_closed_month(*date);
    effect.after.values = text_of(entry.values);
  }

  void withdraw(const Entry& entry, Effect& effect) {
    if (!existing(entry, effect)) return;
    entry.only({"op", "fact"}, problems_);
    const auto& type = plan_.fact_types[effect.type];
    if (type.registers != none && uses(type, decision_.values[effect.before_values + type.registers].text) > 0) {
      problem(entry, entry.fact, Code::EntityInUse, "/fact", "A live fact uses what it registers.");
    }
    effect.after = *effect.before;
    effect.after.live = false;
    effect.after.written = offset_;
  }

  std::optional<base::Date> occurred_on(const Entry& entry, const catalogue::FactType& type) {
    const auto value = entry.occurred_on;
    const auto fail = [&](Code code, std::string why) { problem(entry, value, code, "/occurred_on", std::move(why)); };
    if (!value) {
      fail(Code::MissingField, "It is required.");
      return std::nullopt;
    }
    const auto date = value.is(Type::String) ? base::parse_date(value.text()) : std::nullopt;
    if (!date) {
      fail(Code::BadValue, "A date such as 2022-06-03 is expected.");
      return std::nullopt;
    }
    const auto before = problems_.size();
    if (type.dates.empty()) {
      if (*date < plan_.first_day || *date > plan_.last_day) {
        fail(Code::OutsideRound, fmt::format("The round is from {}.", days(plan_.first_day, plan_.last_day)));
      }
    } else if (const auto* rule = date_rule(type, values_);
               rule != nullptr && (*date < rule->from || *date > rule->to)) {
      fail(Code::BadValue, rule->from == rule->to ? fmt::format("It must be {}.", base::to_string(rule->from))
                                                  : fmt::format("It must be from {}.", days(rule->from, rule->to)));
      return std::nullopt;
    }
    if (*date > today_) fail(Code::InTheFuture, fmt::format("Today is {}.", base::to_string(today_)));
    return problems_.size() == before ? date : std::nullopt;
  }

  static std::string days(base::Date from, base::Date to) {
    return fmt::format("{} to {}", base::to_string(from), base::to_string(to));
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
  void entities(const Entry& entry, const catalogue::FactType& type, const Effect* corrected) {
    for (Index f = 0; f < type.fields.size(); ++f) {
      const auto& field = type.fields[f];
      auto& value = values_.fields[f];
      if (field.kind != catalogue::FieldKind::Entity || !value.present) continue;
      const auto fail = [&](Code code, std::string why) {
        problem(entry, entry.values.member(field.name), code, "/values/" + field.name, std::move(why));
      };
      const auto& seen = entity(field.entity_register, value.text);
      value.member = seen.member;
      if (f != type.registers) {
        if (seen.registered_in == decision_.unit) continue;
        fail(Code::UnknownEntity, fmt::format("{} is not registered in this district.", value.text));
        continue;
      }
      const auto old = corrected == nullptr ? std::string_view{} : decision_.values[corrected->before_values + f].text;
      if (corrected != nullptr && old == value.text) continue;
      if (seen.registered_in) {
        fail(Code::EntityExists, fmt::format("{} is registered in the province already.", value.text));
      }
      if (corrected != nullptr && uses(type, old) > 0) {
        fail(Code::EntityInUse, fmt::format("A live fact uses {}.", old));
      }
    }
  }

  // Valid until the next one is asked for.
  Seen& entity(Index entity_register, std::string_view name) {
    const auto hash = std::hash<std::string_view>{}(name) + entity_register;
    const auto same = [&](std::uint32_t i) {
      return seen_[i].entity_register == entity_register && seen_[i].name == name;
    };
    if (const auto* found = by_entity_.find(hash, same)) return seen_[*found];
    by_entity_.add(hash, static_cast<std::uint32_t>(seen_.size()));
    auto& seen = seen_.emplace_back(entity_register, name);
    const auto& registry = state_.measures.registry(entity_register);
    if (const auto place = registry.find(name)) {
      const auto& member = registry.member(*place);
      seen.member = static_cast<Index>(*place);
      if (member.live) seen.registered_in = member.unit;
      seen.uses = member.uses;
    }
    return seen;
  }

  std::int64_t uses(const catalogue::FactType& type, std::string_view name) {
    return entity(type.fields[type.registers].entity_register, name).uses;
  }

  void note(const catalogue::FactType& type, std::size_t values, int sign) {
    for (Index f = 0; f < type.fields.size(); ++f) {
      const auto& value = decision_.values[values + f];
      if (type.fields[f].kind != catalogue::FieldKind::Entity || !value.present) continue;
      auto& seen = entity(type.fields[f].entity_register, value.text);
      if (f != type.registers) {
        seen.uses += sign;
      } else if (sign > 0) {
        seen.registered_in = decision_.unit;
      } else {
        seen.registered_in.reset();
      }
    }
  }

  // Takes the effect for what the next entries see.
  void take(Effect& effect) {
    const auto& type = plan_.fact_types[effect.type];
    if (effect.before) note(type, effect.before_values, -1);
    if (effect.after.live) note(type, effect.after_values, 1);
    if (!effect.before) effect.after.number = next_number_++;
    const auto place = static_cast<std::uint32_t>(decision_.effects.size() - 1);
    if (auto* earlier = effect_on(effect.after.id)) *earlier = place;
    else by_fact_.add(std::hash<base::Uuid>{}(effect.after.id), place);
  }

  // The place of the last effect on a fact; null where there was none.
  std::uint32_t* effect_on(const base::Uuid& id) {
    const auto same = [&](std::uint32_t effect) { return decision_.effects[effect].after.id == id; };
    return by_fact_.find(std::hash<base::Uuid>{}(id), same);
  }

  [[nodiscard]] bool is_province() const { return decision_.unit == 0; }
  [[nodiscard]] std::string_view province() const { return state_.measures.unit_code(0); }

  const RoundState& state_;
  const catalogue::Plan& plan_;
  Store& store_;
  JsonValue body_;
  event::Offset offset_;
  std::uint64_t next_number_;
  base::Date today_;
  std::string_view unit_;
  std::vector<Entry> entries_;
  bool reason_needed_ = false;
  Problems problems_;
  Decision decision_;
  Values values_;                // of the entry being judged
  base::HashIndex by_fact_;      // the last effect on each fact
  std::vector<Seen> seen_;
  base::HashIndex by_entity_;    // in seen_
};

}  // namespace

Decision decide(const RoundState& state, Store& store, JsonValue body, event::Offset offset, base::Instant recorded_at,
                std::uint64_t next_number) {
  return Judge(state, store, body, offset, recorded_at, next_number).run();
}

}  // namespace tamroi::reporting
