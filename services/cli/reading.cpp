#include "cli/reading.h"

#include <fmt/format.h>

#include "base/ratio.h"
#include "base/time.h"
#include "cli/display.h"

namespace tamroi::cli {

namespace json = boost::json;

std::string text_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? printable(value->get_string()) : std::string();
}

std::optional<std::int64_t> integer_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr) return std::nullopt;
  boost::system::error_code error;
  const auto number = value->to_number<std::int64_t>(error);
  return error ? std::nullopt : std::optional(number);
}

bool true_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

const json::object& as_object(const json::value& value) {
  static const json::object nothing;
  return value.is_object() ? value.get_object() : nothing;
}

const json::object& object_at(const json::object& object, std::string_view name) {
  static const json::object nothing;
  const auto* value = object.if_contains(name);
  return value == nullptr ? nothing : as_object(*value);
}

const json::array& array_at(const json::object& object, std::string_view name) {
  static const json::array nothing;
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_array() ? value->get_array() : nothing;
}

std::optional<json::object> parse_object(std::string_view body) {
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = 64;
  auto value = json::parse(body, error, {}, options);
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

std::string position_text(const json::object& position) {
  const auto offset = integer_at(position, "offset");
  return offset ? fmt::format("{}:{}", text_at(position, "stream"), *offset) : std::string();
}

std::string bangkok_text(std::string_view rfc3339) {
  constexpr std::int64_t second = 1'000'000;
  const auto instant = base::parse_instant(rfc3339);
  if (!instant) return std::string(rfc3339);
  const auto date = base::bangkok_date(*instant);
  const auto since_midnight = instant->micros - base::bangkok_time(date, 0, 0).micros;
  const auto seconds = since_midnight / second;
  return fmt::format("{} {:02}:{:02}:{:02}", base::to_string(date), seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string figure_text(const json::object& figure) {
  std::string out;
  if (figure.contains("value")) {
    out = text_at(figure, "value");
  } else if (const auto numerator = integer_at(figure, "numerator")) {
    const auto denominator = integer_at(figure, "denominator").value_or(0);
    out = fmt::format("{} of {}", *numerator, denominator);
    if (denominator > 0)
      out = fmt::format("{} ({})", base::percent({base::Int128{*numerator}, base::Int128{denominator}}), out);
  } else {
    const auto why = text_at(figure, "undefined");
    out = why.empty() ? "undefined" : "undefined: " + why;
  }
  const auto& defined_in = object_at(figure, "defined_in");
  if (const auto count = integer_at(defined_in, "count")) {
    out += fmt::format(", defined in {} of {} provinces", *count, integer_at(defined_in, "of").value_or(0));
  }
  return out;
}

}  // namespace tamroi::cli
