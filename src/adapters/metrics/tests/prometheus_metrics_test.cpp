#include "adapters/metrics/prometheus_metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kinora {
namespace {

using ::testing::HasSubstr;

TEST(PrometheusMetrics, TellsWhatWasCounted) {
  const auto metrics = open_prometheus_metrics();

  metrics->counter("kinora_things_total", "Things.", {{"kind", "a"}}).add(2);
  metrics->counter("kinora_things_total", "Things.", {{"kind", "a"}}).add(1);
  metrics->counter("kinora_things_total", "Things.", {{"kind", "b"}}).add(1);

  const auto text = metrics->text();
  EXPECT_THAT(text, HasSubstr("# HELP kinora_things_total Things.\n# TYPE kinora_things_total counter\n"));
  EXPECT_THAT(text, HasSubstr("kinora_things_total{kind=\"a\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("kinora_things_total{kind=\"b\"} 1\n"));
}

TEST(PrometheusMetrics, CountsValuesBelowBounds) {
  const auto metrics = open_prometheus_metrics();
  auto& times = metrics->histogram("kinora_time_seconds", "Time.", {}, {0.1, 1});

  for (const auto seconds : {0.05, 0.5, 5.0}) times.observe(seconds);

  const auto text = metrics->text();
  EXPECT_THAT(text, HasSubstr("kinora_time_seconds_bucket{le=\"0.1\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("kinora_time_seconds_bucket{le=\"1\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("kinora_time_seconds_bucket{le=\"+Inf\"} 3\n"));
}

TEST(PrometheusMetrics, TellsTheLastValueOfAGauge) {
  const auto metrics = open_prometheus_metrics();

  metrics->gauge("kinora_level", "Level.", {}).set(3);
  metrics->gauge("kinora_level", "Level.", {}).set(2);

  EXPECT_THAT(metrics->text(), HasSubstr("kinora_level 2\n"));
}

TEST(PrometheusMetrics, EscapesLabels) {
  const auto metrics = open_prometheus_metrics();

  metrics->counter("kinora_things_total", "Things.", {{"kind", "a\"b\n"}}).add(1);

  EXPECT_THAT(metrics->text(), HasSubstr(R"(kinora_things_total{kind="a\"b\n"} 1)"));
}

}  // namespace
}  // namespace kinora
