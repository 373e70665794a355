"""Counters for Prometheus. None of them holds a word of a request."""

from __future__ import annotations

from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from amnestic.server.counting import are_shared, restarts_in
from amnestic.server.logs import Line, noted
from amnestic.types import Receipt

__all__ = ["Metrics"]

_SECONDS = (
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1,
    2.5,
    5,
    10,
    30,
    60,
    120,
    300,
)


class Metrics:
    """One server's counters.

    Args:
        tells_routes: whether the counters say which way requests went. Callers could tell from
            that what is on the list, so it is for servers that ask for the admin token.
        audits: whether any namespace is in audit mode.
    """

    def __init__(self, *, tells_routes: bool, audits: bool = False) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "amnestic_requests",
            "HTTP requests, by endpoint and status.",
            ("endpoint", "status"),
            registry=self._registry,
        )
        self.running = Gauge(
            "amnestic_requests_running",
            "Requests being served.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self.tells_routes = tells_routes
        Gauge(
            "amnestic_audit_mode",
            "1 where audit mode leaves replies as they are, in any namespace.",
            registry=self._registry,
            multiprocess_mode="livemax",
        ).set(int(audits))
        if not are_shared():  # else the supervisor counts it, in a file of its own
            restarts_in(self._registry)
        self._ways = _Ways(self._registry) if tells_routes else None

    def note(self, receipt: Receipt) -> None:
        """Count one reviewed conversation, and tell of it in its request's line of the log."""
        noted(receipt)
        if self._ways is not None:
            self._ways.note(receipt)

    def served(self, line: Line) -> None:
        """Count one request that has ended: what it took, and in which ways the model failed."""
        if self._ways is not None:
            self._ways.served(line)

    def in_step(self, behind: int, targets: int) -> None:
        """This process has caught up with the registry, after having been so many changes
        `behind`; so many `targets` are in force."""
        if self._ways is not None:
            self._ways.lag.set(behind)
            self._ways.lag_seconds.set(0)
            self._ways.targets.set(targets)

    def out_of_step(self, seconds: float) -> None:
        """This process could not catch up with the registry, since so many seconds."""
        if self._ways is not None:
            self._ways.lag_seconds.set(seconds)

    def text(self) -> bytes:
        """All counters in Prometheus's format."""
        if not are_shared():
            return generate_latest(self._registry)
        everyone = CollectorRegistry()
        MultiProcessCollector(everyone)  # type: ignore[no-untyped-call]
        return generate_latest(everyone)


class _Ways:
    """Which ways requests went, what that took and what it cost."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def counter(name: str, told: str, *labels: str) -> Counter:
            return Counter(f"amnestic_{name}", told, labels, registry=registry)

        def seconds(name: str, told: str) -> Histogram:
            labels, name = ("route",), f"amnestic_{name}_seconds"
            return Histogram(name, told, labels, buckets=_SECONDS, registry=registry)

        def gauge(name: str, told: str, mode: Literal["livemax", "livemostrecent"]) -> Gauge:
            return Gauge(f"amnestic_{name}", told, registry=registry, multiprocess_mode=mode)

        self._routes = counter("routes", "Reviewed conversations, by the way they went.", "route")
        self._audited = counter(
            "audited_routes",
            "Conversations in audit mode, by the way they would have gone.",
            "route",
        )
        self._added = seconds("added", "Seconds that the layer added to a reply, by its way.")
        self._total = seconds("total", "Seconds of a request with a reviewed reply, by its way.")
        self._agent_calls = counter("agent_calls", "Model calls that the layer added.")
        self._errors = counter("upstream_errors", "Failures of the model behind, by kind.", "kind")
        self.targets = gauge("targets", "Targets in force, of all namespaces.", "livemostrecent")
        self.lag = gauge(
            "generation_lag",
            "Changes of the registry that a worker had not in force at its last look.",
            "livemax",
        )
        self.lag_seconds = gauge(
            "generation_lag_seconds",
            "Seconds since a worker could last follow the registry; 0 where it can.",
            "livemax",
        )

    def note(self, receipt: Receipt) -> None:
        """Count one reviewed conversation."""
        (self._audited if receipt.audit else self._routes).labels(receipt.route.value).inc()
        self._added.labels(receipt.route.value).observe(receipt.added_ms / 1000)
        self._agent_calls.inc(receipt.agent_calls)

    def served(self, line: Line) -> None:
        """Count one request that has ended; of several replies the first says its way."""
        for receipt in line.receipts[:1]:
            self._total.labels(receipt.route.value).observe(line.seconds)
        for kind in line.failures:
            self._errors.labels(kind).inc()
