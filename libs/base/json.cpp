#include "base/json.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "base/check.h"
#include "base/text.h"

namespace tamroi::base {

// One pass over the text; recursion is bounded by depth_max.
class JsonReader {
 public:
  JsonReader(Json& document, std::string_view text) : document_(document), text_(text) {}

  // Whether the whole text is one value; otherwise why() tells.
  bool read() {
    skip_space();
    if (!value({}, 1)) return false;
    skip_space();
    return at_ == text_.size() || fail("something follows the value");
  }
  [[nodiscard]] std::string why() const { return fmt::format("{} at byte {}", why_, at_); }

 private:
  using Type = JsonValue::Type;

  bool fail(std::string_view why) {
    if (why_.empty()) why_ = why;
    return false;
  }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_space() {
    while (at_ < text_.size() && text_[at_] <= ' ' && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
  }

  bool value(std::string_view key, std::size_t depth) {
    if (depth > Json::depth_max) return fail("the text is nested too deeply");
    const auto begin = static_cast<std::uint32_t>(at_);
    switch (peek()) {
      case '{':
      case '[': {
        const bool is_object = peek() == '{';
        const auto index = add(is_object ? Type::Object : Type::Array, key, begin, {});
        if (!(is_object ? object(index, depth) : array(index, depth))) return false;
        document_.nodes_[index].next = static_cast<std::uint32_t>(document_.nodes_.size());
        document_.nodes_[index].end = static_cast<std::uint32_t>(at_);
        return true;
      }
      case '"': {
        std::string_view text;
        return string(text) && (add(Type::String, key, begin, text), true);
      }
      case 't': return word("true") && (add(Type::True, key, begin, {}), true);
      case 'f': return word("false") && (add(Type::False, key, begin, {}), true);
      case 'n': return word("null") && (add(Type::Null, key, begin, {}), true);
      default: return number() && (add(Type::Number, key, begin, text_.substr(begin, at_ - begin)), true);
    }
  }

  // Adds a value that begins there and ends here; gives its index.
  std::size_t add(Type type, std::string_view key, std::uint32_t begin, std::string_view text) {
    const auto index = document_.nodes_.size();
    document_.nodes_.push_back({text.data(), key.data(), static_cast<std::uint32_t>(text.size()), static_cast<std::uint32_t>(key.size()), begin,
                                static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(index + 1), type, false});
    return index;
  }

  bool word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return fail("a value is expected");
    at_ += word.size();
    return true;
  }

  bool number() {
    if (peek() == '-') ++at_;
    if (peek() == '0') {
      ++at_;
    } else if (!digits()) {
      return fail("a value is expected");
    }
    if (peek() == '.') {
      ++at_;
      if (!digits()) return fail("a digit is expected");
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!digits()) return fail("a digit is expected");
    }
    return true;
  }

  bool digits() {
    const std::size_t first = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ > first;
  }

  bool array(std::size_t index, std::size_t depth) {
    ++at_;
    skip_space();
    if (peek() == ']') return ++at_, true;
    while (true) {
      const auto element = document_.nodes_.size();
      if (!value({}, depth + 1)) return false;
      ++document_.nodes_[index].size;
      skip_space();
      if (peek() == ']') {
        document_.nodes_[element].last = true;
        return ++at_, true;
      }
      if (peek() != ',') return fail("a comma or ] is expected");
      ++at_;
      skip_space();
    }
  }

  bool object(std::size_t index, std::size_t depth) {
    ++at_;
    skip_space();
    if (peek() == '}') return ++at_, true;
    while (true) {
      if (peek() != '"') return fail("a member's name is expected");
      std::string_view key;
      if (!string(key)) return false;
      skip_space();
      if (peek() != ':') return fail("a colon is expected");
      ++at_;
      skip_space();
      const auto member = document_.nodes_.size();
      if (!value(key, depth + 1)) return false;
      ++document_.nodes_[index].size;
      skip_space();
      if (peek() == '}') {
        document_.nodes_[member].last = true;
        ++at_;
        return unique_keys(index);
      }
      if (peek() != ',') return fail("a comma or } is expected");
      ++at_;
      skip_space();
    }
  }

