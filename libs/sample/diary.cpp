#include "sample/diary.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>

namespace tamroi::sample {
namespace {

using catalogue::Level;

constexpr std::array<std::uint64_t, 6> steps = {7919, 104'729, 15'485'863, 1'299'709, 32'452'843, 1};

bool applies(const Rule& rule, const Place& place) { return rule.by == place.level; }

}  // namespace

Diary::Diary(const Description& description, const Place& place, const Sittings& sittings,
             const std::vector<base::Instant>& closings, std::uint64_t seed)
    : description_(description), place_(place), sittings_(sittings), closings_(closings), seed_(seed),
      registering_(description.kinds.size()) {
  const auto first = description.first_day.days;
  first_monday_ = {first - ((first + 3) % 7 + 7) % 7};
  for (std::size_t i = 0; i < description.rules.size(); ++i) {
    own_.push_back(own(description.rules[i], i));
    if (!description.rules[i].registers) continue;
    for (const auto kind : description.rules[i].kinds) registering_[kind] = i;
  }
}

Diary::Own Diary::own(const Rule& rule, std::size_t index) const {
  Own own;
  if (!applies(rule, place_)) return own;
  const Scene scene{.description = &description_, .settings = &place_.settings};
  for (const auto kind : rule.kinds) own.members += place_.counts[kind];
  if (rule.kinds.empty()) own.members = rule.each_district ? place_.districts.size() : std::max<std::size_t>(rule.words.size(), 1);
  switch (rule.per) {
    case Rule::Per::Once: own.periods = 1; break;
    case Rule::Per::Month: own.periods = description_.months.size(); break;
    case Rule::Per::Week: own.periods = static_cast<std::size_t>((description_.last_day.days - first_monday_.days) / 7 + 1);
  }
  own.days = range_of(rule.days, scene);
  own.share = range_of(rule.share, scene);
  own.times = range_of(rule.times, scene);
  own.otherwise = range_of(rule.otherwise, scene);
  own.late = range_of(rule.late, scene);
  own.late_days = range_of(rule.late_days, scene);
  own.corrected = range_of(rule.corrected.share, scene);
  own.corrected_days = range_of(rule.corrected.days, scene);
  own.withdrawn = range_of(rule.withdrawn.share, scene);
  own.withdrawn_days = range_of(rule.withdrawn.days, scene);
  const auto pairs = own.members * own.periods;
  if (pairs == 0) return own;
  own.step = *std::ranges::find_if(steps, [&](std::uint64_t step) { return std::gcd(step, pairs) == 1; });
  // Of a rule for members the order is that of the members, whatever the rule: who is left behind once is so again.
  own.shift = key_of({seed_, place_.key, rule.kinds.empty() ? index + 1 : 0, 0xF00D}) % pairs;
  return own;
}

Diary::Member Diary::member(const Rule& rule, std::uint64_t flat) const {
  for (const auto kind : rule.kinds) {
    if (flat < place_.counts[kind]) return {kind, flat};
    flat -= place_.counts[kind];
  }
  return {none, flat};
}

std::optional<std::uint64_t> Diary::flat(const Rule& rule, const Member& member) const {
  std::uint64_t before = 0;
  for (const auto kind : rule.kinds) {
    if (kind == member.kind) return before + member.index;
    before += place_.counts[kind];
  }
  return std::nullopt;
}

std::uint64_t Diary::rank(const Own& own, std::uint64_t pair) const {
  const auto pairs = own.members * own.periods;
  return static_cast<std::uint64_t>((static_cast<unsigned __int128>(pair) * own.step + own.shift) % pairs);
}

std::uint64_t Diary::key(std::size_t rule, std::uint64_t member, std::size_t period, std::size_t ordinal) const {
  return key_of({seed_, place_.key, rule, member, period << 16U | ordinal});
}

base::Date Diary::date(std::size_t rule, std::uint64_t member, std::size_t ordinal) const {
  const auto& what = description_.rules[rule];
  Chance chance(key(rule, member, 0, ordinal));
  if (what.after != none) {
    const auto days = chance.between(own_[rule].days.low, own_[rule].days.high);
    return {date(what.after, member).days + static_cast<std::int32_t>(days)};
  }
  return {static_cast<std::int32_t>(chance.between(what.from.days, what.to.days))};
}

std::size_t Diary::sent_at(base::Date occurred, std::int32_t noted) const {
  const auto sitting = sittings_.first_from({noted});
  if (sitting < sittings_.size() || sittings_.size() == 0) return sitting;
  const auto last = sittings_.size() - 1;
  return sittings_.date(last) < occurred ? sittings_.size() : last;
}

std::size_t Diary::first_sent_at(const Own& own, base::Date occurred, Chance& chance) const {
  const bool late = chance.below(whole) < static_cast<std::uint64_t>(own.late.low);
  const auto delay = late ? chance.between(own.late_days.low, own.late_days.high) : 0;
  return sent_at(occurred, occurred.days + static_cast<std::int32_t>(delay));
}

std::size_t Diary::registered_at(const Member& member) const {
  const auto rule = registering_[member.kind];
  const auto flat = this->flat(description_.rules[rule], member).value_or(0);
  Chance chance = sending(key(rule, flat, 0, 0));
  return first_sent_at(own_[rule], date(rule, flat), chance);
}

bool Diary::is_closed(base::Date date, base::Instant at) const {
  for (std::size_t month = 0; month < std::min(closings_.size(), description_.months.size()); ++month) {
    if (date < description_.months[month].first) return false;
    if (date <= description_.months[month].last) return closings_[month] <= at;
  }
  return false;
}

}  // namespace tamroi::sample
