#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace tamroi::http {

// Counts what is open, in all and an address.
//
// Threads: any.
class ConnectionCaps {
 public:
  enum class Verdict : std::uint8_t { Taken, TooManyInAll, TooManyOfAddress };

  // Every Taken needs one leave(); the other verdicts none.
  [[nodiscard]] Verdict enter(const std::string& address, std::size_t in_all_max, std::size_t of_address_max);
  void leave(const std::string& address);
  // Whether all have left before the bound.
  bool wait_until_empty(std::chrono::milliseconds bound);

 private:
  std::mutex mutex_;
  std::condition_variable empty_;
  std::size_t in_all_ = 0;
  std::unordered_map<std::string, std::size_t> of_address_;
};

}  // namespace tamroi::http
