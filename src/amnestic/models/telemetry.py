"""Traces and metrics by OpenTelemetry's conventions for generative AI, without a word of a text.

A request is a span (`invoke_agent amnestic`), and each call of a model one within it
(`chat <model>`) that says what it was for. They hold ids, counts, times and fixed words; of an
error its kind.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.metadata import version
from typing import TYPE_CHECKING, TypeAlias

from amnestic.extras import require
from amnestic.models.purpose import current_purpose
from amnestic.types import ENDINGS, Generation, Receipt, Route

if TYPE_CHECKING:
    from opentelemetry.trace import Span

__all__ = ["Telemetry", "observed", "observing"]

Told: TypeAlias = Callable[[Receipt], None]

_SCOPE = "amnestic"
_SECONDS = [0.01 * 2**n for n in range(14)]
_TOKENS = [4.0**n for n in range(14)]
"""The bounds that the conventions advise."""


class Telemetry:
    """What a layer tells of itself, to whatever providers the program has set up.

    Raises `MissingExtraError` without the extra `otel`.
    """

    def __init__(self) -> None:
        require("otel", "`telemetry`")
        from opentelemetry import metrics, trace

        self._tracer = trace.get_tracer(_SCOPE, version(_SCOPE))
        meter = metrics.get_meter(_SCOPE, version(_SCOPE))
        self._duration = meter.create_histogram(
            "gen_ai.client.operation.duration", "s", "What a call of a model took.",
            explicit_bucket_boundaries_advisory=_SECONDS,
        )  # fmt: skip
        self._tokens = meter.create_histogram(
            "gen_ai.client.token.usage", "{token}", "Tokens that a call read or wrote.",
            explicit_bucket_boundaries_advisory=_TOKENS,
        )  # fmt: skip
        self._added = meter.create_histogram(
            "amnestic.added.duration", "s", "What the layer added to a reply.",
            explicit_bucket_boundaries_advisory=_SECONDS,
        )  # fmt: skip

    @contextmanager
    def request(self) -> Iterator[Told]:
        """A span around one request; what is yielded is told its receipt."""
        about = {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.provider.name": _SCOPE,
            "gen_ai.agent.name": _SCOPE,
        }
        with self._span(f"invoke_agent {_SCOPE}", about) as span:
            yield lambda receipt: self._note(span, receipt)

    def _note(self, span: Span, receipt: Receipt) -> None:
        span.set_attributes(
            {
                "amnestic.receipt.id": receipt.id,
                "amnestic.route": receipt.route.value,
                "amnestic.audit": receipt.audit,
                "amnestic.targets": receipt.targets,
                "amnestic.added_ms": receipt.added_ms,
                "amnestic.rounds": receipt.rounds,
                "amnestic.base_calls": receipt.base_calls,
                "amnestic.agent_calls": receipt.agent_calls,
            }
        )
        if receipt.route is Route.FAILED:
            self._fail(span, "failed_closed")
        self._added.record(receipt.added_ms / 1000, {"amnestic.route": receipt.route.value})

    async def call(self, model: str, purpose: str, answer: Awaitable[Generation]) -> Generation:
        """A span around one call of a model, and what it gives. Raises what the model raises."""
        provider, _, name = model.partition(":")
        about = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": provider,
            "gen_ai.request.model": name or provider,
        }
        begun = time.perf_counter()
        error: dict[str, str] = {}
        try:
            told = {**about, "amnestic.purpose": purpose}
            with self._span(f"chat {name or provider}", told, calls=True) as span:
                given = await answer
                self._count(span, given, about)
                return given
        except BaseException as failure:  # raised again: only its kind is told
            error = {"error.type": type(failure).__name__}
            raise
        finally:
            self._duration.record(time.perf_counter() - begun, {**about, **error})

    def _count(self, span: Span, given: Generation, about: dict[str, str]) -> None:
        used = {"input": given.usage.input_tokens, "output": given.usage.output_tokens}
        for kind, count in used.items():
            span.set_attribute(f"gen_ai.usage.{kind}_tokens", count)
            self._tokens.record(count, {**about, "gen_ai.token.type": kind})
        ends = [c.finish_reason for c in given.choices if c.finish_reason in ENDINGS]
        span.set_attribute("gen_ai.response.finish_reasons", [end for end in ends if end])

    @contextmanager
    def _span(self, name: str, about: dict[str, str], *, calls: bool = False) -> Iterator[Span]:
        from opentelemetry.trace import SpanKind

        with self._tracer.start_as_current_span(
            name,
            kind=SpanKind.CLIENT if calls else SpanKind.INTERNAL,
            attributes=about,
            record_exception=False,  # its words may quote a draft
            set_status_on_exception=False,
        ) as span:
            try:
                yield span
            except BaseException as error:  # raised again: only its kind is told
                self._fail(span, type(error).__name__)
                raise

    def _fail(self, span: Span, kind: str) -> None:
        from opentelemetry.trace import Status, StatusCode

        span.set_attribute("error.type", kind)
        span.set_status(Status(StatusCode.ERROR))


_current: ContextVar[Telemetry | None] = ContextVar("amnestic_telemetry", default=None)


@contextmanager
def observing(telemetry: Telemetry | None) -> Iterator[None]:
    """Within the block, calls of models are told to `telemetry`, if there is one."""
    token = _current.set(telemetry)
    try:
        yield
    finally:
        _current.reset(token)


async def observed(model: str, answer: Awaitable[Generation]) -> Generation:
    """What a model gives, told of where somebody observes, with the purpose of the call.

    >>> import asyncio
    >>> async def answer() -> Generation:
    ...     return Generation(())
    >>> asyncio.run(observed("m", answer()))
    Generation(choices=(), usage=Usage(input_tokens=0, output_tokens=0))
    """
    telemetry = _current.get()
    if telemetry is None:
        return await answer
    return await telemetry.call(model, current_purpose(), answer)
