#include "base/time.h"

#include <chrono>

#include <fmt/format.h>

namespace tamroi::base {
namespace {

constexpr std::int64_t micros_a_day = 86'400'000'000;
constexpr std::int64_t bangkok_offset = 7LL * 3'600'000'000;

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// The number in text[at, at + count), or -1 where a character is no digit.
int number(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

// Seconds east of UTC of "Z" or "+hh:mm".
std::optional<int> offset_seconds(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const int hours = number(text, 1, 2);
  const int minutes = number(text, 4, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

}  // namespace

Civil civil(Date date) {
  const std::chrono::year_month_day parts{std::chrono::sys_days{std::chrono::days{date.days}}};
  return {static_cast<int>(parts.year()), static_cast<std::int32_t>(static_cast<unsigned>(parts.month())),
          static_cast<std::int32_t>(static_cast<unsigned>(parts.day()))};
}

Date from_civil(Civil parts) {
  const std::chrono::sys_days day = std::chrono::year{parts.year} / parts.month / parts.day;
  return {static_cast<std::int32_t>(day.time_since_epoch().count())};
}

std::optional<Date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = number(text, 0, 4);
  const int month = number(text, 5, 2);
  const int day = number(text, 8, 2);
  if (year < 1 || month < 1 || day < 1) return std::nullopt;
  const auto parts = std::chrono::year{year} / month / day;
  if (!parts.ok()) return std::nullopt;
  return from_civil({year, month, day});
}

std::string to_string(Date date) {
  const Civil parts = civil(date);
  return fmt::format("{:04}-{:02}-{:02}", parts.year, parts.month, parts.day);
}

Date bangkok_date(Instant instant) {
  return {static_cast<std::int32_t>(floor_divide(instant.micros + bangkok_offset, micros_a_day))};
}

Instant bangkok_time(Date date, int hour, int minute) {
  return {date.days * micros_a_day + (hour * 60LL + minute) * 60'000'000 - bangkok_offset};
}

std::optional<Instant> parse_instant(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't')) return std::nullopt;
  const auto date = parse_date(text.substr(0, 10));
  const int hour = number(text, 11, 2);
  const int minute = number(text, 14, 2);
  const int second = number(text, 17, 2);
  if (!date || text[13] != ':' || text[16] != ':') return std::nullopt;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return std::nullopt;
  std::size_t at = 19;
  std::int64_t fraction = 0;
  if (text[at] == '.') {
    std::int64_t unit = 100'000;
    const std::size_t first = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10) fraction += unit * (text[at] - '0');
    if (at == first) return std::nullopt;
  }
  const auto offset = offset_seconds(text.substr(at));
  if (!offset) return std::nullopt;
  const std::int64_t seconds = hour * 3600LL + minute * 60LL + second - *offset;
  return Instant{date->days * micros_a_day + seconds * 1'000'000 + fraction};
}

std::string to_string(Instant instant) {
  const std::int64_t days = floor_divide(instant.micros, micros_a_day);
  const std::int64_t rest = instant.micros - days * micros_a_day;
  const std::int64_t seconds = rest / 1'000'000;
  return fmt::format("{}T{:02}:{:02}:{:02}.{:06}Z", to_string(Date{static_cast<std::int32_t>(days)}), seconds / 3600,
                     seconds / 60 % 60, seconds % 60, rest % 1'000'000);
}

}  // namespace tamroi::base
