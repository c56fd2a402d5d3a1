#include "gateway/wishes.h"

#include <algorithm>
#include <charconv>

namespace tamroi::gateway {
namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

std::optional<std::int64_t> seconds_of(std::string_view preference) {
  constexpr std::string_view name = "wait";
  preference = trimmed(preference.substr(0, preference.find(';')));
  if (!preference.starts_with(name)) return std::nullopt;
  preference = trimmed(preference.substr(name.size()));
  if (!preference.starts_with('=')) return std::nullopt;
  preference = trimmed(preference.substr(1));
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(preference.data(), preference.data() + preference.size(), seconds);
  if (error != std::errc() || end != preference.data() + preference.size() || seconds < 0) return std::nullopt;
  return seconds;
}

}  // namespace

std::expected<projection::Stamps::Stamp, base::Problem> stamp_of(const http::Request& request, projection::Stamps& stamps) {
  const auto refuse = [](std::string why) { return std::unexpected(base::Problem{base::Code::Malformed, "", std::move(why)}); };
  const auto given = request.header("tamroi-time");
  if (!given) return stamps.take();
  if (!stamps.clock().simulated()) return refuse("This server has the real clock: Tamroi-Time is for simulated ones.");
  const auto time = base::parse_instant(*given);
  if (!time) return refuse("Tamroi-Time is an RFC 3339 time such as 2022-08-20T03:00:00Z.");
  auto stamp = stamps.take_at(*time);
  if (stamp == nullptr) return refuse("Tamroi-Time is before the latest time that was given.");
  return stamp;
}

void set_wait(const http::Request& request, std::chrono::milliseconds most, bool& waits, std::chrono::steady_clock::time_point& deadline) {
  for (const auto& [name, value] : request.headers) {
    if (name != "prefer") continue;
    for (std::string_view rest = value; !rest.empty();) {
      const auto comma = std::min(rest.find(','), rest.size());
      const auto seconds = seconds_of(rest.substr(0, comma));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
      if (!seconds) continue;
      waits = *seconds > 0;
      deadline = std::chrono::steady_clock::now() + std::min(std::chrono::milliseconds(std::chrono::seconds(std::min<std::int64_t>(*seconds, 3600))), most);
      return;
    }
  }
}

}  // namespace tamroi::gateway
