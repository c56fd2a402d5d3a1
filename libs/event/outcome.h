#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.h"
#include "base/ratio.h"
#include "event/record.h"

namespace tamroi::event {

// A measure's figure for one unit: a count or sum, a share, or undefined with the reason.
struct Figure {
  enum class Form : std::uint8_t { Count = 1, Share = 2, Undefined = 3 };
  std::string measure;
  Form form = Form::Count;
  base::Int128 numerator = 0;    // of a count: the value
  base::Int128 denominator = 0;  // of a share
  std::string reason;            // of an undefined one; two undefined figures do not differ
  // Whether it differs for a reader: numerator, denominator or form, never the reason.
  [[nodiscard]] bool same_value(const Figure& other) const {
    return form == other.form && numerator == other.numerator && denominator == other.denominator;
  }
  bool operator==(const Figure&) const = default;
};

// What was published of a unit's indicator.
struct Standing {
  std::uint32_t level = 0;            // 0 to 5
  std::uint32_t evidenced_level = 0;  // 0 to level
  std::int64_t score = 0;             // in ten-thousandths
  bool operator==(const Standing&) const = default;
};

// All that the scorer reads of one (round, unit, indicator), with what was published, after a position.
struct HistoryRow {
  std::string round;
  std::string unit;
  std::uint32_t indicator = 0;
  std::vector<Figure> figures;              // of the indicator's visible measures, in catalogue order
  std::vector<std::string> evidence;        // requirements present, "LEVEL/requirement", in catalogue order
  std::vector<std::pair<std::string, std::uint64_t>> targets;  // measure, value; set for this very unit
  std::vector<std::uint32_t> judged;        // levels whose latest judgement says met
  Standing standing;
  std::uint32_t revision = 0;               // in force
  bool changed = false;                     // whether this row is a change for readers (contract.md, change)
  std::optional<Position> last_change;      // of this or the newest earlier row that is a change
  bool operator==(const HistoryRow&) const = default;
};

// A change for readers: from one standing to another, with the measures that differ.
struct Change {
  std::string round;
  std::string unit;
  std::uint32_t indicator = 0;
  Standing before;
  Standing after;
  std::vector<std::pair<Figure, Figure>> measures;  // before, after
  std::uint32_t revision = 0;                       // in force after it
  bool operator==(const Change&) const = default;
};

enum class Verdict : std::uint8_t { Accepted = 1, Rejected = 2, Repeat = 3, Quarantined = 4, Applied = 5, Skipped = 6 };

// What the fold concluded of one record. Its bytes are published in the ledger and never change.
struct Outcome {
  Position position;
  base::Instant recorded_at;
  std::uint32_t fold_version = 0;
  Verdict verdict = Verdict::Accepted;
  std::optional<Position> repeat_of;         // of a repeat: the first record of that id
  std::vector<base::Problem> problems;       // in document order; the first problems_max, cut
  std::uint64_t problems_total = 0;
  std::string round;                         // as the record says; empty where it says none
  std::string unit;
  std::uint64_t version = 0;                 // of the unit, after it
  std::uint64_t control_number = 0;          // of an accepted control, or a copy
  std::vector<Change> changes;
  std::vector<HistoryRow> rows;
  bool operator==(const Outcome&) const = default;
};

inline constexpr std::size_t problems_max = 1000;
inline constexpr std::size_t problems_bytes_max = 256 * 1024;
inline constexpr std::size_t problem_text_bytes_max = 512;

// Cuts `where` and `why` at a code point, keeps the first of them within the limits, and sets the total.
void set_problems(Outcome& outcome, std::vector<base::Problem> problems);

// The protobuf bytes of schemas/event/outcome.proto; the same outcome always gives the same bytes.
[[nodiscard]] std::string encode(const Outcome& outcome);
[[nodiscard]] std::expected<Outcome, std::string> decode_outcome(std::string_view bytes);
// A history row or a change alone, for the read model.
[[nodiscard]] std::string encode(const HistoryRow& row);
[[nodiscard]] std::expected<HistoryRow, std::string> decode_history_row(std::string_view bytes);
[[nodiscard]] std::string encode(const Change& change);
[[nodiscard]] std::expected<Change, std::string> decode_change(std::string_view bytes);

}  // namespace tamroi::event
