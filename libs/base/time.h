#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tamroi::base {

// When the system learned something: microseconds since 1970-01-01T00:00:00Z.
struct Instant {
  std::int64_t micros = 0;
  auto operator<=>(const Instant&) const = default;
};

// When something happened: a Bangkok civil date, as days since 1970-01-01.
struct Date {
  std::int32_t days = 0;
  auto operator<=>(const Date&) const = default;
};

// A Gregorian date's parts; month and day from 1.
struct Civil {
  std::int32_t year;
  std::int32_t month;
  std::int32_t day;
};

[[nodiscard]] Civil civil(Date date);
[[nodiscard]] Date from_civil(Civil parts);
// ISO 8601, exactly YYYY-MM-DD and a real date; years 1 to 9999.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);
[[nodiscard]] std::string to_string(Date date);

// Bangkok is UTC+7 all year, without a zone database.
[[nodiscard]] Date bangkok_date(Instant instant);
[[nodiscard]] Instant bangkok_time(Date date, int hour, int minute);

// RFC 3339, any offset, up to microseconds; further digits of a fraction are cut.
[[nodiscard]] std::optional<Instant> parse_instant(std::string_view text);
// RFC 3339 UTC with microseconds: 2022-08-20T03:00:00.000000Z
[[nodiscard]] std::string to_string(Instant instant);

}  // namespace tamroi::base
