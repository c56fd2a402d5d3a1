#include "query/answer_cache.h"

#include <algorithm>
#include <utility>

namespace tamroi::query {

bool AnswerCache::Kept::of(const Views& others) const {
  const auto same = [](const auto& one, const auto& other) { return !one.owner_before(other) && !other.owner_before(one); };
  return std::ranges::equal(views, others, same);
}

std::size_t AnswerCache::Kept::bytes() const {
  constexpr std::size_t place = 256;  // the key, and what a map needs for it
  return place + answer->size() + views.size() * sizeof(views.front());
}

std::shared_ptr<const std::string> AnswerCache::find(const std::string& asked, const Views& views) const {
  const std::scoped_lock lock(mutex_);
  const auto found = kept_.find(asked);
  return found != kept_.end() && found->second.of(views) ? found->second.answer : nullptr;
}

void AnswerCache::keep(const std::string& asked, const Views& views, std::shared_ptr<const std::string> answer) {
  Kept kept{{views.begin(), views.end()}, std::move(answer)};
  const auto more = kept.bytes();
  if (more > bytes_max_) return;
  const std::scoped_lock lock(mutex_);
  if (const auto before = kept_.find(asked); before != kept_.end()) {
    bytes_ -= before->second.bytes();
    kept_.erase(before);
  }
  if (bytes_ + more > bytes_max_) {
    kept_.clear();
    bytes_ = 0;
  }
  bytes_ += more;
  kept_.emplace(asked, std::move(kept));
}

}  // namespace tamroi::query
