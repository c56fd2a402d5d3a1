#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <variant>

#include "projection/projection.h"
#include "projection/stamps.h"

// Where the past is cut: `as_of` of the contract.
namespace tamroi::projection {

// As asked for: every record with recorded_at at or before a time, a position of one province, or an index of the ledger;
// all inclusive.
struct LedgerIndex {
  event::Offset index = 0;
  bool operator==(const LedgerIndex&) const = default;
};
using AsOf = std::variant<base::Instant, event::Position, LedgerIndex>;
[[nodiscard]] std::optional<AsOf> parse_as_of(std::string_view text);

// A province's stream at a cut.
struct Cut {
  event::Offset next = 0;     // exclusive; 0: before its first record
  bool complete = false;      // no record can come that would move it
};

// Finds where streams are cut, and whether more can come before it. A time is complete in a stream once no record of that
// time can be under way, and then everything up to the end is applied: where only this process appends, once all its
// stamps are later; where a journal is shared, once its keeper said where it ends more than `late_max` later, since its
// brokers take no stamp that is older.
//
// Threads: any.
class Cuts {
 public:
  // `shared`: other processes append to the journal, on the real clock.
  Cuts(Projection& projection, Stamps& stamps, bool shared) : projection_(projection), stamps_(stamps), shared_(shared) {}

  // Why there is no such cut, as a sentence; empty where there is one: a time ahead of now, an offset beyond the end.
  [[nodiscard]] std::string impossible(const AsOf& as_of);
  // Where this node has applied less than was asked for, what it is to wait for.
  [[nodiscard]] std::optional<event::Position> missing(const ProvinceStream& province, const AsOf& as_of);
  // Of what `view` has applied; complete only where nothing is missing. Without `may_wait` nobody is asked where a shared
  // stream ends: it is then complete only where that is known.
  [[nodiscard]] Cut cut(const ProvinceStream& province, const ProvinceView& view, const AsOf& as_of, bool may_wait);

 private:
  [[nodiscard]] event::Offset published_by(event::Stream stream, event::Offset index);
  [[nodiscard]] bool settled(const ProvinceStream& province, const ProvinceView& view, base::Instant time);

  Projection& projection_;
  Stamps& stamps_;
  const bool shared_;
  struct Seen {
    base::Instant at;
    event::Offset end = 0;
  };
  std::mutex mutex_;
  std::map<event::Stream, Seen> seen_;  // where a shared stream ended, as its keeper said
};

}  // namespace tamroi::projection
