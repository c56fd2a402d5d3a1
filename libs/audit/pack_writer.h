#pragma once

#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/manifest.h"
#include "audit/running_digest.h"
#include "audit/tile_builder.h"
#include "event/ledger_entry.h"

namespace tamroi::audit {

// Writes an audit pack (schemas/audit/README.md), piece by piece, in any order but for these: leaves, records and outcomes
// each in theirs, finish() last.
//
// Errors: a sentence where what is given belongs to no pack; the pack is then not to be used.
class PackWriter {
 public:
  // Appends bytes to the file at the path below the pack's folder, which is new when its path is given first.
  using Append = std::function<void(const std::string& path, std::string_view bytes)>;
  // `streams`: the unit's provinces; the control stream is added.
  PackWriter(std::string unit, const std::vector<event::Stream>& streams, Append append);

  // The ledger's next leaf. Gives the position that the pack wants the record and the outcome of, if it does.
  [[nodiscard]] std::expected<std::optional<event::Position>, std::string> leaf(std::string_view bytes);
  // The next record and the next outcome of a stream of the pack; its leaf was given before.
  [[nodiscard]] std::expected<void, std::string> record(event::Stream stream, std::string_view bytes);
  [[nodiscard]] std::expected<void, std::string> outcome(event::Stream stream, std::string_view bytes);
  // A whole file: the results, a file of a catalogue.
  void file(const std::string& path, std::string_view bytes);
  // The signed checkpoint, which is of exactly the leaves that were given. Writes what is left, the page and the manifest.
  [[nodiscard]] std::expected<void, std::string> finish(std::string_view checkpoint);

  [[nodiscard]] const Frontier& tree() const { return tiles_.tree(); }

 private:
  struct Written {
    std::uint64_t bytes = 0;
    RunningDigest digest;
  };
  struct Parts {
    std::vector<event::Leaf> leaves;  // that count, by offset
    std::uint64_t records = 0;
    std::uint64_t outcomes = 0;
  };
  void write(const std::string& path, std::string_view bytes);
  void write_framed(const std::string& path, std::string_view bytes);

  std::string unit_;
  Append append_;
  std::map<event::Stream, Parts> streams_;
  std::map<std::string, Written> files_;
  TileBuilder tiles_;
};

// What follows the length of each record and outcome in their files: 4 bytes, big-endian, then the bytes.
void append_framed(std::string& file, std::string_view bytes);
// The next of them, which is taken off; none where the file is cut off.
[[nodiscard]] std::optional<std::string_view> take_framed(std::string_view& file);

}  // namespace tamroi::audit
