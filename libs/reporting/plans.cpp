#include "reporting/plans.h"

namespace tamroi::reporting {

catalogue::Compiled Plans::compile(const catalogue::Bundle& bundle) {
  const auto key = catalogue::digest(bundle);
  const auto found = compiled_.find(key);
  if (found != compiled_.end()) return found->second;
  return compiled_.emplace(key, catalogue::compile(bundle)).first->second;
}

}  // namespace tamroi::reporting
