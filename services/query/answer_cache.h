#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "projection/province_stream.h"

namespace tamroi::query {

// Answers that were told, by what was asked for; each is good as long as the provinces that it was told from stand where
// they stood. Most readers ask for the same few units again and again.
//
// Threads: any.
// Limits:  about bytes_max, then it begins anew. What provinces stood at before is not kept for an answer's sake.
class AnswerCache {
 public:
  explicit AnswerCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  using Views = std::vector<std::shared_ptr<const projection::ProvinceView>>;

  // Null where there is none for these views.
  [[nodiscard]] std::shared_ptr<const std::string> find(const std::string& asked, const Views& views) const;
  void keep(const std::string& asked, const Views& views, std::shared_ptr<const std::string> answer);

 private:
  struct Kept {
    std::vector<std::weak_ptr<const projection::ProvinceView>> views;  // no other is taken for one of them, also when it is gone
    std::shared_ptr<const std::string> answer;
    [[nodiscard]] bool of(const Views& others) const;
    [[nodiscard]] std::size_t bytes() const;
  };
  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::map<std::string, Kept> kept_;
  std::size_t bytes_ = 0;  // of answers, and of what it takes to keep them
};

}  // namespace tamroi::query
