#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/time.h"

namespace tamroi::sample {

// One line of a history (README.md of schemas/sample): what is sent, when, and as whom.
struct Line {
  base::Instant at = {};
  std::string as = {};       // ROLE@UNIT
  bool control = false; // otherwise a submission
  bool rejected = false; // is meant to be
  std::string body = {};     // JSON
};

// Ends with the end of the line.
[[nodiscard]] std::string to_text(const Line& line);

// The sentence says what is wrong. `document` is kept for its memory alone.
[[nodiscard]] std::expected<Line, std::string> parse_line(std::string_view text, base::Json& document);

}  // namespace tamroi::sample
