#include <fmt/format.h>

#include "event/record.h"

namespace tamroi::event {

std::string to_string(Stream stream) {
  if (stream == control_stream) return "control";
  if (stream == ledger_stream) return "ledger";
  if (stream == checkpoints_stream) return "checkpoints";
  return fmt::format("{}", stream.code);
}

std::optional<Stream> parse_stream(std::string_view text) {
  if (text == "control") return control_stream;
  if (text == "ledger") return ledger_stream;
  if (text == "checkpoints") return checkpoints_stream;
  if (text.size() != 2 || text[0] < '1' || text[0] > '9' || text[1] < '0' || text[1] > '9') return std::nullopt;
  return Stream{static_cast<std::uint16_t>((text[0] - '0') * 10 + (text[1] - '0'))};
}

}  // namespace tamroi::event
