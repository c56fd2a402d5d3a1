#include "catalogue/read.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace tamroi::catalogue {
namespace {

const std::vector<Value> nothing;

bool digits_only(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (!digits_only(text) || text.size() > 16 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// A decimal with at most two digits of fraction, in hundredths.
std::optional<std::int64_t> parse_hundredths(std::string_view text) {
  const std::size_t point = text.find('.');
  const auto whole = parse_integer(text.substr(0, point));
  if (!whole || *whole > 1'000'000'000'000) return std::nullopt;
  if (point == std::string_view::npos) return *whole * 100;
  const std::string_view fraction = text.substr(point + 1);
  if (!digits_only(fraction) || fraction.size() > 2) return std::nullopt;
  const std::int64_t tenths = (fraction[0] - '0') * 10;
  return *whole * 100 + tenths + (fraction.size() == 2 ? fraction[1] - '0' : 0);
}

}  // namespace

Members::Members(const Value& value, Reporter& reporter, std::initializer_list<std::string_view> known)
    : value_(value), reporter_(reporter) {
  if (value.kind != Value::Kind::Map) {
    reporter.error(value.line, "Here must be a map of members.");
    return;
  }
  const std::vector<std::string_view> words(known);
  for (const Value& member : value.items) {
    if (std::ranges::find(words, member.key) == words.end()) reporter.unknown(member.line, "member", member.key, words);
  }
}

const Value* Members::need(std::string_view key) const {
  const Value* value = get(key);
  if (value == nullptr && is_map()) reporter_.error(value_.line, fmt::format("\"{}\" is missing.", key));
  return value;
}

std::optional<std::string> read_text(const Value* value, Reporter& reporter) {
  if (value == nullptr) return std::nullopt;
  if (value->kind != Value::Kind::Scalar) {
    reporter.error(value->line, "Here must be a text.");
    return std::nullopt;
  }
  return value->text;
}

bool check_name(std::string_view name, std::size_t line, Reporter& reporter) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto rest = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  if (!name.empty() && name.size() <= 64 && letter(name[0]) && std::ranges::all_of(name, rest)) return true;
  reporter.error(line, fmt::format("\"{}\" is no name: 1 to 64 letters, digits and _, a letter first.", name));
  return false;
}

std::optional<std::string> read_name(const Value* value, Reporter& reporter) {
  auto text = read_text(value, reporter);
  if (!text || !check_name(*text, value->line, reporter)) return std::nullopt;
  return text;
}

std::optional<std::int64_t> read_integer(const Value* value, Reporter& reporter) {
  return read_integer(value, reporter, 0, 9'007'199'254'740'991);
}

std::optional<std::int64_t> read_integer(const Value* value, Reporter& reporter, std::int64_t minimum,
                                         std::int64_t maximum) {
  if (value == nullptr) return std::nullopt;
  if (value->kind == Value::Kind::Scalar && !value->quoted) {
    const auto number = parse_integer(value->text);
    if (number && *number >= minimum && *number <= maximum) return number;
  }
  reporter.error(value->line, fmt::format("Here must be an integer from {} to {}.", minimum, maximum));
  return std::nullopt;
}

std::optional<std::uint32_t> read_key_number(const Value& member, Reporter& reporter) {
  const auto number = parse_integer(member.key);
  if (number && *number >= 1 && *number <= 999'999) return static_cast<std::uint32_t>(*number);
  reporter.error(member.line, fmt::format("\"{}\" must be a number from 1.", member.key));
  return std::nullopt;
}

std::optional<std::int64_t> read_hundredths(const Value* value, Reporter& reporter) {
  const auto text = read_text(value, reporter);
  if (!text) return std::nullopt;
  auto number = parse_hundredths(*text);
  if (!number) reporter.error(value->line, "Here must be a number with at most two decimals.");
  return number;
}

std::optional<bool> read_boolean(const Value* value, Reporter& reporter) {
  if (value == nullptr) return std::nullopt;
  if (value->kind == Value::Kind::Scalar && !value->quoted) {
    if (value->text == "true") return true;
    if (value->text == "false") return false;
  }
  reporter.error(value->line, "Here must be true or false.");
  return std::nullopt;
}

std::optional<base::Date> read_date(const Value* value, Reporter& reporter) {
  const auto text = read_text(value, reporter);
  if (!text) return std::nullopt;
  const auto date = base::parse_date(*text);
  if (!date) reporter.error(value->line, fmt::format("\"{}\" is no date of the form 2022-04-01.", *text));
  return date;
}

Text read_label(const Value* value, Reporter& reporter) {
  if (value == nullptr) return {};
  const Members members(*value, reporter, {"th", "en"});
  Text text;
  for (auto [key, target] : {std::pair{"th", &text.th}, std::pair{"en", &text.en}}) {
    const Value* member = members.need(key);
    if (auto words = read_text(member, reporter)) *target = std::move(*words);
    if (member != nullptr && member->kind == Value::Kind::Scalar && target->empty()) {
      reporter.error(member->line, "The text must not be empty.");
    }
  }
  return text;
}

std::optional<Threshold> read_threshold(const Value* value, Reporter& reporter) {
  const auto text = read_text(value, reporter);
  if (!text) return std::nullopt;
  if (text->ends_with(" %")) {
    const auto hundredths = parse_hundredths(std::string_view(*text).substr(0, text->size() - 2));
    if (hundredths && *hundredths % 100 == 0) return Threshold{{*hundredths / 100, 100}, true};
    if (hundredths) return Threshold{{*hundredths, 10'000}, true};
  } else if (const auto number = parse_integer(*text)) {
    return Threshold{{*number, 1}, false};
  }
  reporter.error(value->line, fmt::format("\"{}\" is neither an integer nor a percentage such as 60 %.", *text));
  return std::nullopt;
}

const std::vector<Value>& read_list(const Value* value, Reporter& reporter) {
  if (value == nullptr) return nothing;
  if (value->kind == Value::Kind::List && !value->items.empty()) return value->items;
  reporter.error(value->line, "Here must be a list that is not empty.");
  return nothing;
}

const std::vector<Value>& read_map(const Value* value, Reporter& reporter) {
  if (value == nullptr) return nothing;
  if (value->kind == Value::Kind::Map && !value->items.empty()) return value->items;
  reporter.error(value->line, "Here must be a map that is not empty.");
  return nothing;
}

}  // namespace tamroi::catalogue
