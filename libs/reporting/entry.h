#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/uuid.h"
#include "reporting/problems.h"

namespace tamroi::reporting {

// One entry of a submission, its members found in one pass; nothing stands where a member is absent.
struct Entry {
  Entry(base::JsonValue entry, std::uint32_t place);

  base::JsonValue json;
  std::uint32_t index = 0;  // within the submission
  base::JsonValue op;
  base::JsonValue fact;
  base::JsonValue type;
  base::JsonValue occurred_on;
  base::JsonValue values;
  bool has_others = false;       // members that no entry has
  std::optional<base::Uuid> id;  // that `fact` is, where it is one

  // The JSON pointer of what stands `below`, e.g. "/values/unit". A text is only made of it where there is a problem.
  [[nodiscard]] std::string pointer(std::string_view below) const;
  // Reports members other than `known`.
  void only(std::initializer_list<std::string_view> known, Problems& problems) const;
};

[[nodiscard]] std::vector<Entry> read_entries(base::JsonValue entries);

}  // namespace tamroi::reporting
