#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/sha256.h"
#include "event/outcome.h"

namespace tamroi::reporting {

// The newest history row of each (round, unit, indicator) of a stream: what is published of it at some position.
//
// Its digest is SHA-256 over key and row of each, in the order of the keys, both preceded by their lengths (4 bytes,
// big-endian). A key is the round's name, 0, the unit's code, 0, and the indicator (4 bytes, big-endian); a row is the
// protobuf HistoryRow.
class CurrentResults {
 public:
  [[nodiscard]] static std::string key(std::string_view round, std::string_view unit, std::uint32_t indicator);

  // Takes the place of the row that is there.
  void put(const event::HistoryRow& row, std::string_view bytes);
  void put(std::string key, std::string bytes) { rows_.insert_or_assign(std::move(key), std::move(bytes)); }
  void clear() { rows_.clear(); }

  [[nodiscard]] base::Digest digest() const;
  // By key.
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& rows() const { return rows_; }

 private:
  std::map<std::string, std::string, std::less<>> rows_;
};

// Whether the digest of a stream is kept after this record: every so many, and at each copy of a control.
inline constexpr event::Offset digest_every = 4096;
[[nodiscard]] inline bool digest_is_due(event::Offset offset, event::Kind kind) {
  return (offset + 1) % digest_every == 0 || kind == event::Kind::ControlCopy;
}

}  // namespace tamroi::reporting
