#pragma once

#include "base/check.h"

namespace tamroi::reporting {

// From a record on a later version of the fold counts than this program has: it stops there.
class FoldEnded : public base::Defect {
 public:
  using base::Defect::Defect;
};

}  // namespace tamroi::reporting
