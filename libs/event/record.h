#pragma once

#include <compare>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "base/uuid.h"

namespace tamroi::event {

// A stream of the journal: a province's by its code (10 to 99), or one of the three of the whole system.
struct Stream {
  std::uint16_t code = 0;
  auto operator<=>(const Stream&) const = default;
};
inline constexpr Stream control_stream{0};
inline constexpr Stream ledger_stream{1};
inline constexpr Stream checkpoints_stream{2};
[[nodiscard]] std::string to_string(Stream stream);  // "24", "control", "ledger", "checkpoints"
[[nodiscard]] std::optional<Stream> parse_stream(std::string_view text);

using Offset = std::uint64_t;

struct Position {
  Stream stream;
  Offset offset = 0;
  auto operator<=>(const Position&) const = default;
};
// As in queries: 24:17
[[nodiscard]] std::optional<Position> parse_position(std::string_view text);

// Who acted: an opaque account, with the role and unit it had at the gateway.
struct Actor {
  std::string account;
  std::string role;
  std::string unit;
  bool operator==(const Actor&) const = default;
};

enum class Kind : std::uint8_t { Submission = 1, Control = 2, ControlCopy = 3, Review = 4 };

// What the journal holds, for ever (record.md). `body` is the JSON exactly as received.
struct Record {
  Kind kind = Kind::Submission;
  base::Uuid id;
  base::Instant received_at;
  Actor actor;
  std::string body;
  std::uint64_t number = 0;          // of a control copy: its number, from 1
  Offset control_offset = 0;         // of a control copy: the control's offset in the control stream
  bool operator==(const Record&) const = default;
};

inline constexpr std::uint32_t record_format = 1;

// The protobuf bytes of schemas/event/record.proto; the same record always gives the same bytes.
[[nodiscard]] std::string encode(const Record& record);
// The reason why the bytes are no record of a known format, as a sentence.
[[nodiscard]] std::expected<Record, std::string> decode_record(std::string_view bytes);

}  // namespace tamroi::event
