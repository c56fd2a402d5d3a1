#include "query/answer_cache.h"

#include <utility>

namespace tamroi::query {

std::shared_ptr<const std::string> AnswerCache::find(const std::string& asked, const Views& views) const {
  const std::scoped_lock lock(mutex_);
  const auto found = kept_.find(asked);
  return found != kept_.end() && found->second.views == views ? found->second.answer : nullptr;
}

void AnswerCache::keep(const std::string& asked, Views views, std::shared_ptr<const std::string> answer) {
  const std::scoped_lock lock(mutex_);
  if (kept_.size() >= answers_max) kept_.clear();
  kept_.insert_or_assign(asked, Kept{std::move(views), std::move(answer)});
}

}  // namespace tamroi::query
