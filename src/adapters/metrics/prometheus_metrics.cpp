#include "adapters/metrics/prometheus_metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>

#include "base/sync.hpp"

namespace kinora {

namespace {

class PrometheusCounter final : public Counter {
 public:
  explicit PrometheusCounter(prometheus::Counter& counter) : counter_(counter) {}
  void add(double more) override { counter_.Increment(more); }

 private:
  prometheus::Counter& counter_;
};

class PrometheusGauge final : public Gauge {
 public:
  explicit PrometheusGauge(prometheus::Gauge& gauge) : gauge_(gauge) {}
  void set(double value) override { gauge_.Set(value); }

 private:
  prometheus::Gauge& gauge_;
};

class PrometheusHistogram final : public Histogram {
 public:
  explicit PrometheusHistogram(prometheus::Histogram& histogram) : histogram_(histogram) {}
  void observe(double value) override { histogram_.Observe(value); }

 private:
  prometheus::Histogram& histogram_;
};

prometheus::Labels labels_of(const Metrics::Labels& labels) { return {labels.begin(), labels.end()}; }

/// What was handed out, by name and labels.
template <class Metric>
using Handed = Guarded<std::map<std::pair<std::string, Metrics::Labels>, std::unique_ptr<Metric>>>;

template <class Metric, class Make>
Metric& handed(Handed<Metric>& all, const std::string& name, const Metrics::Labels& labels, const Make& make) {
  return all.with([&](auto& metrics) -> Metric& {
    auto& metric = metrics[{name, labels}];
    if (metric == nullptr) metric = make();
    return *metric;
  });
}

class PrometheusMetrics final : public Metrics {
 public:
  Counter& counter(const std::string& name, const std::string& help, const Labels& labels) override {
    return handed(counters_, name, labels, [&] {
      auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(registry_);
      return std::make_unique<PrometheusCounter>(family.Add(labels_of(labels)));
    });
  }
  Gauge& gauge(const std::string& name, const std::string& help, const Labels& labels) override {
    return handed(gauges_, name, labels, [&] {
      auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(registry_);
      return std::make_unique<PrometheusGauge>(family.Add(labels_of(labels)));
    });
  }
  Histogram& histogram(const std::string& name, const std::string& help, const Labels& labels,
                       const std::vector<double>& bounds) override {
    return handed(histograms_, name, labels, [&] {
      auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(registry_);
      return std::make_unique<PrometheusHistogram>(family.Add(labels_of(labels), bounds));
    });
  }
  std::string text() const override { return prometheus::TextSerializer().Serialize(registry_.Collect()); }

 private:
  // A family that is registered again is the same one.
  prometheus::Registry registry_{prometheus::Registry::InsertBehavior::Merge};
  Handed<Counter> counters_;
  Handed<Gauge> gauges_;
  Handed<Histogram> histograms_;
};

}  // namespace

std::unique_ptr<Metrics> open_prometheus_metrics() { return std::make_unique<PrometheusMetrics>(); }

}  // namespace kinora
