// How the fold of a province is saved in parts, and loaded.
//
//   "f"                  the fold: time, facts, controls, rounds with where their catalogues stand, the version that counts
//   "r" round:2 "a"      a round: whether it is open, versions, last changes
//   "r" round:2 "s" ...  its measures, see scoring/saved_round.cpp

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "reporting/control_body.h"
#include "reporting/province_fold.h"

namespace tamroi::reporting {
namespace {

using base::ByteReader;
using base::ByteWriter;

std::string prefix_of(const RoundState& state) { return ByteWriter().raw("r").u16(state.number).take(); }

std::string bytes_of(const RoundState& state) {
  ByteWriter out;
  out.u8(state.opened ? 1 : 0).u8(state.closed ? 1 : 0).number(state.versions.size());
  for (const auto& [unit, version] : state.versions) out.text(unit).number(version);
  out.number(state.last_change.size());
  for (const auto& [key, position] : state.last_change) {
    out.number(key.first).number(key.second).u16(position.stream.code).number(position.offset);
  }
  return out.take();
}

void load_round(RoundState& state, std::string_view bytes) {
  ByteReader in(bytes);
  state.opened = in.u8() != 0;
  state.closed = in.u8() != 0;
  for (auto left = in.number(); left > 0; --left) {
    const std::string unit(in.text());
    state.versions[unit] = in.number();
  }
  for (auto left = in.number(); left > 0; --left) {
    const auto unit = in.number();
    const auto indicator = static_cast<catalogue::Index>(in.number());
    const event::Stream stream{in.u16()};
    state.last_change[{unit, indicator}] = {stream, in.number()};
  }
  in.end();
}

catalogue::Bundle catalogue_in(std::string_view control) {
  base::Json document;
  const auto body = document.parse(control);
  CHECK(body.has_value());
  Problems problems;
  auto read = read_control_body(ControlType::CataloguePublished, *body, problems);
  CHECK(problems.empty() && read.files.has_value());
  return std::move(*read.files);
}

}  // namespace

void ProvinceFold::save(Parts& parts) {
  ByteWriter out;
  out.signed_number(recorded_at_.micros).number(facts_).number(controls_.size());
  for (const auto offset : controls_) out.number(offset);
  out.number(rounds_.size());
  for (const auto& [name, state] : rounds_) out.text(name).u16(state->number).number(state->catalogue);
  out.number(counted_);
  parts.put("f", out.bytes());
  for (const auto& [name, state] : rounds_) {
    const auto prefix = prefix_of(*state);
    if (std::exchange(state->anew, false)) parts.erase(prefix);
    parts.put(prefix + "a", bytes_of(*state));
    state->measures.save([&](std::string_view key, std::string_view bytes) {
      parts.put(prefix + "s" + std::string(key), bytes);
    });
  }
}

void ProvinceFold::load_fold(std::string_view bytes) {
  ByteReader in(bytes);
  recorded_at_ = {in.signed_number()};
  facts_ = in.number();
  controls_.resize(in.number());
  for (auto& offset : controls_) offset = in.number();
  for (auto left = in.number(); left > 0; --left) {
    const std::string name(in.text());
    const auto number = in.u16();
    const event::Offset offset = in.number();
    const auto plan = plans_->compile(catalogue_in(store_.body(offset))).plan;
    CHECK(plan != nullptr && plan->round == name);
    auto state = std::make_unique<RoundState>(plan, province_);
    state->number = number;
    state->catalogue = offset;
    state->anew = false;
    rounds_[name] = std::move(state);
  }
  counted_ = static_cast<std::uint32_t>(in.number());
  in.end();
}

void ProvinceFold::load(std::string_view key, std::string_view bytes) {
  ByteReader in(key);
  if (in.u8() == 'f') return load_fold(bytes);
  const auto number = in.u16();
  const auto found = std::ranges::find_if(rounds_, [&](const auto& round) { return round.second->number == number; });
  CHECK(found != rounds_.end());
  if (in.u8() == 'a') return load_round(*found->second, bytes);
  found->second->measures.load(key.substr(4), bytes);
}

}  // namespace tamroi::reporting
