#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ratio.h"
#include "base/time.h"
#include "catalogue/plan.h"
#include "catalogue/value.h"

namespace tamroi::catalogue {

// Strict access to the members of a map: what is not known is refused at once. Anything but a map is
// reported once, and is then like an empty map of which nothing is missing.
class Members {
 public:
  Members(const Value& value, Reporter& reporter, std::initializer_list<std::string_view> known);
  [[nodiscard]] const Value* get(std::string_view key) const { return value_.find(key); }
  [[nodiscard]] const Value* need(std::string_view key) const;  // reported where absent
  [[nodiscard]] bool is_map() const { return value_.kind == Value::Kind::Map; }
  [[nodiscard]] std::size_t line() const { return value_.line; }

 private:
  const Value& value_;
  Reporter& reporter_;
};

// Each reports a value of another kind, and gives nothing for it or for null, which was reported before.
[[nodiscard]] std::optional<std::string> read_text(const Value* value, Reporter& reporter);  // may be ""
[[nodiscard]] std::optional<std::string> read_name(const Value* value, Reporter& reporter);
[[nodiscard]] bool check_name(std::string_view name, std::size_t line, Reporter& reporter);
[[nodiscard]] std::optional<std::int64_t> read_integer(const Value* value, Reporter& reporter);
[[nodiscard]] std::optional<std::int64_t> read_integer(const Value* value, Reporter& reporter, std::int64_t minimum,
                                                       std::int64_t maximum);
// A number as a key: "1" to "999999".
[[nodiscard]] std::optional<std::uint32_t> read_key_number(const Value& member, Reporter& reporter);
[[nodiscard]] std::optional<std::int64_t> read_hundredths(const Value* value, Reporter& reporter);
[[nodiscard]] std::optional<bool> read_boolean(const Value* value, Reporter& reporter);
[[nodiscard]] std::optional<base::Date> read_date(const Value* value, Reporter& reporter);
[[nodiscard]] Text read_label(const Value* value, Reporter& reporter);  // {th, en}
// "60 %" or "4.5 %" as an exact share of one; an integer as itself.
struct Threshold {
  base::Ratio value;
  bool share = false;
};
[[nodiscard]] std::optional<Threshold> read_threshold(const Value* value, Reporter& reporter);
// The items of a list that is not empty; none where it is anything else.
[[nodiscard]] const std::vector<Value>& read_list(const Value* value, Reporter& reporter);
// The members of a map that is not empty, whose keys are names of the file's own making.
[[nodiscard]] const std::vector<Value>& read_map(const Value* value, Reporter& reporter);

// The index of the one whose name the value says; reported where there is none.
template <typename Named>
[[nodiscard]] Index read_reference(const Value* value, std::string_view what, const std::vector<Named>& all,
                                   Reporter& reporter) {
  const auto name = read_text(value, reporter);
  if (!name) return none;
  std::vector<std::string_view> known;
  for (Index i = 0; i < all.size(); ++i) {
    if (all[i].name == *name) return i;
    known.push_back(all[i].name);
  }
  reporter.unknown(value->line, what, *name, known);
  return none;
}

}  // namespace tamroi::catalogue
