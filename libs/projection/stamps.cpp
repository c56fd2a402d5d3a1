#include "projection/stamps.h"

#include <algorithm>

namespace tamroi::projection {

Stamps::Stamp Stamps::take() {
  const std::scoped_lock lock(given_->mutex);
  return std::make_shared<const Held>(given_, std::max(clock_.now(), given_->least));
}

Stamps::Stamp Stamps::take_at(base::Instant time) {
  const std::scoped_lock lock(given_->mutex);
  if (!clock_.move_to(time)) return nullptr;
  return std::make_shared<const Held>(given_, std::max(time, given_->least));
}

bool Stamps::all_after(base::Instant time) {
  const std::scoped_lock lock(given_->mutex);
  if (clock_.reached() <= time || (!given_->held.empty() && *given_->held.begin() <= time)) return false;
  given_->least = std::max(given_->least, {time.micros + 1});
  return true;
}

}  // namespace tamroi::projection
