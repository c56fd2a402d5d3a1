#include "bench/conditions.h"

#include <time.h>

#include <algorithm>
#include <fstream>
#include <thread>

namespace tamroi::bench {
namespace {

double seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::string core_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

}  // namespace

boost::json::object machine() {
#ifdef __OPTIMIZE__
  const char* build = "optimized";
#else
  const char* build = "not optimized";
#endif
  return {{"cores", std::thread::hardware_concurrency()}, {"core", core_name()}, {"compiler", __VERSION__}, {"build", build}};
}

Stopwatch::Stopwatch() : started_{seconds(CLOCK_MONOTONIC), seconds(CLOCK_THREAD_CPUTIME_ID)} {}

Seconds Stopwatch::elapsed() const {
  return {seconds(CLOCK_MONOTONIC) - started_.wall, seconds(CLOCK_THREAD_CPUTIME_ID) - started_.core};
}

boost::json::object rates(const std::vector<Seconds>& runs, std::size_t amount, std::size_t bytes) {
  auto ordered = runs;
  std::ranges::sort(ordered, {}, &Seconds::core);
  const auto& median = ordered[ordered.size() / 2];
  const auto& best = ordered.front();
  const auto a_second = [](std::size_t of, double time) { return static_cast<std::int64_t>(static_cast<double>(of) / time); };
  return {{"runs", runs.size()},
          {"facts_per_second", a_second(amount, median.core)},
          {"facts_per_second_best", a_second(amount, best.core)},
          {"facts_per_second_wall", a_second(amount, median.wall)},
          {"megabytes_per_second", a_second(bytes, median.core) / 1'000'000},
          {"nanoseconds_a_fact", static_cast<std::int64_t>(median.core * 1e9 / static_cast<double>(amount))}};
}

}  // namespace tamroi::bench
