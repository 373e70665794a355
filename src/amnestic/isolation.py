"""Runs inner work so that nothing it says reaches the caller's callbacks, traces, states or logs.

A wrapper that returns clean text can still show the inner draft: LangChain hands the caller's
callbacks to every nested call through a context variable, LangGraph its streams and checkpointer
through the same one, LangSmith its tracer through another, and the OpenAI SDK logs the whole
request body at DEBUG. Everything that touches a draft runs inside `run_isolated` (or `isolated`).

The semi-private names of LangChain are used in this module alone.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

__all__ = [
    "SILENT_CONFIG",
    "as_in_a_node",
    "isolated",
    "isolated_context",
    "run_isolated",
    "unlogged_bodies",
]

T = TypeVar("T")

SILENT_CONFIG: dict[str, Any] = {"callbacks": []}
"""The `config` of every inner LangChain or LangGraph call."""

_BODY_LOGGERS = ("openai._base_client", "anthropic._base_client")
"""Loggers that write request bodies at DEBUG."""

_inside: contextvars.ContextVar[bool] = contextvars.ContextVar("amnestic_isolated", default=False)


async def run_isolated(make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run the coroutine that `make` gives in a context cut off from the caller's.

    The coroutine sees the caller's other context variables; what it sets stays inside. Cancelling
    the caller cancels it, and its exception is raised here.

    >>> async def work() -> str:
    ...     return "done"
    >>> asyncio.run(run_isolated(work))
    'done'
    """
    loop = asyncio.get_running_loop()
    return await loop.create_task(_untraced(make), context=isolated_context())


def isolated_context() -> contextvars.Context:
    """A copy of the current context without the caller's callbacks, collectors and tracers."""
    context = contextvars.copy_context()
    context.run(_cut)
    return context


@contextmanager
def isolated() -> Iterator[None]:
    """The same for a block of synchronous code: cut off inside, restored after it.

    >>> with isolated():
    ...     pass
    """
    from langsmith import tracing_context

    tokens = [(var, var.set(value)) for var, value in _cuts()]
    try:
        with tracing_context(enabled=False, parent=False):
            yield
    finally:
        for var, token in reversed(tokens):
            var.reset(token)


@contextmanager
def as_in_a_node(runtime: object) -> Iterator[None]:
    """Within the block, inner work that asks LangGraph for the run that it is part of finds one, as
    it does in a node: a writer that writes nowhere, no memory for a graph of its own, no callbacks.
    A wrapped model may ask: what is written for LangGraph's nodes does.

    >>> from langgraph.config import get_stream_writer
    >>> from langgraph.runtime import Runtime
    >>> with as_in_a_node(Runtime()):
    ...     get_stream_writer()("said to nobody")
    """
    from langchain_core.runnables.config import var_child_runnable_config

    inside = {"__pregel_runtime": runtime, "__pregel_checkpointer": None}
    config: Any = {**SILENT_CONFIG, "configurable": inside}
    token = var_child_runnable_config.set(config)
    try:
        yield
    finally:
        var_child_runnable_config.reset(token)


@contextmanager
def unlogged_bodies() -> Iterator[None]:
    """Within the block, the SDKs of providers do not log the bodies of their requests.

    >>> with unlogged_bodies():
    ...     pass
    """
    _quiet_body_loggers()
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)


async def _untraced(make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    from langsmith import tracing_context

    with tracing_context(enabled=False, parent=False):
        return await make()


def _cut() -> None:
    for var, value in _cuts():
        var.set(value)


def _cuts() -> list[tuple[contextvars.ContextVar[Any], Any]]:
    """The context variables through which a caller could look in, with their empty values."""
    from langchain_core.runnables.config import var_child_runnable_config
    from langchain_core.tracers.context import _configure_hooks, tracing_v2_callback_var

    _quiet_body_loggers()
    hooks = [(hook[0], None) for hook in _configure_hooks]
    return [
        (_inside, True),
        (var_child_runnable_config, None),
        (tracing_v2_callback_var, None),
        *hooks,
    ]


@cache
def _quiet_body_loggers() -> None:
    for name in _BODY_LOGGERS:
        logging.getLogger(name).addFilter(_outside_or_notable)


def _outside_or_notable(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or not _inside.get()
