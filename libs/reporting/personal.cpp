#include "reporting/personal.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

namespace tamroi::reporting {
namespace {

using base::JsonValue;
using catalogue::FieldKind;
using Type = JsonValue::Type;

constexpr std::size_t digits_in_an_id = 13;

bool right_check_digit(const std::array<int, digits_in_an_id>& digits) {
  int sum = 0;
  for (std::size_t i = 0; i < 12; ++i) sum += digits[i] * static_cast<int>(13 - i);
  return digits[12] == (11 - sum % 11) % 10;
}

// Takes the digit, Arabic or Thai, that the text begins with; -1, and one byte, where there is none.
int take_digit(std::string_view& text) {
  const char c = text[0];
  if (text.starts_with("\xE0\xB9") && text.size() > 2 && text[2] >= '\x90' && text[2] <= '\x99') {
    const int digit = text[2] - '\x90';
    text.remove_prefix(3);
    return digit;
  }
  text.remove_prefix(1);
  return c >= '0' && c <= '9' ? c - '0' : -1;
}

// Whether a string at or below the value holds one.
bool anywhere(JsonValue value) {
  if (value.is(Type::String)) return holds_national_id(value.text());
  for (auto child = value.first(); child; child = child.next()) {
    if (anywhere(child)) return true;
  }
  return false;
}

// The same of all that may not hold one, and of some that may: nearly every submission ends here.
bool anywhere_in_submission(JsonValue submission) {
  if (anywhere(submission.member("reason")) || anywhere(submission.member("letter"))) return true;
  const auto entries = submission.member("entries");
  if (!entries.is(Type::Array)) return false;
  for (auto entry = entries.first(); entry; entry = entry.next()) {
    if (anywhere(entry.member("values"))) return true;
  }
  return false;
}

// Looks at every string below a value.
class Search {
 public:
  explicit Search(std::vector<base::Problem>& problems) : problems_(problems) {}

  void all(JsonValue value, const std::string& where) {
    if (value.is(Type::String)) return text(value, where);
    if (!value.is(Type::Array) && !value.is(Type::Object)) return;
    std::size_t i = 0;
    for (auto child = value.first(); child; child = child.next(), ++i) {
      all(child, where + "/" + (value.is(Type::Array) ? std::to_string(i) : base::pointer_token(child.key())));
    }
  }
  void text(JsonValue value, const std::string& where) {
    if (!holds_national_id(value.text())) return;
    problems_.push_back({base::Code::PersonalData, where, "A national id stands here; people stay out of the journal."});
  }
  void document(JsonValue value, const std::string& where) {
    if (!value.is(Type::Object)) return all(value, where);
    for (auto child = value.first(); child; child = child.next()) {
      if (child.key() == "sha256" && child.is(Type::String)) continue;
      all(child, where + "/" + base::pointer_token(child.key()));
    }
  }

 private:
  std::vector<base::Problem>& problems_;
};

enum class Exempt : std::uint8_t { No, Whole, Digest };

Exempt exemption(const catalogue::FactType& type, std::string_view field) {
  const auto found = std::ranges::find(type.fields, field, &catalogue::Field::name);
  if (found == type.fields.end()) return Exempt::No;
  if (found->kind == FieldKind::Url) return Exempt::Whole;
  return found->kind == FieldKind::Document ? Exempt::Digest : Exempt::No;
}

// How a member of an entry's values is typed; of a correction, which names no type, as any type has it.
Exempt exemption(const catalogue::Plan* plan, JsonValue entry, std::string_view field) {
  if (plan == nullptr) return Exempt::No;
  const auto op = entry.member("op");
  if (!op.is(Type::String) || op.text() != "correct") {
    const auto type = entry.member("type");
    const auto index = type.is(Type::String) ? plan->fact_type(type.text()) : catalogue::none;
    return index == catalogue::none ? Exempt::No : exemption(plan->fact_types[index], field);
  }
  Exempt widest = Exempt::No;
  for (const auto& type : plan->fact_types) {
    const auto one = exemption(type, field);
    if (one == Exempt::Whole) return one;
    if (one == Exempt::Digest) widest = one;
  }
  return widest;
}

}  // namespace

bool holds_national_id(std::string_view text) {
  if (text.size() < digits_in_an_id) return false;
  std::array<int, digits_in_an_id> digits{};
  std::size_t run = 0;
  bool gap = false;  // a single separator after a digit
  const auto found = [&] { return run == digits_in_an_id && right_check_digit(digits); };
  while (!text.empty()) {
    const char c = text[0];
    if (const int digit = take_digit(text); digit >= 0) {
      if (run < digits_in_an_id) digits[run] = digit;
      ++run;
      gap = false;
      continue;
    }
    if ((c == ' ' || c == '.' || c == '-') && run > 0 && !gap) {
      gap = true;
      continue;
    }
    if (found()) return true;
    run = 0;
    gap = false;
  }
  return found();
}

std::vector<base::Problem> personal_problems(const catalogue::Plan* plan, JsonValue submission) {
  std::vector<base::Problem> problems;
  if (!anywhere_in_submission(submission)) return problems;
  Search search(problems);
  for (auto member = submission.first(); member; member = member.next()) {
    if (member.key() == "reason" || member.key() == "letter") search.all(member, "/" + std::string(member.key()));
    if (member.key() != "entries" || !member.is(Type::Array)) continue;
    std::size_t i = 0;
    for (auto entry = member.first(); entry; entry = entry.next(), ++i) {
      const auto values = entry.member("values");
      const auto where = fmt::format("/entries/{}/values", i);
      if (!values.is(Type::Object)) {
        if (values) search.all(values, where);
        continue;
      }
      for (auto value = values.first(); value; value = value.next()) {
        const auto below = where + "/" + base::pointer_token(value.key());
        switch (exemption(plan, entry, value.key())) {
          case Exempt::No: search.all(value, below); break;
          case Exempt::Digest: search.document(value, below); break;
          case Exempt::Whole:
            if (!value.is(Type::String)) search.all(value, below);
        }
      }
    }
  }
  return problems;
}

std::vector<base::Problem> personal_problems_of_control(JsonValue control) {
  std::vector<base::Problem> problems;
  Search search(problems);
  for (auto member = control.first(); member; member = member.next()) {
    if (member.key() == "reason" || member.key() == "letter") search.all(member, "/" + std::string(member.key()));
  }
  return problems;
}

}  // namespace tamroi::reporting
