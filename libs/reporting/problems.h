#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/problem.h"

namespace tamroi::reporting {

// Problems as they are found; taken in document order.
class Problems {
 public:
  // `order` is the place of the value (JsonValue::order), or of the parent where a member is absent.
  void add(std::size_t order, base::Code code, std::string where, std::string why) {
    found_.emplace_back(std::pair{order, found_.size()}, base::Problem{code, std::move(where), std::move(why)});
  }
  [[nodiscard]] bool empty() const { return found_.empty(); }
  [[nodiscard]] std::size_t size() const { return found_.size(); }
  [[nodiscard]] std::vector<base::Problem> take() {
    std::ranges::sort(found_, {}, &Found::first);
    std::vector<base::Problem> problems;
    for (auto& [order, problem] : found_) problems.push_back(std::move(problem));
    found_.clear();
    return problems;
  }

 private:
  using Found = std::pair<std::pair<std::size_t, std::size_t>, base::Problem>;  // order, then as found
  std::vector<Found> found_;
};

}  // namespace tamroi::reporting
