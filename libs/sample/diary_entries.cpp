#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "sample/diary.h"

namespace tamroi::sample {
namespace {

// What is drawn with a fact's key, beside its date.
enum Purpose : std::uint64_t { HowOften = 2, Id, Values, ChangedValues, Rounding };

constexpr std::size_t counting = 0xFFFF;  // the ordinal that stands for how many there are

bool is_first(const Entry& entry) { return entry.does == Entry::Does::Record; }

}  // namespace

// Goes through all facts of the unit for one sitting.
class Diary::Collecting {
 public:
  Collecting(const Diary& diary, std::size_t sitting)
      : diary_(diary), sitting_(sitting), today_(diary.sittings_.date(sitting)) {}

  std::vector<Entry> collect() {
    for (std::size_t rule = 0; rule < diary_.own_.size(); ++rule) {
      if (diary_.own_[rule].members > 0) collect(rule);
    }
    std::vector<Entry> all;
    for (const auto& noted : entries_) std::ranges::copy(noted, std::back_inserter(all));
    return all;
  }

 private:
  [[nodiscard]] const Rule& rule_at(std::size_t rule) const { return diary_.description_.rules[rule]; }

  // The first and the last day of a period.
  [[nodiscard]] std::pair<base::Date, base::Date> days(const Rule& rule, std::size_t period) const {
    if (rule.per == Rule::Per::Month) {
      const auto& month = diary_.description_.months[period];
      return {month.first, month.last};
    }
    if (rule.per == Rule::Per::Week) {
      const base::Date monday{diary_.first_monday_.days + 7 * static_cast<std::int32_t>(period)};
      return {monday, {monday.days + 6}};
    }
    if (rule.after != none) return {diary_.description_.first_day, diary_.description_.last_day};
    return {rule.from, rule.to};
  }

  // Whether anything of what occurs in the period can be sent today, the registration of its member apart.
  [[nodiscard]] bool can_be_today(const Rule& rule, const Own& own, std::size_t period) const {
    const auto [first, last] = days(rule, period);
    if (first > today_) return false;
    const auto& sittings = diary_.sittings_;
    auto latest = diary_.sent_at(first, last.days + static_cast<std::int32_t>(own.late_days.high));
    const auto change = std::max(own.corrected_days.high, own.withdrawn_days.high);
    if (latest < sittings.size() && change > 0) {
      latest = diary_.sent_at(first, sittings.date(latest).days + static_cast<std::int32_t>(change));
    }
    return latest >= sitting_;
  }

  void collect(std::size_t rule) {
    const auto& what = rule_at(rule);
    const auto& own = diary_.own_[rule];
    std::vector<bool> open(own.periods);
    for (std::size_t period = 0; period < own.periods; ++period) open[period] = can_be_today(what, own, period);
    const bool some = std::ranges::count(open, true) > 0;
    if (!some && (what.kinds.empty() || what.registers)) return;
    for (std::uint64_t member = 0; member < own.members; ++member) {
      const auto who = diary_.member(what, member);
      const auto registered = who.kind == none || what.registers ? 0 : diary_.registered_at(who);
      if (registered > sitting_) continue;
      // What waited for its registration is sent with it.
      const bool all = registered == sitting_ && who.kind != none && !what.registers;
      const auto since = since_of(what, who);
      for (std::size_t period = 0; period < own.periods; ++period) {
        if (all || open[period]) collect(rule, member, period, std::max(registered, std::size_t{0}), since);
      }
    }
  }

  // The day before which the member's facts are left out.
  [[nodiscard]] base::Date since_of(const Rule& what, const Member& who) const {
    if (what.since == none || who.kind == none) return {what.from.days};
    const auto same = diary_.flat(rule_at(what.since), who);
    return same ? std::max(what.from, diary_.date(what.since, *same)) : what.from;
  }

  void collect(std::size_t rule, std::uint64_t member, std::size_t period, std::size_t registered, base::Date since) {
    const auto& own = diary_.own_[rule];
    const auto pairs = own.members * own.periods;
    const bool among = diary_.rank(own, member * own.periods + period) < pairs * static_cast<std::uint64_t>(own.share.low) / whole;
    const auto& often = among ? own.times : own.otherwise;
    const auto times = often.low == often.high
                           ? often.low
                           : Chance(key_of({diary_.key(rule, member, period, counting), HowOften})).between(often.low, often.high);
    for (std::int64_t ordinal = 0; ordinal < times; ++ordinal) {
      const auto place = static_cast<std::size_t>(ordinal);
      const auto occurred = date(rule, member, period, place);
      if (occurred < since || occurred > rule_at(rule).to || occurred > today_) continue;
      add({.rule = static_cast<std::uint16_t>(rule),
           .period = static_cast<std::uint16_t>(period),
           .ordinal = static_cast<std::uint16_t>(ordinal),
           .member = static_cast<std::uint32_t>(member),
           .occurred_on = occurred},
          registered);
    }
  }

  [[nodiscard]] base::Date date(std::size_t rule, std::uint64_t member, std::size_t period, std::size_t ordinal) const {
    const auto& what = rule_at(rule);
    if (what.per == Rule::Per::Once) return diary_.date(rule, member, ordinal);
    const auto& own = diary_.own_[rule];
    const auto [first, last] = days(what, period);
    Chance chance(diary_.key(rule, member, period, ordinal));
    const auto day = static_cast<std::int32_t>(chance.between(own.days.low, own.days.high));
    return std::min(last, {first.days + day - 1});
  }

