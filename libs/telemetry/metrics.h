#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
class Registry;
}  // namespace prometheus

namespace tamroi::telemetry {

using Labels = std::map<std::string, std::string>;

// What only grows. A copy counts the same thing.
class Counter {
 public:
  explicit Counter(prometheus::Counter& counter) : counter_(&counter) {}
  void add(double amount = 1);
  // Raises it to a total that is counted elsewhere.
  void reach(double total);
  [[nodiscard]] double value() const;

 private:
  prometheus::Counter* counter_;
};

// What goes up and down.
class Gauge {
 public:
  explicit Gauge(prometheus::Gauge& gauge) : gauge_(&gauge) {}
  void add(double amount);
  void set(double value);
  [[nodiscard]] double value() const;

 private:
  prometheus::Gauge* gauge_;
};

class Histogram {
 public:
  explicit Histogram(prometheus::Histogram& histogram) : histogram_(&histogram) {}
  void observe(double value);

 private:
  prometheus::Histogram* histogram_;
};

// The numbers a process shows about itself, in Prometheus' text format.
//
// Invariants: the same name and labels give the same counter; one name has one kind.
// Threads:    any; what it returns must not outlive it.
// Errors:     std::invalid_argument for a name of another kind or an unfit name or label.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  [[nodiscard]] Counter counter(const std::string& name, const std::string& meaning, const Labels& labels = {});
  [[nodiscard]] Gauge gauge(const std::string& name, const std::string& meaning, const Labels& labels = {});
  // Buckets are upper bounds, ascending; those of the first call for a name and labels stand.
  [[nodiscard]] Histogram histogram(const std::string& name, const std::string& meaning,
                                    const std::vector<double>& buckets, const Labels& labels = {});

  // Called before each exposition, one at a time, to set what is only looked at. Must outlive the last one.
  void on_expose(std::function<void()> look);
  [[nodiscard]] std::string expose();

 private:
  std::mutex looking_;
  std::vector<std::function<void()>> looks_;
  std::unique_ptr<prometheus::Registry> registry_;
};

// From half a millisecond to half a minute.
[[nodiscard]] std::vector<double> latency_buckets_seconds();
// From one to 65,536, by fours.
[[nodiscard]] std::vector<double> count_buckets();

}  // namespace tamroi::telemetry
