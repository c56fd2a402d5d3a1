#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/time.h"
#include "scenarios/scenario.h"
#include "scenarios/world.h"

namespace tamroi::scenarios {

// Makes the JSON bodies of one scenario.
//
// Names become UUIDs that depend on the scenario and the name alone, so a failure can be replayed; a name
// that is a UUID stands for itself. What a bare word is in JSON:
//   in a fact's values   a number or boolean if the catalogue types the field so, otherwise a string
//   in {…} and `with`    a number, boolean or null if it reads as one, otherwise a string
//   in a control         a number for revision, indicator, value, offset and fold_version, otherwise a string
class Bodies {
 public:
  Bodies(std::string seed, World& world) : seed_(std::move(seed)), world_(world) {}

  // `today` is the date of facts that name none.
  [[nodiscard]] std::string of(const Submit& submit, const std::string& round, base::Date today);
  // `round` is left out when empty.
  [[nodiscard]] std::string of(const Control& control, const std::string& round, base::Date today);
  // Replaces <fact:NAME>, <submission:NAME> and <control:NAME> by their UUIDs.
  [[nodiscard]] std::string with_ids(std::string text) const;
  [[nodiscard]] std::string fact_id(std::string_view name) const;

 private:
  [[nodiscard]] std::string id(std::string_view class_name, std::string_view name) const;
  [[nodiscard]] std::string entry(const Entry& written, base::Date today);
  [[nodiscard]] std::string field(const std::string& type, const std::string& name, const Value& value);
  std::string made_name();

  std::string seed_;
  World& world_;
  std::map<std::string, std::string, std::less<>> type_of_fact_;
  int made_ = 0;
};

// JSON of a value whose bare words are numbers where `number` says so and they read as such.
[[nodiscard]] std::string to_json(const Value& value, bool number);
// The equal JSON value, spelled otherwise: members backwards, strings in escapes, ids in capitals, 5 as 5.0.
[[nodiscard]] std::string rewritten(std::string_view body);

}  // namespace tamroi::scenarios
