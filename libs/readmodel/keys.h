#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/uuid.h"
#include "event/record.h"
#include "scoring/province_round.h"

// The keys of KEYS.md, one function each. Numbers are big-endian; a number whose newest shall come first is kept
// inverted; a text in the middle of a key ends with a zero byte.
namespace tamroi::readmodel::keys {

[[nodiscard]] inline base::ByteWriter of_stream(event::Stream stream) { return std::move(base::ByteWriter().u16(stream.code)); }

[[nodiscard]] inline base::ByteWriter of_round(event::Stream stream, std::string_view round) {
  return std::move(of_stream(stream).raw(round).u8(0));
}

[[nodiscard]] inline std::string next(event::Stream stream) { return of_stream(stream).raw("n").take(); }
[[nodiscard]] inline std::string published_next(event::Stream stream) { return of_stream(stream).raw("p").take(); }
[[nodiscard]] inline std::string compared_next(event::Stream stream) { return of_stream(stream).raw("c").take(); }
[[nodiscard]] inline std::string part(event::Stream stream, std::string_view key) { return of_stream(stream).raw("s").raw(key).take(); }

[[nodiscard]] inline std::string position(event::Position position) { return of_stream(position.stream).u64(position.offset).take(); }

[[nodiscard]] inline std::string submission(const base::Uuid& id, event::Stream stream) {
  return base::ByteWriter().raw(id.raw()).u16(stream.code).take();
}

[[nodiscard]] inline std::string newest_checkpoint() { return of_stream(event::checkpoints_stream).raw("k").take(); }
[[nodiscard]] inline std::string cosigned_checkpoint() { return of_stream(event::checkpoints_stream).raw("w").take(); }

[[nodiscard]] inline std::string tile(unsigned level, std::uint64_t index) {
  return base::ByteWriter().u8(static_cast<std::uint8_t>(level)).u64(index).take();
}

[[nodiscard]] inline std::string fact(event::Stream stream, std::string_view round, const base::Uuid& id) {
  return of_round(stream, round).raw(id.raw()).take();
}

// An earlier version of a fact; the newest of them comes first.
[[nodiscard]] inline std::string earlier_fact(event::Stream stream, std::string_view round, const base::Uuid& id, std::uint32_t nth) {
  return of_round(stream, round).raw(id.raw()).u32(~nth).take();
}

[[nodiscard]] inline std::string history(event::Stream stream, std::string_view round, std::string_view unit, std::uint32_t indicator,
                                         event::Offset offset) {
  return of_round(stream, round).raw(unit).u8(0).u32(indicator).u64(~offset).take();
}

// A unit's submissions of one verdict, newest first; those that were rejected are together whatever round they name.
enum class Verdict : std::uint8_t { Accepted = 1, Rejected = 2 };
[[nodiscard]] inline std::string sent(event::Stream stream, std::string_view unit, Verdict verdict, std::string_view round, event::Offset offset) {
  return of_stream(stream).raw(unit).u8(0).u8(static_cast<std::uint8_t>(verdict)).raw(round).u8(0).u64(~offset).take();
}

[[nodiscard]] inline std::string latest_cell(event::Stream stream, const scoring::LatestCell& cell) {
  return of_round(stream, cell.round).u32(cell.term).raw(cell.owner).u8(0).u32(cell.cell).take();
}

// Newest first.
[[nodiscard]] inline std::string latest(std::string prefix, const scoring::Latest& fact) {
  base::ByteWriter order;
  order.u32(~(static_cast<std::uint32_t>(fact.occurred_on.days) ^ 0x8000'0000)).u64(~fact.recorded.offset).u32(~fact.recorded.entry);
  return prefix += order.bytes();
}

}  // namespace tamroi::readmodel::keys
