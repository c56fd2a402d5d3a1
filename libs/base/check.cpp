#include "base/check.h"

#include <fmt/format.h>

namespace tamroi::base {

void fail_check(const char* condition, const char* file, int line) {
  throw Defect(fmt::format("{} does not hold at {}:{}", condition, file, line));
}

}  // namespace tamroi::base
