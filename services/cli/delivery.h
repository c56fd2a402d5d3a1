#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

#include "cli/patience.h"
#include "cli/submission_files.h"

namespace tamroi::cli {

// Replies to submissions, in their order.
struct Delivered {
  std::vector<Reply> replies;
  bool refused_together = false;  // the last reply is the refusal of all that is left
};

// Sends submissions that are each on one line together, and waits for every outcome. Lines that the server was too busy
// for are sent again.
//
// Errors: throws ServerUnreachable; what was taken is then not taken twice where it is sent again.
[[nodiscard]] Delivered deliver(Patience& patience, std::span<const FoundSubmission> submissions);

// How many submissions to send together (contract.md: at most 16 MiB and 10,000 lines): about as many as are answered
// within half a second, so that one sees it go on, and little is sent again after a cut.
class BatchSize {
 public:
  static constexpr std::size_t bytes_max = std::size_t{8} << 20;
  [[nodiscard]] std::size_t lines() const { return lines_; }
  void took(std::size_t lines, std::chrono::milliseconds time);

 private:
  std::size_t lines_ = 100;
};

}  // namespace tamroi::cli
