#include "telemetry/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace tamroi::telemetry {

void Counter::add(double amount) { counter_->Increment(amount); }
void Counter::reach(double total) {
  if (const double more = total - counter_->Value(); more > 0) counter_->Increment(more);
}
double Counter::value() const { return counter_->Value(); }

void Gauge::add(double amount) { gauge_->Increment(amount); }
void Gauge::set(double value) { gauge_->Set(value); }
double Gauge::value() const { return gauge_->Value(); }

void Histogram::observe(double value) { histogram_->Observe(value); }

Metrics::Metrics() : registry_(std::make_unique<prometheus::Registry>()) {}
Metrics::~Metrics() = default;

Counter Metrics::counter(const std::string& name, const std::string& meaning, const Labels& labels) {
  return Counter(prometheus::BuildCounter().Name(name).Help(meaning).Register(*registry_).Add(labels));
}

Gauge Metrics::gauge(const std::string& name, const std::string& meaning, const Labels& labels) {
  return Gauge(prometheus::BuildGauge().Name(name).Help(meaning).Register(*registry_).Add(labels));
}

Histogram Metrics::histogram(const std::string& name, const std::string& meaning, const std::vector<double>& buckets,
                             const Labels& labels) {
  return Histogram(prometheus::BuildHistogram().Name(name).Help(meaning).Register(*registry_).Add(labels, buckets));
}

void Metrics::on_expose(std::function<void()> look) {
  const std::lock_guard lock(looking_);
  looks_.push_back(std::move(look));
}

std::string Metrics::expose() {
  const std::lock_guard lock(looking_);
  for (const auto& look : looks_) look();
  return prometheus::TextSerializer().Serialize(registry_->Collect());
}

std::vector<double> latency_buckets_seconds() {
  return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
}

std::vector<double> count_buckets() { return {1, 4, 16, 64, 256, 1'024, 4'096, 16'384, 65'536}; }

}  // namespace tamroi::telemetry
