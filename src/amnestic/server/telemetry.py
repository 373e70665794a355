"""OpenTelemetry for `amnestic serve`: where spans and metrics go, and whose they are part of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import ASGIApp, Receive, Scope, Send

from amnestic import __version__
from amnestic.config import Settings

__all__ = ["Traced", "exporting"]

_SERVICE = "amnestic"


@contextmanager
def exporting(settings: Settings) -> Iterator[None]:
    """Within the block what a layer with these settings tells is sent by OTLP over HTTP, to where
    the `OTEL_…` variables say; at its end what is left is sent. Nothing, where it tells nothing."""
    if settings.telemetry == "off":
        yield
        return
    from opentelemetry import metrics, trace
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    named = Resource.create({"service.name": _SERVICE, "service.version": __version__})
    named = named.merge(OTELResourceDetector().detect())  # OTEL_SERVICE_NAME goes before ours
    spans = TracerProvider(resource=named, shutdown_on_exit=False)
    spans.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    reader = PeriodicExportingMetricReader(OTLPMetricExporter())
    counts = MeterProvider([reader], resource=named, shutdown_on_exit=False)
    trace.set_tracer_provider(spans)
    metrics.set_meter_provider(counts)
    try:
        yield
    finally:  # a worker leaves without what is done at a program's exit
        spans.shutdown()
        counts.shutdown()


class Traced:
    """Makes what is told of a request part of its caller's trace, which `traceparent` names."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        from opentelemetry import context
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        told = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        token = context.attach(TraceContextTextMapPropagator().extract(told))
        try:
            await self._app(scope, receive, send)
        finally:
            context.detach(token)