  bool unique_keys(std::size_t index) {
    const JsonValue value{&document_, static_cast<std::uint32_t>(index)};
    if (value.size() <= 8) {
      for (auto a = value.first(); a; a = a.next()) {
        for (auto b = a.next(); b; b = b.next()) {
          if (a.key() == b.key()) return fail("a member's name stands twice");
        }
      }
      return true;
    }
    std::vector<std::string_view> keys;
    for (auto member = value.first(); member; member = member.next()) keys.push_back(member.key());
    std::ranges::sort(keys);
    return std::ranges::adjacent_find(keys) == keys.end() || fail("a member's name stands twice");
  }

  // Reads a string; the result points into the text, or into a copy where there are escapes.
  bool string(std::string_view& result) {
    const std::size_t first = ++at_;
    while (true) {
      skip_plain();
      if (at_ >= text_.size()) return fail("a string does not end");
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '"') {
        result = text_.substr(first, at_ - first);
        return ++at_, true;
      }
      if (c == '\\') return escaped_string(first, result);
      if (!character(c)) return false;
    }
  }

  // Passes characters that need no second look, eight at a time: ASCII but for quotes, backslashes and controls.
  void skip_plain() {
    constexpr std::uint64_t each = 0x0101010101010101;
    for (; at_ + 8 <= text_.size(); at_ += 8) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, text_.data() + at_, 8);
      if constexpr (std::endian::native == std::endian::big) eight = __builtin_bswap64(eight);
      // The high bit of a byte: it is above 0x7F, or the subtraction borrowed: 0 from x ^ x, or a control from 0x20. A
      // borrow spreads upwards only, so that the lowest bit is right.
      const auto special = (eight | ((eight ^ each * '"') - each) | ((eight ^ each * '\\') - each) | (eight - each * 0x20)) & each * 0x80;
      if (special == 0) continue;
      at_ += static_cast<std::size_t>(std::countr_zero(special)) / 8;
      return;
    }
    while (at_ < text_.size() && is_plain(text_[at_])) ++at_;
  }
  static bool is_plain(char c) { return c >= 0x20 && c != '"' && c != '\\' && static_cast<unsigned char>(c) < 0x80; }

  // Passes one character that is no escape.
  bool character(unsigned char c) {
    if (c < 0x20) return fail("a control character stands in a string");
    const std::size_t size = c < 0x80 ? 1 : utf8_sequence(text_.substr(at_));
    if (size == 0) return fail("the text is not valid UTF-8");
    at_ += size;
    return true;
  }

  bool escaped_string(std::size_t first, std::string_view& result) {
    auto& copy = *document_.unescaped_.emplace_back(std::make_unique<std::string>(text_.substr(first, at_ - first)));
    while (at_ < text_.size()) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '"') {
        result = copy;
        return ++at_, true;
      }
      if (c == '\\') {
        if (!escape(copy)) return false;
        continue;
      }
      const std::size_t before = at_;
      if (!character(c)) return false;
      copy.append(text_.substr(before, at_ - before));
    }
    return fail("a string does not end");
  }

  bool escape(std::string& out) {
    static constexpr std::string_view names = "\"\\/bfnrt";
    static constexpr std::string_view values = "\"\\/\b\f\n\r\t";
    ++at_;
    if (peek() == 'u') return unicode_escape(out);
    const auto found = names.find(peek());
    if (at_ >= text_.size() || found == std::string_view::npos) return fail("an unknown escape stands in a string");
    out += values[found];
    ++at_;
    return true;
  }

  bool unicode_escape(std::string& out) {
    std::uint32_t unit = 0;
    if (!hex(unit)) return false;
    if (unit >= 0xDC00 && unit < 0xE000) return fail("a lone surrogate stands in a string");
    if (unit >= 0xD800 && unit < 0xDC00) {
      std::uint32_t low = 0;
      if (text_.substr(at_, 2) != "\\u") return fail("a lone surrogate stands in a string");
      ++at_;
      if (!hex(low)) return false;
      if (low < 0xDC00 || low >= 0xE000) return fail("a lone surrogate stands in a string");
      unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(out, unit);
    return true;
  }

  bool hex(std::uint32_t& unit) {
    ++at_;  // the u
    if (at_ + 4 > text_.size()) return fail("four hex digits are expected");
    const char* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, begin + 4, unit, 16);
    if (error != std::errc{} || end != begin + 4 || *begin == '-') return fail("four hex digits are expected");
    at_ += 4;
    return true;
  }

  Json& document_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::string_view why_;
};

