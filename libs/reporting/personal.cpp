#include "reporting/personal.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/text.h"

namespace tamroi::reporting {
namespace {

using base::JsonValue;
using catalogue::FieldKind;
using Type = JsonValue::Type;

// The digit that the code point is, in Arabic or Thai; -1 for others.
int digit(std::uint32_t c) {
  if (c >= '0' && c <= '9') return static_cast<int>(c - '0');
  if (c >= 0x0E50 && c <= 0x0E59) return static_cast<int>(c - 0x0E50);
  return -1;
}

bool right_check_digit(const std::string& digits) {
  int sum = 0;
  for (std::size_t i = 0; i < 12; ++i) sum += (digits[i] - '0') * static_cast<int>(13 - i);
  return digits[12] - '0' == (11 - sum % 11) % 10;
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
  std::string run;
  bool gap = false;  // a single separator after a digit
  const auto found = [&] { return run.size() == 13 && right_check_digit(run); };
  while (!text.empty()) {
    const auto size = std::max<std::size_t>(1, base::utf8_sequence(text));
    const auto c = base::code_point(text.substr(0, size));
    text.remove_prefix(size);
    if (const int value = digit(c); value >= 0) {
      run += static_cast<char>('0' + value);
      gap = false;
      continue;
    }
    if ((c == ' ' || c == '.' || c == '-') && !run.empty() && !gap) {
      gap = true;
      continue;
    }
    if (found()) return true;
    run.clear();
    gap = false;
  }
  return found();
}

std::vector<base::Problem> personal_problems(const catalogue::Plan* plan, JsonValue submission) {
  std::vector<base::Problem> problems;
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
