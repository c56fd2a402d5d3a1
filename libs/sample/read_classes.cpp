#include <algorithm>

#include <fmt/format.h>

#include "sample/drafting.h"

namespace tamroi::sample {

using catalogue::Level;
using catalogue::Members;

void Drafting::read_calendars(const Value* value) {
  for (const auto& item : catalogue::read_map(value, reporter_)) {
    Calendar calendar{.name = item.key, .appointments = {}};
    (void)catalogue::check_name(item.key, item.line, reporter_);
    for (const auto& each : catalogue::read_list(&item, reporter_)) {
      calendar.appointments.push_back(read_appointment(each));
    }
    description_.calendars.push_back(std::move(calendar));
  }
}

Appointment Drafting::read_appointment(const Value& value) {
  const Members members(value, reporter_, {"day", "weekday", "on", "from", "to"});
  Appointment appointment;
  appointment.from = read_minutes(members.need("from"));
  appointment.to = read_minutes(members.need("to"));
  if (appointment.to < appointment.from) reporter_.error(value.line, "It ends before it begins.");
  const auto* day = members.get("day");
  const auto* weekday = members.get("weekday");
  const auto* date = members.get("on");
  if ((day != nullptr) + (weekday != nullptr) + (date != nullptr) != 1) {
    reporter_.error(value.line, "Here must be one of day, weekday and on.");
  } else if (day != nullptr) {
    bool share = false;
    const auto days = read_range(*day, share);
    if (share || days.low < 1 || days.high > 28) reporter_.error(day->line, "Days of a month are from 1 to 28.");
    appointment.first = static_cast<std::int32_t>(days.low);
    appointment.last = static_cast<std::int32_t>(days.high);
  } else if (weekday != nullptr) {
    appointment.on = Appointment::On::Weekday;
    appointment.first = appointment.last = static_cast<std::int32_t>(read_number(weekday, 1, 7, 1));
  } else {
    appointment.on = Appointment::On::Date;
    appointment.first = appointment.last = catalogue::read_date(date, reporter_).value_or(base::Date{}).days;
  }
  return appointment;
}

void Drafting::read_classes(const Value* value) {
  if (value == nullptr) return;
  const Members members(*value, reporter_, {"district", "province"});
  // Districts' first: provinces name them.
  for (const auto& item : catalogue::read_map(members.need("district"), reporter_)) read_class(item, Level::District);
  for (const auto& item : catalogue::read_map(members.need("province"), reporter_)) read_class(item, Level::Province);
}

void Drafting::read_class(const Value& value, Level level) {
  const Members members(value, reporter_,
                        {"weight", "calendar", "as", "settings", "below", "districts"});
  Class made{.name = value.key, .level = level};
  (void)catalogue::check_name(value.key, value.line, reporter_);
  made.weight = static_cast<std::uint32_t>(read_number(members.need("weight"), 0, 1'000'000, 0));
  made.calendar = catalogue::read_reference(members.need("calendar"), "calendar", description_.calendars, reporter_);
  if (const auto* as = members.need("as")) made.as = read_pieces(as->text, as->line);
  made.settings = read_setting_values(members.get("settings"));
  made.below = read_setting_values(members.get("below"));
  if (const auto* districts = members.get("districts")) {
    if (level != Level::Province) reporter_.error(districts->line, "Only a province has districts.");
    made.districts.resize(description_.classes.size());
    for (const auto& item : catalogue::read_map(districts, reporter_)) {
      Value name = item;
      name.text = item.key;
      const auto of = read_class_name(&name, Level::District);
      if (of < made.districts.size()) {
        made.districts[of] = static_cast<std::uint32_t>(read_number(&item, 0, 1'000'000, 0));
      }
    }
  }
  description_.classes.push_back(std::move(made));
}

Index Drafting::read_class_name(const Value* value, Level level) {
  const auto name = catalogue::read_text(value, reporter_);
  if (!name) return none;
  std::vector<std::string_view> known;
  for (Index i = 0; i < description_.classes.size(); ++i) {
    const auto& each = description_.classes[i];
    if (each.level != level) continue;
    if (each.name == *name) return i;
    known.push_back(each.name);
  }
  reporter_.unknown(value->line, "class", *name, known);
  return none;
}

std::vector<SettingValue> Drafting::read_setting_values(const Value* value) {
  std::vector<SettingValue> values;
  if (value == nullptr) return values;
  for (const auto& item : catalogue::read_map(value, reporter_)) {
    Value name = item;
    name.kind = Value::Kind::Scalar;
    name.text = item.key;
    const auto setting = catalogue::read_reference(&name, "setting", description_.settings, reporter_);
    if (setting == none) continue;
    bool share = false;
    const auto range = read_range(item, share);
    if (share != description_.settings[setting].share) {
      reporter_.error(item.line, fmt::format("\"{}\" is of another sort.", item.key));
    }
    values.push_back({setting, range});
  }
  return values;
}

void Drafting::read_known(const Value* value) {
  if (value == nullptr) return;
  for (const auto& item : catalogue::read_map(value, reporter_)) {
    const Members members(item, reporter_, {"class", "settings", "below", "counts"});
    // As in every tree of units: two digits are a province's.
    const auto level = item.key.size() == 2 ? Level::Province : Level::District;
    Known known{.unit = item.key};
    if (const auto* chosen = members.get("class")) known.chosen = read_class_name(chosen, level);
    known.settings = read_setting_values(members.get("settings"));
    known.below = read_setting_values(members.get("below"));
    if (const auto* counts = members.get("counts")) {
      for (const auto& each : catalogue::read_map(counts, reporter_)) {
        Value name = each;
        name.text = each.key;
        const auto kind = catalogue::read_reference(&name, "kind", description_.kinds, reporter_);
        const auto count = static_cast<std::uint64_t>(read_number(&each, 0, 100'000'000, 0));
        if (kind != none) known.counts.emplace_back(kind, count);
      }
      if (level != Level::Province) reporter_.error(counts->line, "Counts are a province's.");
    }
    description_.known.push_back(std::move(known));
  }
}

}  // namespace tamroi::sample