  // Adds the fact where it is sent today, or its change.
  void add(Entry entry, std::size_t registered) {
    const auto& own = diary_.own_[entry.rule];
    auto chance = sending(diary_.key(entry.rule, entry.member, entry.period, entry.ordinal));
    const auto sent = std::max(registered, diary_.first_sent_at(own, entry.occurred_on, chance));
    if (sent == sitting_) {
      entry.needs_reason = diary_.is_closed(entry.occurred_on, diary_.sittings_.at(sitting_));
      entry.note = entry.needs_reason ? Note::LateFact : Note::Fact;
      if (rule_at(entry.rule).registers) entry.note = Note::Registration;
      push(entry);
    }
    if (sent > sitting_) return;
    const auto chosen = static_cast<std::int64_t>(chance.below(whole));
    const bool corrected = chosen < own.corrected.low;
    if (!corrected && chosen >= own.corrected.low + own.withdrawn.low) return;
    const auto& days = corrected ? own.corrected_days : own.withdrawn_days;
    const auto noted = diary_.sittings_.date(sent).days + static_cast<std::int32_t>(chance.between(days.low, days.high));
    if (diary_.sent_at(entry.occurred_on, noted) != sitting_) return;
    entry.note = Note::Change;
    entry.does = corrected ? Entry::Does::Correct : Entry::Does::Withdraw;
    entry.needs_reason = true;
    push(entry);
  }

  void push(const Entry& entry) { entries_.at(static_cast<std::size_t>(entry.note)).push_back(entry); }

  const Diary& diary_;
  std::size_t sitting_;
  base::Date today_;
  std::array<std::vector<Entry>, notes> entries_;  // by note
};

std::vector<Entry> Diary::entries(std::size_t sitting) const { return Collecting(*this, sitting).collect(); }

void Diary::write(const Entry& entry, std::string& out) const {
  const auto& rule = description_.rules[entry.rule];
  const auto fact = key(entry.rule, entry.member, entry.period, entry.ordinal);
  constexpr std::string_view does[] = {"record", "correct", "withdraw"};
  fmt::format_to(std::back_inserter(out), R"({{"op":"{}","fact":")", does[static_cast<std::size_t>(entry.does)]);
  write_uuid(key_of({fact, Id}), base::bangkok_time(entry.occurred_on, 12, 0), out);
  out += '"';
  if (entry.does != Entry::Does::Withdraw) {
    if (is_first(entry)) fmt::format_to(std::back_inserter(out), R"(,"type":"{}")", rule.type);
    fmt::format_to(std::back_inserter(out), R"(,"occurred_on":"{}","values":)", base::to_string(entry.occurred_on));
    write_values(entry, fact, out);
  }
  out += '}';
}

void Diary::write_values(const Entry& entry, std::uint64_t fact, std::string& out) const {
  const auto& rule = description_.rules[entry.rule];
  const auto& own = own_[entry.rule];
  const auto who = member(rule, entry.member);
  Scene scene{.description = &description_, .unit = place_.unit, .province = place_.province, .settings = &place_.settings};
  scene.date = entry.occurred_on;
  scene.number = entry.period + std::uint64_t{1};
  scene.rank = rank(own, entry.member * own.periods + entry.period);
  scene.members = own.members * own.periods;
  scene.rounding = key_of({seed_, place_.key, entry.rule, Rounding}) % whole;
  std::string name;
  if (rule.per == Rule::Per::Month) scene.month = description_.months[entry.period].name;
  if (rule.each_district) scene.word = place_.districts[entry.member];
  if (!rule.words.empty()) scene.word = rule.words[entry.member];
  if (who.kind != none) {
    const auto& kind = description_.kinds[who.kind];
    auto named = scene;
    named.number = who.index + 1;
    Chance unused(0);
    sample::write(kind.named, named, unused, name);
    scene.member = name;
    scene.traits = &kind.traits;
    scene.traits_key = key_of({seed_, place_.key, who.kind, who.index, 0x7EA17});
  }
  // Each member of the values has a chance of its own, so that a correction changes what it names and no more.
  out += '{';
  const auto empty = out.size();
  for (std::size_t i = 0; i < rule.values.items.size(); ++i) {
    const auto& item = rule.values.items[i];
    const bool changed = !is_first(entry) && std::ranges::count(rule.corrected.changes, item.key) > 0;
    Chance chance(key_of({fact, changed ? ChangedValues : Values, i}));
    const auto before = out.size();
    fmt::format_to(std::back_inserter(out), R"({}"{}":)", before > empty ? "," : "", item.key);
    if (!sample::write(item, scene, chance, out)) out.resize(before);
  }
  out += '}';
}

void write_uuid(std::uint64_t key, base::Instant at, std::string& out) {
  const auto millis = static_cast<std::uint64_t>(at.micros / 1000) + key % 10'000'000;
  const auto high = Chance::scatter(key + 1);
  const auto low = Chance::scatter(key + 2);
  fmt::format_to(std::back_inserter(out), "{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}", millis >> 16U & 0xFFFFFFFFU, millis & 0xFFFFU,
                 high & 0xFFFU, 0x8000U | (high >> 16U & 0x3FFFU), low >> 16U);
}

}  // namespace tamroi::sample
