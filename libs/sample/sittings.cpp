#include "sample/sittings.h"

#include <algorithm>
#include <map>

#include "sample/chance.h"

namespace tamroi::sample {
namespace {

// From 1, Monday; 1970-01-01 was a Thursday.
std::int32_t weekday(base::Date date) { return ((date.days + 3) % 7 + 7) % 7 + 1; }

}  // namespace

Sittings::Sittings(const Description& description, const Place& place, std::uint64_t seed)
    : step_(description.sending.minutes),
      key_(key_of({seed, place.key, 0x51D})),
      first_day_(description.first_day) {
  std::map<base::Date, const Appointment*> by_date;  // the last one of a day counts
  for (const auto& appointment : description.calendars[place.way->calendar].appointments) {
    const auto add = [&](base::Date date) { by_date[date] = &appointment; };
    if (appointment.on == Appointment::On::Date) {
      add({appointment.first});
    } else if (appointment.on == Appointment::On::MonthDays) {
      for (const auto& month : description.months) {
        Chance chance(key_of({key_, static_cast<std::uint64_t>(month.first.days),
                              static_cast<std::uint64_t>(appointment.first)}));
        const auto day = chance.between(appointment.first, appointment.last);
        add({month.first.days + static_cast<std::int32_t>(day) - 1});
      }
    } else {
      for (auto date = description.first_day; date <= description.last_day; ++date.days) {
        if (weekday(date) == appointment.first) add(date);
      }
    }
  }
  for (const auto& [date, appointment] : by_date) add(*appointment, date);
  for (auto date = description.first_day; !dates_.empty() && date <= dates_.back(); ++date.days) {
    by_day_.push_back(static_cast<std::uint16_t>(std::ranges::lower_bound(dates_, date) - dates_.begin()));
  }
}

void Sittings::add(const Appointment& appointment, base::Date date) {
  Chance chance(key_of({key_, static_cast<std::uint64_t>(date.days)}));
  const auto minutes = appointment.from + step_ * static_cast<std::int32_t>(chance.between(
                                                      0, (appointment.to - appointment.from) / step_));
  at_.push_back(base::bangkok_time(date, minutes / 60, minutes % 60));
  dates_.push_back(date);
}

std::size_t Sittings::first_from(base::Date date) const {
  const auto day = static_cast<std::size_t>(std::max(0, date.days - first_day_.days));
  return day < by_day_.size() ? by_day_[day] : size();
}

}  // namespace tamroi::sample
