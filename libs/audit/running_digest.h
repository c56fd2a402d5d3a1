#pragma once

#include <memory>
#include <string_view>

#include "base/sha256.h"

namespace tamroi::audit {

// SHA-256 of bytes that come piece by piece.
class RunningDigest {
 public:
  RunningDigest();
  ~RunningDigest();
  RunningDigest(RunningDigest&&) noexcept;
  RunningDigest& operator=(RunningDigest&&) = delete;
  void add(std::string_view bytes);
  // Of all that was added; nothing is added after it.
  [[nodiscard]] base::Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tamroi::audit
