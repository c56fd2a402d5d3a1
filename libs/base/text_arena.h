#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <vector>

namespace tamroi::base {

// Keeps copies of texts side by side in large blocks, instead of each in memory of its own. They stay where they are until
// all are forgotten.
class TextArena {
 public:
  explicit TextArena(std::size_t block_bytes) : block_bytes_(block_bytes) {}

  // One text of all of them.
  [[nodiscard]] std::string_view keep(std::initializer_list<std::string_view> texts) {
    std::size_t size = 0;
    for (const auto text : texts) size += text.size();
    if (size > left_) {
      left_ = std::max(size, block_bytes_);
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(left_));
      end_ = blocks_.back().get() + left_;
    }
    char* const kept = end_ - left_;
    char* at = kept;
    for (const auto text : texts) at = std::ranges::copy(text, at).out;
    left_ -= size;
    return {kept, size};
  }
  void clear() {
    blocks_.clear();
    left_ = 0;
  }

 private:
  std::size_t block_bytes_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* end_ = nullptr;    // of the last block
  std::size_t left_ = 0;   // before it
};

}  // namespace tamroi::base