std::expected<JsonValue, std::string> Json::parse(std::string_view text) {
  CHECK(text.size() < 0xFFFFFFFF);
  source_ = text;
  nodes_.clear();
  unescaped_.clear();
  JsonReader reader(*this, text);
  if (!reader.read()) return std::unexpected(reader.why());
  return JsonValue{this, 0};
}

std::optional<std::int64_t> JsonValue::integer() const {
  if (!is(Type::Number)) return std::nullopt;
  const auto digits = text();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

Members::Members(JsonValue object) : object_(object) {
  constexpr std::size_t few = 16;
  if (object.size() <= few) return;
  for (auto value = object.first(); value; value = value.next()) sorted_.emplace_back(value.key(), value);
  std::ranges::sort(sorted_, {}, &std::pair<std::string_view, JsonValue>::first);
}

JsonValue Members::find(std::string_view name) const {
  if (sorted_.empty()) return object_.member(name);
  const auto at = std::ranges::lower_bound(sorted_, name, {}, &std::pair<std::string_view, JsonValue>::first);
  return at != sorted_.end() && at->first == name ? at->second : JsonValue{};
}

namespace {

bool equal_objects(JsonValue a, JsonValue b) {
  const Members others(b);
  for (auto value = a.first(); value; value = value.next()) {
    const auto other = others.find(value.key());
    if (!other || !equal(value, other)) return false;
  }
  return true;
}

bool equal_arrays(JsonValue a, JsonValue b) {
  for (a = a.first(), b = b.first(); a; a = a.next(), b = b.next()) {
    if (!equal(a, b)) return false;
  }
  return true;
}

// Significant digits without leading and trailing zeros, and the power of ten of the first digit.
struct Magnitude {
  bool negative = false;
  std::string digits;
  std::string exponent;  // decimal, of the first digit; kept as text: it may be of any size
};

Magnitude magnitude(std::string_view text) {
  Magnitude result;
  if (text.starts_with('-')) {
    result.negative = true;
    text.remove_prefix(1);
  }
  const auto e = text.find_first_of("eE");
  const auto mantissa = text.substr(0, e);
  const auto point = mantissa.find('.');
  std::string digits(mantissa.substr(0, point));
  auto shift = static_cast<std::int64_t>(digits.size());
  if (point != std::string_view::npos) digits += mantissa.substr(point + 1);
  const auto leading = digits.find_first_not_of('0');
  if (leading == std::string::npos) return {};
  shift -= static_cast<std::int64_t>(leading);
  digits.erase(0, leading);
  digits.erase(digits.find_last_not_of('0') + 1);
  result.digits = digits;
  if (e == std::string_view::npos) {
    result.exponent = std::to_string(shift);
    return result;
  }
  auto power = text.substr(e + 1);
  if (power.starts_with('+')) power.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(power.data(), power.data() + power.size(), value);
  const bool fits = error == std::errc{} && value > -4'000'000'000'000'000'000 && value < 4'000'000'000'000'000'000;
  result.exponent = fits ? std::to_string(value + shift) : fmt::format("{}+{}", power, shift);
  return result;
}

}  // namespace

bool equal_numbers(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto left = magnitude(a);
  const auto right = magnitude(b);
  return left.negative == right.negative && left.digits == right.digits && left.exponent == right.exponent;
}

bool equal(JsonValue a, JsonValue b) {
  if (a.type() != b.type() || a.size() != b.size()) return false;
  switch (a.type()) {
    case JsonValue::Type::Object: return equal_objects(a, b);
    case JsonValue::Type::Array: return equal_arrays(a, b);
    case JsonValue::Type::String: return a.text() == b.text();
    case JsonValue::Type::Number: return equal_numbers(a.text(), b.text());
    default: return true;
  }
}

std::string pointer_token(std::string_view name) {
  std::string token;
  for (const char c : name) {
    if (c == '~') {
      token += "~0";
    } else if (c == '/') {
      token += "~1";
    } else {
      token += c;
    }
  }
  return token;
}

}  // namespace tamroi::base
