#include "scenarios/shown.h"

#include "base/ratio.h"

namespace tamroi::scenarios {
namespace {

namespace json = boost::json;

std::string text_of(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

std::string shown_actual(const json::value* actual) {
  if (actual == nullptr) return "absent";
  if (!actual->is_object()) {
    const std::string text = text_of(*actual);
    return text.starts_with("undefined") ? "undefined" : text;
  }
  const auto& parts = actual->get_object();
  const auto* numerator = parts.if_contains("numerator");
  const auto* denominator = parts.if_contains("denominator");
  if (numerator == nullptr || denominator == nullptr) return shown_measure(actual);
  return base::percent({numerator->to_number<std::int64_t>(), denominator->to_number<std::int64_t>()});
}

}  // namespace

json::object parse_body(const Reply& reply) {
  boost::system::error_code error;
  auto value = json::parse(reply.body, error);
  return !error && value.is_object() ? std::move(value.get_object()) : json::object{};
}

std::string shown(const json::object& from, std::string_view member) {
  const auto* value = from.if_contains({member.data(), member.size()});
  return value == nullptr ? "absent" : text_of(*value);
}

std::string shown_measure(const json::value* measure) {
  if (measure == nullptr || !measure->is_object()) return "absent";
  const auto& parts = measure->get_object();
  if (parts.contains("undefined")) return "undefined";
  if (parts.contains("value")) return shown(parts, "value");
  return shown(parts, "numerator") + "/" + shown(parts, "denominator");
}

std::string shown_criterion(const json::object& criterion) {
  std::string needs = shown(criterion, "needs");
  if (needs.starts_with(">= ")) needs = "at least " + needs.substr(3);
  return shown(criterion, "measure") + " " + shown_actual(criterion.if_contains("actual")) + " needs " + needs;
}

}  // namespace tamroi::scenarios
