"""Counters for Prometheus. None of them holds a word of a request."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from amnestic.server.counting import are_shared
from amnestic.server.logs import noted
from amnestic.types import Receipt

__all__ = ["Metrics"]

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """One server's counters.

    Args:
        tells_routes: whether the counters say which way requests went. Callers could tell from
            that what is on the list, so it is for servers that ask for the admin token.
    """

    def __init__(self, *, tells_routes: bool) -> None:
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
        self._ways = _Ways(self._registry) if tells_routes else None

    def note(self, receipt: Receipt) -> None:
        """Count one reviewed conversation, and tell of it in its request's line of the log."""
        noted(receipt)
        if self._ways is not None:
            self._ways.note(receipt)

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
        self._routes = Counter(
            "amnestic_routes",
            "Reviewed conversations, by the way they went.",
            ("route",),
            registry=registry,
        )
        self._added = Histogram(
            "amnestic_added_seconds",
            "Seconds that the layer added to a reply, by the way it went.",
            ("route",),
            buckets=_SECONDS,
            registry=registry,
        )
        self._agent_calls = Counter(
            "amnestic_agent_calls", "Model calls that the layer added.", registry=registry
        )

    def note(self, receipt: Receipt) -> None:
        """Count one reviewed conversation."""
        self._routes.labels(receipt.route.value).inc()
        self._added.labels(receipt.route.value).observe(receipt.added_ms / 1000)
        self._agent_calls.inc(receipt.agent_calls)
