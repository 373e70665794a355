"""OpenTelemetry is told of each request and each call, and of no word in them."""

from __future__ import annotations

import gzip
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from amnestic import Amnesia, extras
from amnestic.exceptions import MissingExtraError, ModelError
from amnestic.testing import ScriptedBackend, ScriptedServer
from amnestic.types import Draft, ForgetTarget, Generation, Usage
from tests.patience import PATIENCE, until
from tests.server.running import running_proxy
from tests.server.test_command import serving

EXPORTED = InMemorySpanExporter()
READER = InMemoryMetricReader()
CANARY = "Zebulon-4242"
CHAT = "/v1/chat/completions"
Spans = Callable[[], list[ReadableSpan]]


@pytest.fixture(scope="module", autouse=True)
def providers() -> None:
    """What a program sets up once; layers that are not told to use it do not."""
    spans = TracerProvider()
    spans.add_span_processor(SimpleSpanProcessor(EXPORTED))
    trace.set_tracer_provider(spans)
    metrics.set_meter_provider(MeterProvider([READER]))


@pytest.fixture
def spans() -> Iterator[Spans]:
    EXPORTED.clear()
    yield lambda: list(EXPORTED.get_finished_spans())
    EXPORTED.clear()


@pytest.fixture
def traced(layer: Callable[..., Amnesia]) -> Amnesia:
    said = Generation((Draft(f"{CANARY} says that Ana Morel painted it.", finish_reason="stop"),),
                      Usage(7, 5))  # fmt: skip

    class Model(ScriptedBackend):
        async def generate(self, conversation: Any, options: Any) -> Generation:
            await super().generate(conversation, options)
            return said

    amnesia = layer(Model(), telemetry="otel")
    amnesia.add(ForgetTarget(id="t-1", subject="Ana Morel", description=f"A painter, {CANARY}."))
    return amnesia


