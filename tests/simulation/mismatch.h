#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace tamroi::simulation {

// What was found is not what should be.
class Mismatch : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Cheap where it holds, which is nearly always: millions of these are asked for in a run.
template <typename... Parts>
void require(bool holds, fmt::format_string<Parts...> what, Parts&&... parts) {
  if (!holds) throw Mismatch(fmt::format(what, std::forward<Parts>(parts)...));
}

}  // namespace tamroi::simulation
