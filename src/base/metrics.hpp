#pragma once

#include <string>
#include <utility>
#include <vector>

namespace kinora {

/// What a server counts of itself, as Prometheus understands it (https://prometheus.io/docs/concepts/data_model). Names end in
/// a unit or in `_total`; labels have few values: templates and kinds, never ids, names or texts of people. Any thread.
class Counter {
 public:
  virtual ~Counter() = default;
  virtual void add(double more) = 0;
};

/// How many values lie below which bounds; their sum.
class Histogram {
 public:
  virtual ~Histogram() = default;
  virtual void observe(double value) = 0;
};

/// What goes up and down.
class Gauge {
 public:
  virtual ~Gauge() = default;
  virtual void set(double value) = 0;
};

class Metrics {
 public:
  using Labels = std::vector<std::pair<std::string, std::string>>;

  virtual ~Metrics() = default;
  /// The one of this name and these labels, made when it is asked for first. Lives as long as this; keep it where it is used
  /// often.
  virtual Counter& counter(const std::string& name, const std::string& help, const Labels& labels) = 0;
  virtual Gauge& gauge(const std::string& name, const std::string& help, const Labels& labels) = 0;
  /// Bounds: those of the first call by this name and labels.
  virtual Histogram& histogram(const std::string& name, const std::string& help, const Labels& labels,
                               const std::vector<double>& bounds) = 0;
  /// All of it, in the text format 0.0.4.
  virtual std::string text() const = 0;
};

}  // namespace kinora
