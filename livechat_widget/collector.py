"""The counters as Prometheus knows them; needs the extra ``metrics``."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import accumulate

from prometheus_client import REGISTRY, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from .counters import GAUGES, Counters, Spread, counters, gauges

PREFIX = "livechat_"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class CountersCollector(Collector):
    """Reads what has been counted, when it is asked."""

    def collect(self) -> Iterator[Metric]:
        for one in fields(Counters):
            name, meaning = PREFIX + one.name, one.metadata["meaning"]
            label, value = one.metadata.get("label", ""), getattr(counters, one.name)
            if isinstance(value, Spread):
                yield _histogram(name, meaning, value)
            else:
                yield _add(CounterMetricFamily(name, meaning, labels=_names(label)), value)
        for key, (meaning, label) in GAUGES.items():
            value = gauges[key]() if key in gauges else {} if label else 0
            yield _add(GaugeMetricFamily(PREFIX + key, meaning, labels=_names(label)), value)


def register() -> None:
    """Join the registry that the site's own metrics are in."""
    REGISTRY.register(CountersCollector())


def exposition() -> bytes:
    """Everything in that registry, in Prometheus' text format."""
    return generate_latest(REGISTRY)


def _names(label: str) -> list[str]:
    return [label] if label else []


def _add(
    family: CounterMetricFamily | GaugeMetricFamily, value: float | Mapping[str, float]
) -> Metric:
    if not isinstance(value, Mapping):
        family.add_metric([], value)
    else:
        for label, number in dict(value).items():
            family.add_metric([label], number)
    return family


def _histogram(name: str, meaning: str, spread: Spread) -> HistogramMetricFamily:
    bounds = [*map(str, spread.bounds), "+Inf"]
    buckets = list(zip(bounds, accumulate(spread.counts), strict=True))
    return HistogramMetricFamily(name, meaning, buckets=buckets, sum_value=spread.sum)
