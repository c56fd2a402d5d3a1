#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/sha256.h"
#include "base/time.h"
#include "event/record.h"

namespace tamroi::access {

// That somebody looked at something, or did something beside what the journal holds.
struct Access {
  base::Instant at;
  event::Actor actor;
  std::string act;         // "facts", "sign", …
  std::string of;          // what: a path with its query, a folder, a checkpoint
  int status = 0;          // of an answer; 0 where there is none
  std::string request_id;  // of a request
  bool operator==(const Access&) const = default;
};

// A line of the log: JSON, with its number and the SHA-256 of the line before, without its end; of no line: zeros.
struct Line {
  std::uint64_t number = 0;  // from 0, dense
  base::Digest before{};
  Access access;
  bool operator==(const Line&) const = default;
};

// Without the line's end.
[[nodiscard]] std::string encode(const Line& line);
// A sentence where it is no such line.
[[nodiscard]] std::expected<Line, std::string> decode_line(std::string_view text);

}  // namespace tamroi::access
