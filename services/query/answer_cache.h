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
// Limits:  answers_max, then it begins anew.
class AnswerCache {
 public:
  using Views = std::vector<std::shared_ptr<const projection::ProvinceView>>;

  // Null where there is none for these views.
  [[nodiscard]] std::shared_ptr<const std::string> find(const std::string& asked, const Views& views) const;
  void keep(const std::string& asked, Views views, std::shared_ptr<const std::string> answer);

 private:
  static constexpr std::size_t answers_max = 4096;
  struct Kept {
    Views views;  // held, so that no other view comes to lie at the same address
    std::shared_ptr<const std::string> answer;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Kept> kept_;
};

}  // namespace tamroi::query
