#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/json.h"

namespace tamroi::cli {

// One submission or control record within a file.
struct Posted {
  std::string_view body;  // into the file's text
  std::size_t line = 1;   // where it begins
};

// The lines of the file that problems lead to. The posted text must outlive it.
class Lines {
 public:
  explicit Lines(const Posted& posted);
  // Of a JSON pointer; of an absent member the nearest that encloses it, and of what is no JSON the place where it
  // stops being JSON.
  [[nodiscard]] std::size_t of(std::string_view pointer) const;

 private:
  Posted posted_;
  base::Json document_;
  std::size_t broken_at_ = 0;
};

// A string member of the outermost object; "" where there is none.
[[nodiscard]] std::string member_text(const Posted& posted, std::string_view name);

}  // namespace tamroi::cli
