#include "cli/submissions.h"

#include <algorithm>
#include <charconv>

#include "base/json.h"

namespace tamroi::cli {
namespace {

using base::JsonValue;

// A token of a JSON pointer as the name that it stands for (RFC 6901).
std::string name_of(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const bool escape = token[i] == '~' && i + 1 < token.size();
    if (escape) ++i;
    out += escape ? (token[i] == '1' ? '/' : '~') : token[i];
  }
  return out;
}

JsonValue child(const JsonValue& value, std::string_view token) {
  if (value.is(JsonValue::Type::Object)) return value.member(name_of(token));
  if (!value.is(JsonValue::Type::Array)) return {};
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc() || end != token.data() + token.size()) return {};
  auto element = index < value.size() ? value.first() : JsonValue();
  for (; index > 0 && element; --index) element = element.next();
  return element;
}

// The reader's sentence ends with the place: "… at byte 17".
std::size_t place_in(std::string_view sentence) {
  const auto at = sentence.find_last_not_of("0123456789");
  if (at == std::string_view::npos) return 0;
  std::size_t place = 0;
  const auto digits = sentence.substr(at + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), place);
  return place;
}

}  // namespace

Lines::Lines(const Posted& posted) : posted_(posted) {
  const auto root = document_.parse(posted.body);
  if (!root) broken_at_ = place_in(root.error());
}

std::size_t Lines::of(std::string_view pointer) const {
  auto place = broken_at_;
  if (place == 0) {
    auto value = document_.root();
    while (pointer.starts_with('/')) {
      pointer.remove_prefix(1);
      const auto end = std::min(pointer.find('/'), pointer.size());
      const auto next = child(value, pointer.substr(0, end));
      if (!next) break;
      value = next;
      pointer.remove_prefix(end);
    }
    if (value) place = static_cast<std::size_t>(value.raw().data() - posted_.body.data());
  }
  const auto before = posted_.body.substr(0, std::min(place, posted_.body.size()));
  return posted_.line + static_cast<std::size_t>(std::ranges::count(before, '\n'));
}

std::string member_text(const Posted& posted, std::string_view name) {
  base::Json document;
  const auto root = document.parse(posted.body);
  if (!root || !root->is(JsonValue::Type::Object)) return {};
  const auto member = root->member(name);
  return member.is(JsonValue::Type::String) ? std::string(member.text()) : std::string();
}

}  // namespace tamroi::cli
