#include <algorithm>

#include <fmt/format.h>

#include "sample/drafting.h"

namespace tamroi::sample {
namespace {

using catalogue::Level;
using catalogue::Members;
using catalogue::Value;

base::Date first_of_next_month(base::Date date) {
  const auto parts = base::civil(date);
  return base::from_civil(parts.month == 12 ? base::Civil{parts.year + 1, 1, 1}
                                            : base::Civil{parts.year, parts.month + 1, 1});
}

}  // namespace

void Drafting::read(const Value& file) {
  const Members members(file, reporter_, {"round", "first_day", "last_day", "settings", "kinds", "calendars", "classes",
                                          "units", "shapes", "facts", "mistakes", "sending", "controls"});
  if (!members.is_map()) return;
  description_.round = catalogue::read_text(members.need("round"), reporter_).value_or("");
  const auto first = catalogue::read_date(members.need("first_day"), reporter_);
  const auto last = catalogue::read_date(members.need("last_day"), reporter_);
  if (!first || !last) return;
  if (*last < *first || last->days - first->days > 366) {
    return reporter_.error(members.line(), "A round takes a year at most.");
  }
  description_.first_day = *first;
  description_.last_day = *last;
  for (auto day = *first; day <= *last; day = first_of_next_month(day)) {
    description_.months.push_back(
        {base::to_string(day).substr(0, 7), day, std::min(*last, {first_of_next_month(day).days - 1})});
  }
  read_settings(members.need("settings"));
  read_shapes(members.get("shapes"));
  read_kinds(members.need("kinds"));
  read_calendars(members.need("calendars"));
  read_classes(members.need("classes"));
  read_known(members.get("units"));
  read_rules(members.need("facts"));
  read_mistakes(members.get("mistakes"));
  read_sending(members.need("sending"));
  read_controls(members.need("controls"));
}

void Drafting::read_settings(const Value* value) {
  for (const auto& item : catalogue::read_map(value, reporter_)) {
    Setting setting{.name = item.key};
    (void)catalogue::check_name(item.key, item.line, reporter_);
    setting.value = read_range(item, setting.share);
    description_.settings.push_back(std::move(setting));
  }
}

void Drafting::read_shapes(const Value* value) {
  if (value == nullptr) return;
  for (const auto& item : catalogue::read_map(value, reporter_)) shapes_.emplace(item.key, &item);
}

void Drafting::read_kinds(const Value* value) {
  for (const auto& item : catalogue::read_map(value, reporter_)) {
    const Members members(item, reporter_, {"country", "least", "named", "traits"});
    Kind kind{.name = item.key};
    (void)catalogue::check_name(item.key, item.line, reporter_);
    kind.country = static_cast<std::uint64_t>(read_number(members.need("country"), 0, 100'000'000, 0));
    kind.least = static_cast<std::uint64_t>(read_number(members.get("least"), 0, 1'000, 0));
    if (const auto* named = members.need("named")) kind.named = read_pieces(named->text, named->line);
    if (const auto* traits = members.get("traits")) {
      for (const auto& trait : catalogue::read_map(traits, reporter_)) {
        kind.traits.push_back({trait.key, read_template(trait, {})});
      }
    }
    description_.kinds.push_back(std::move(kind));
  }
}

void Drafting::read_mistakes(const Value* value) {
  if (value == nullptr) return;
  for (const auto& item : catalogue::read_list(value, reporter_)) {
    const Members members(item, reporter_, {"weight", "versions", "entry"});
    Mistake mistake;
    mistake.weight = static_cast<std::uint32_t>(read_number(members.get("weight"), 1, 1'000, 1));
    mistake.versions = read_number(members.get("versions"), 0, 1'000, 0);
    if (const auto* entry = members.get("entry")) {
      const Members parts(*entry, reporter_, {"type", "days_ahead", "values"});
      mistake.type = catalogue::read_text(parts.need("type"), reporter_).value_or("");
      mistake.days_ahead = static_cast<std::int32_t>(read_number(parts.get("days_ahead"), 0, 366, 0));
      if (const auto* values = parts.need("values")) mistake.values = read_template(*values, {});
    }
    if (mistake.versions == 0 && mistake.type.empty()) reporter_.error(item.line, "Nothing is wrong with this.");
    description_.mistakes.push_back(std::move(mistake));
  }
}

void Drafting::read_sending(const Value* value) {
  if (value == nullptr) return;
  const Members members(*value, reporter_, {"minutes", "entries", "expects", "repeated", "mistaken", "late_reason",
                                            "change_reason", "letter"});
  auto& sending = description_.sending;
  sending.minutes = static_cast<std::int32_t>(read_number(members.need("minutes"), 1, 60, 15));
  sending.entries = read_quantity(members.need("entries"), false, sending.entries);
  sending.expects = read_quantity(members.get("expects"), true, {});
  sending.repeated = read_quantity(members.get("repeated"), true, {});
  sending.mistaken = read_quantity(members.get("mistaken"), true, {});
  if (const auto* reason = members.need("late_reason")) sending.late_reason = read_template(*reason, {});
  if (const auto* reason = members.need("change_reason")) sending.change_reason = read_template(*reason, {});
  if (const auto* letter = members.get("letter")) sending.letter = read_template(*letter, {});
}

Control Drafting::read_control(const Value& value) {
  const Members members(value, reporter_, {"at", "each", "days_after", "time", "closes", "as", "body"});
  Control control;
  control.as = catalogue::read_text(members.need("as"), reporter_).value_or("");
  if (const auto* body = members.need("body")) control.body = read_template(*body, {});
  control.each_month = members.get("each") != nullptr;
  if (control.each_month) {
    control.days_after = static_cast<std::int32_t>(read_number(members.need("days_after"), 1, 27, 1));
    control.minutes = read_minutes(members.need("time"));
    if (const auto* closes = members.get("closes")) {
      control.closes = catalogue::read_boolean(closes, reporter_).value_or(false);
    }
    return control;
  }
  const auto* at = members.need("at");
  const auto text = catalogue::read_text(at, reporter_).value_or("");
  const auto date = base::parse_date(std::string_view(text).substr(0, 10));
  if (at == nullptr || !date || text.size() != 16) {
    if (at != nullptr) reporter_.error(at->line, "Here must be a time such as 2022-04-01 08:30.");
    return control;
  }
  Value time = *at;
  time.text = text.substr(11);
  const auto minutes = read_minutes(&time);
  control.at = base::bangkok_time(*date, minutes / 60, minutes % 60);
  return control;
}

void Drafting::read_controls(const Value* value) {
  for (const auto& item : catalogue::read_list(value, reporter_)) description_.controls.push_back(read_control(item));
}

std::int64_t Drafting::read_number(const Value* value, std::int64_t minimum, std::int64_t maximum,
                                   std::int64_t otherwise) {
  return catalogue::read_integer(value, reporter_, minimum, maximum).value_or(otherwise);
}

std::int32_t Drafting::read_minutes(const Value* value) {
  const auto text = catalogue::read_text(value, reporter_);
  if (!text) return 0;
  const auto digit = [&](std::size_t place) { return (*text)[place] - '0'; };
  const bool formed = text->size() == 5 && (*text)[2] == ':' &&
                      std::ranges::all_of(*text, [](char c) { return (c >= '0' && c <= '9') || c == ':'; });
  const auto hour = formed ? 10 * digit(0) + digit(1) : 24;
  const auto minute = formed ? 10 * digit(3) + digit(4) : 60;
  if (hour < 24 && minute < 60) return 60 * hour + minute;
  reporter_.error(value->line, "Here must be a time of the day such as \"08:30\".");
  return 0;
}

// A number or a share, or two of them as a range.
Range Drafting::read_range(const Value& value, bool& share) {
  const auto one = [&](const Value& item) -> std::int64_t {
    const auto threshold = catalogue::read_threshold(&item, reporter_);
    if (!threshold) return 0;
    share = threshold->share;
    if (!share) return static_cast<std::int64_t>(threshold->value.numerator);
    return static_cast<std::int64_t>(threshold->value.numerator * whole / threshold->value.denominator);
  };
  if (value.kind != Value::Kind::List) {
    const auto number = one(value);
    return {number, number};
  }
  bool first_share = false;
  const auto low = value.items.size() == 2 ? one(value.items[0]) : 0;
  first_share = share;
  const auto high = value.items.size() == 2 ? one(value.items[1]) : -1;
  if (high < low || first_share != share) reporter_.error(value.line, "A range is [LOW, HIGH], both of one sort.");
  return {low, std::max(low, high)};
}

Quantity Drafting::read_quantity(const Value* value, bool share, Quantity otherwise) {
  if (value == nullptr) return otherwise;
  Quantity quantity;
  bool found_share = share;
  const bool name = value->kind == Value::Kind::Scalar && !value->text.empty() &&
                    (value->text[0] < '0' || value->text[0] > '9');
  if (name) {
    quantity.setting = catalogue::read_reference(value, "setting", description_.settings, reporter_);
    if (quantity.setting == none) return quantity;
    found_share = description_.settings[quantity.setting].share;
  } else {
    quantity.value = read_range(*value, found_share);
  }
  if (found_share != share) reporter_.error(value->line, share ? "Here must be a share such as 5 %." : "Here must be a number, not a share.");
  return quantity;
}

Described read_description(const std::string& file, std::string_view text) {
  Described described;
  auto description = std::make_shared<Description>();
  catalogue::Reporter reporter(file, described.findings);
  const auto value = catalogue::parse_yaml(text, reporter);
  if (value) Drafting(reporter, *description).read(*value);
  if (described.findings.empty()) described.description = std::move(description);
  return described;
}

}  // namespace tamroi::sample
