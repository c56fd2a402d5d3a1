// How a province's round is saved in parts, and loaded: what changes often lies apart from what changes seldom.
//
//   "h"                           months closed, revision
//   "m" register:2 place:4        a member with its cells
//   "u" unit:2                    a unit with its cells, tallies and what was published of it

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "scoring/province_round.h"

namespace tamroi::scoring {
namespace {

using base::ByteReader;
using base::ByteWriter;
using catalogue::Index;

void put(ByteWriter& out, const Latest& latest) {
  out.u8(latest.present ? 1 : 0);
  if (!latest.present) return;
  out.signed_number(latest.occurred_on.days).number(latest.recorded.offset).number(latest.recorded.entry).signed_number(latest.value);
}

Latest get_latest(ByteReader& in) {
  Latest latest;
  latest.present = in.u8() != 0;
  if (!latest.present) return latest;
  latest.occurred_on = {static_cast<std::int32_t>(in.signed_number())};
  latest.recorded.offset = in.number();
  latest.recorded.entry = static_cast<std::uint32_t>(in.number());
  latest.value = in.signed_number();
  return latest;
}

void put(ByteWriter& out, const Cells& cells, std::size_t owner) {
  const auto& extent = cells.extent();
  for (std::size_t i = 0; i < extent.counts; ++i) out.number(cells.count(owner, i));
  for (std::size_t i = 0; i < extent.sums; ++i) out.wide(cells.sum(owner, i));
  for (std::size_t i = 0; i < extent.latest; ++i) put(out, cells.latest(owner, i));
  for (std::size_t i = 0; i < extent.multisets; ++i) {
    const auto& multiset = cells.multiset(owner, i);
    out.number(multiset.size());
    for (const auto& [value, count] : multiset) out.text(value).number(count);
  }
}

void get(ByteReader& in, Cells& cells, std::size_t owner) {
  const auto& extent = cells.extent();
  for (std::size_t i = 0; i < extent.counts; ++i) cells.count(owner, i) = static_cast<std::uint32_t>(in.number());
  for (std::size_t i = 0; i < extent.sums; ++i) cells.sum(owner, i) = in.wide();
  for (std::size_t i = 0; i < extent.latest; ++i) cells.latest(owner, i) = get_latest(in);
  for (std::size_t i = 0; i < extent.multisets; ++i) {
    auto& multiset = cells.multiset(owner, i);
    multiset.clear();
    for (auto left = in.number(); left > 0; --left) {
      const std::string value(in.text());
      multiset[value] = static_cast<std::uint32_t>(in.number());
    }
  }
}

void put(ByteWriter& out, const Snapshot& snapshot) {
  out.number(snapshot.values.size());
  for (const auto& value : snapshot.values) {
    out.u8(static_cast<std::uint8_t>(value.form)).wide(value.numerator).wide(value.denominator);
    out.u8(value.why).number(value.missing).number(value.members);
  }
  out.number(snapshot.evidence).number(snapshot.targets.size());
  for (const auto& [measure, value] : snapshot.targets) out.number(measure).number(value);
  const auto& standing = snapshot.standing;
  out.number(snapshot.judged).number(standing.level).number(standing.evidenced_level).signed_number(standing.score);
  out.number(snapshot.revision);
}

Snapshot get_snapshot(ByteReader& in) {
  Snapshot snapshot;
  snapshot.values.resize(in.number());
  for (auto& value : snapshot.values) {
    value.form = static_cast<event::Figure::Form>(in.u8());
    value.numerator = in.wide();
    value.denominator = in.wide();
    value.why = in.u8();
    value.missing = in.number();
    value.members = in.number();
  }
  snapshot.evidence = in.number();
  snapshot.targets.resize(in.number());
  for (auto& [measure, value] : snapshot.targets) {
    measure = static_cast<Index>(in.number());
    value = in.number();
  }
  snapshot.judged = static_cast<std::uint32_t>(in.number());
  snapshot.standing.level = static_cast<std::uint32_t>(in.number());
  snapshot.standing.evidenced_level = static_cast<std::uint32_t>(in.number());
  snapshot.standing.score = in.signed_number();
  snapshot.revision = static_cast<std::uint32_t>(in.number());
  return snapshot;
}

}  // namespace

std::string ProvinceRound::unit_bytes(std::size_t unit) const {
  const auto& state = units_[unit];
  ByteWriter out;
  put(out, unit_cells_, unit);
  for (const auto& tally : state.tallies) out.signed_number(tally.in).signed_number(tally.satisfied);
  for (const auto& growth : state.growths) {
    out.wide(growth.from).wide(growth.to).signed_number(growth.members);
    out.signed_number(growth.with_from).signed_number(growth.with_to).signed_number(growth.with_both);
  }
  for (std::size_t i = 0; i < state.published.size(); ++i) {
    put(out, state.published[i]);
    out.u8(state.touched[i] ? 1 : 0);
  }
  out.number(state.targets.size());
  for (const auto& [measure, value] : state.targets) out.number(measure).number(value);
  out.number(state.judged.size());
  for (const auto& [key, latest] : state.judged) {
    out.number(key.first).number(key.second);
    put(out, latest);
  }
  return out.take();
}

void ProvinceRound::load_unit(std::size_t unit, std::string_view bytes) {
  auto& state = units_.at(unit);
  ByteReader in(bytes);
  get(in, unit_cells_, unit);
  for (auto& tally : state.tallies) {
    tally.in = in.signed_number();
    tally.satisfied = in.signed_number();
  }
  for (auto& growth : state.growths) {
    growth.from = in.wide();
    growth.to = in.wide();
    for (auto* count : {&growth.members, &growth.with_from, &growth.with_to, &growth.with_both}) *count = in.signed_number();
  }
  for (std::size_t i = 0; i < state.published.size(); ++i) {
    state.published[i] = get_snapshot(in);
    state.touched[i] = in.u8() != 0;
  }
  state.targets.resize(in.number());
  for (auto& [measure, value] : state.targets) {
    measure = static_cast<Index>(in.number());
    value = in.number();
  }
  state.judged.clear();
  for (auto left = in.number(); left > 0; --left) {
    const auto indicator = static_cast<std::uint32_t>(in.number());
    const auto level = static_cast<std::uint32_t>(in.number());
    state.judged[{indicator, level}] = get_latest(in);
  }
  in.end();
  state.marked = false;
}

std::string ProvinceRound::member_bytes(Index reg, std::size_t place) const {
  const auto& registry = registries_[reg];
  const auto& member = registry.member(place);
  ByteWriter out;
  out.text(registry.name(place)).u8(member.live ? 1 : 0).number(member.unit).number(member.uses);
  out.signed_number(member.registered_on.days).number(member.where).raw(member.registration.raw());
  put(out, registry.cells(), place);
  return out.take();
}

void ProvinceRound::load_member(Index reg, std::size_t place, std::string_view bytes) {
  auto& registry = registries_.at(reg);
  ByteReader in(bytes);
  CHECK(registry.place(in.text()) == place);
  auto& member = registry.member(place);
  member.live = in.u8() != 0;
  member.unit = static_cast<std::uint32_t>(in.number());
  member.uses = static_cast<std::uint32_t>(in.number());
  member.registered_on = {static_cast<std::int32_t>(in.signed_number())};
  member.where = in.number();
  const auto registration = in.raw(member.registration.bytes.size());
  std::ranges::copy(registration, member.registration.bytes.begin());
  get(in, registry.cells(), place);
  in.end();
}

void ProvinceRound::save(const Part& put_part) {
  put_part("h", ByteWriter().number(closed_months_).number(revision_).bytes());
  for (Index reg = 0; reg < registries_.size(); ++reg) {
    for (const auto place : registries_[reg].take_marked()) {
      const auto key = ByteWriter().raw("m").u16(static_cast<std::uint16_t>(reg)).u32(static_cast<std::uint32_t>(place)).take();
      put_part(key, member_bytes(reg, place));
    }
  }
  for (std::size_t u = 0; u < units_.size(); ++u) {
    if (!std::exchange(units_[u].marked, false)) continue;
    put_part(ByteWriter().raw("u").u16(static_cast<std::uint16_t>(u)).bytes(), unit_bytes(u));
  }
}

void ProvinceRound::load(std::string_view key, std::string_view bytes) {
  ByteReader in(key);
  switch (in.u8()) {
    case 'h': {
      ByteReader header(bytes);
      closed_months_ = static_cast<std::uint32_t>(header.number());
      revision_ = static_cast<std::uint32_t>(header.number());
      return header.end();
    }
    case 'm': {
      const auto reg = in.u16();
      return load_member(reg, in.u32(), bytes);
    }
    case 'u': return load_unit(in.u16(), bytes);
    default: throw base::Defect("a saved round has a part of an unknown kind");
  }
}

}  // namespace tamroi::scoring
