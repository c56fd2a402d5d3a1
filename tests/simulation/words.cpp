#include "simulation/words.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

namespace tamroi::simulation {

using catalogue::FieldKind;

namespace {

std::int64_t place(const std::vector<std::string>& words, std::string_view word) {
  const auto found = std::ranges::find(words, word);
  if (found == words.end()) throw std::logic_error("no such word: " + std::string(word));
  return found - words.begin();
}

std::int64_t satang(const std::string& baht) {
  const auto dot = baht.find('.');
  std::string fraction = dot == std::string::npos ? "" : baht.substr(dot + 1);
  fraction.resize(2, '0');
  return std::stoll(baht.substr(0, dot)) * 100 + std::stoll(fraction);
}

}  // namespace

std::int64_t number_of(const catalogue::Plan& plan, const catalogue::Field& field, const boost::json::value& value) {
  const auto text = [&] { return std::string(value.as_string()); };
  switch (field.kind) {
    case FieldKind::Choice: return place(plan.vocabularies[field.vocabulary].words, text());
    case FieldKind::Requirement: return place(plan.requirement_words, text());
    case FieldKind::Money: return satang(text());
    case FieldKind::Boolean: return value.as_bool() ? 1 : 0;
    case FieldKind::Unit: return static_cast<std::int64_t>(plan.units.index_of(text()).value());
    case FieldKind::Integer:
    case FieldKind::Indicator: return value.to_number<std::int64_t>();
    default: return 0;
  }
}

boost::json::value written(const catalogue::Plan& plan, const catalogue::Field& field, std::int64_t number) {
  const auto index = static_cast<std::size_t>(number);
  switch (field.kind) {
    case FieldKind::Choice: return boost::json::string(plan.vocabularies[field.vocabulary].words.at(index));
    case FieldKind::Requirement: return boost::json::string(plan.requirement_words.at(index));
    case FieldKind::Money: return boost::json::string(fmt::format("{}.{:02}", number / 100, number % 100));
    case FieldKind::Boolean: return number == 1;
    case FieldKind::Unit: return boost::json::string(plan.units.at(index).code);
    default: return number;
  }
}

}  // namespace tamroi::simulation
