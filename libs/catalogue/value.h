#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/reporter.h"

namespace tamroi::catalogue {

// A node of a YAML file, with the line that it begins on.
struct Value {
  enum class Kind : std::uint8_t { Empty, Scalar, List, Map };
  Kind kind = Kind::Empty;
  std::size_t line = 0;
  std::string key;           // where it is a member of a map
  std::string text;          // Scalar
  bool quoted = false;       // Scalar
  std::vector<Value> items;  // of a list or map, in their order

  [[nodiscard]] const Value* find(std::string_view name) const;  // null where absent
};

// One document of plain YAML: no anchors, aliases or tags, no doubled keys, at most 16 deep. Every other
// thing is reported.
[[nodiscard]] std::optional<Value> parse_yaml(std::string_view text, Reporter& reporter);

}  // namespace tamroi::catalogue
