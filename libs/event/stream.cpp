#include <charconv>

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

std::optional<Position> parse_position(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto stream = parse_stream(text.substr(0, colon));
  text.remove_prefix(colon + 1);
  Offset offset = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!stream || !whole || (text.size() > 1 && text.starts_with('0'))) return std::nullopt;
  return Position{*stream, offset};
}

}  // namespace tamroi::event