def told(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def test_a_request_is_a_span_that_says_what_became_of_it(traced: Amnesia, spans: Spans) -> None:
    receipt = traced.chat("Who painted the ceiling?").receipt
    (span,) = [span for span in spans() if span.name == "invoke_agent amnestic"]
    about = told(span)
    assert about["gen_ai.operation.name"] == "invoke_agent"
    assert about["amnestic.route"] == receipt.route.value
    assert about["amnestic.receipt.id"] == receipt.id
    assert about["amnestic.targets"] == ("t-1",)
    assert about["amnestic.base_calls"] == receipt.base_calls


def test_each_call_is_a_span_within_it_with_its_purpose(traced: Amnesia, spans: Spans) -> None:
    receipt = traced.chat("Who painted the ceiling?").receipt
    (request,) = [span for span in spans() if span.name == "invoke_agent amnestic"]
    calls = [span for span in spans() if told(span)["gen_ai.operation.name"] == "chat"]
    purposes = [told(span)["amnestic.purpose"] for span in calls]
    assert purposes[0] == "answer"
    assert purposes.count("again") == receipt.second_asks > 0
    for span in calls:
        assert span.kind is SpanKind.CLIENT
        assert span.parent
        assert span.parent.span_id == request.context.span_id
        assert told(span)["gen_ai.usage.input_tokens"] == 7
        assert told(span)["gen_ai.usage.output_tokens"] == 5
        assert told(span)["gen_ai.response.finish_reasons"] == ("stop",)


def test_a_streams_spans_are_the_same(traced: Amnesia, spans: Spans) -> None:
    with traced.stream("What is the weather like?") as stream:
        list(stream)
    names = [told(span)["gen_ai.operation.name"] for span in spans()]
    assert names[0] == "chat"
    assert names[-1] == "invoke_agent"


def test_what_is_elicited_is_told_of(traced: Amnesia, spans: Spans) -> None:
    traced.forget("Please forget Ilse Tarn. Ilse Tarn is a poet.", elicit=True)
    until(
        lambda: any(told(span).get("amnestic.purpose") == "elicit" for span in spans()),
        "no call is told of",
    )


def test_a_failure_tells_its_kind_alone(layer: Callable[..., Amnesia], spans: Spans) -> None:
    class Broken(ScriptedBackend):
        async def generate(self, conversation: Any, options: Any) -> Generation:
            raise ModelError(f"{CANARY} is out of order")

    with pytest.raises(ModelError):
        layer(Broken(), telemetry="otel").chat("Hello")
    assert {told(span)["error.type"] for span in spans()} == {"ModelError"}
    assert {span.status.status_code for span in spans()} == {StatusCode.ERROR}
    assert not any(span.events or span.status.description for span in spans())


def test_no_word_of_anybody_is_in_a_span_or_a_metric(traced: Amnesia, spans: Spans) -> None:
    for question in (f"Who is Ana Morel, {CANARY}?", f"Who painted {CANARY}?"):
        traced.chat(question, temperature=0, user=CANARY)
        with traced.stream(question) as stream:
            list(stream)
    everything = "".join(span.to_json() for span in spans())
    everything += str(READER.get_metrics_data())
    assert "again" in everything
    assert not any(word in everything for word in (CANARY, "Zebulon", "Morel", "paint"))


def test_metrics_have_the_conventions_names(traced: Amnesia) -> None:
    traced.chat("What is the weather like?")
    found = READER.get_metrics_data()
    assert found is not None
    names = {m.name: m.unit for r in found.resource_metrics for s in r.scope_metrics
             for m in s.metrics}  # fmt: skip
    assert names["gen_ai.client.operation.duration"] == "s"
    assert names["gen_ai.client.token.usage"] == "{token}"
    assert names["amnestic.added.duration"] == "s"


def test_a_layer_that_is_not_told_to_tells_nothing(
    layer: Callable[..., Amnesia], spans: Spans
) -> None:
    layer().chat("Hello")
    assert spans() == []


def test_without_the_extra_one_line_says_what_brings_it(
    layer: Callable[..., Amnesia], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extras, "EXTRAS", {**extras.EXTRAS, "otel": ("no_such.package",)})
    with pytest.raises(MissingExtraError, match=r"pip install 'amnestic\[otel\]'"):
        layer(telemetry="otel").chat("Hello")


# ── The server ───────────────────────────────────────────────────────────────────────────────────


def test_a_servers_spans_are_part_of_the_callers_trace(
    traced: Amnesia, upstream: ScriptedServer, spans: Spans
) -> None:
    trace_id, span_id = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    body = {"model": CANARY, "messages": [{"role": "user", "content": f"Where is {CANARY}?"}]}
    with running_proxy(traced, upstream=upstream.base_url) as proxy:
        headers = {"traceparent": f"00-{trace_id}-{span_id}-01"}
        httpx.post(proxy.url + CHAT, json=body, headers=headers)
    request = next(span for span in spans() if span.name == "invoke_agent amnestic")
    assert f"{request.context.trace_id:032x}" == trace_id
    assert request.parent
    assert f"{request.parent.span_id:016x}" == span_id
    assert CANARY not in "".join(span.to_json() for span in spans())


class _Collector(BaseHTTPRequestHandler):
    """Takes what is sent by OTLP over HTTP."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        is_packed = self.headers.get("content-encoding") == "gzip"
        self.server.taken[self.path] += gzip.decompress(body) if is_packed else body  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Nothing."""


@contextmanager
def collecting() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Collector)
    server.taken = {"/v1/traces": b"", "/v1/metrics": b""}
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_running_server_sends_what_it_has_to_tell_before_it_ends(
    upstream: ScriptedServer, tmp_path: Path, workers: str
) -> None:
    with collecting() as collector:
        told = {
            "AMNESTIC_TELEMETRY": "otel",
            "AMNESTIC_DB": str(tmp_path / "r.db"),
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.server_port}",
            "OTEL_SERVICE_NAME": "forgetful",
        }
        asked = {"model": "m", "messages": [{"role": "user", "content": f"Where is {CANARY}?"}]}
        with serving("--upstream", upstream.base_url, "--workers", workers, **told) as (
            url,
            running,
        ):
            httpx.post(url + "/chat/completions", json=asked, timeout=PATIENCE)
            running.send_signal(signal.SIGTERM)
            running.wait(PATIENCE)
        spans, counts = collector.taken["/v1/traces"], collector.taken["/v1/metrics"]
    assert b"invoke_agent amnestic" in spans
    assert b"chat upstream" in spans
    assert b"forgetful" in spans
    assert b"gen_ai.client.operation.duration" in counts
    assert CANARY.encode() not in spans + counts
