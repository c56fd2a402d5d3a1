#pragma once

#include <string>
#include <vector>

#include <boost/json.hpp>

// What a figure was measured under, and how it is told.
namespace tamroi::bench {

// Cores, their name, compiler and build.
[[nodiscard]] boost::json::object machine();

// Seconds that one run took: of the wall, and of this thread on a core.
struct Seconds {
  double wall = 0;
  double core = 0;
};

class Stopwatch {
 public:
  Stopwatch();
  [[nodiscard]] Seconds elapsed() const;

 private:
  Seconds started_;
};

// Median and best of several runs of `amount` things and `bytes`; rates are of the core's time, which a busy machine
// disturbs least.
[[nodiscard]] boost::json::object rates(const std::vector<Seconds>& runs, std::size_t amount, std::size_t bytes);

}  // namespace tamroi::bench
