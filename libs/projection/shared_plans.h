#pragma once

#include <mutex>

#include "reporting/plans.h"

namespace tamroi::projection {

// Plans for streams that are folded at the same time.
class SharedPlans final : public reporting::Plans {
 public:
  [[nodiscard]] catalogue::Compiled compile(const catalogue::Bundle& bundle) override {
    const std::scoped_lock lock(mutex_);
    return Plans::compile(bundle);
  }

 private:
  std::mutex mutex_;
};

}  // namespace tamroi::projection
