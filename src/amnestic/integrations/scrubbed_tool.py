"""A tool whose results are cleaned before the agent, its callbacks or its streams see them."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool
from langgraph.errors import GraphBubbleUp, GraphInterrupt
from pydantic import Field, PrivateAttr

from amnestic.isolation import isolated
from amnestic.models.origins import causes

__all__ = ["ScrubbedTool", "ToolCleaner"]

_FOR_INTERRUPTS = ("__pregel_scratchpad", "__pregel_send", "__pregel_resume_map")
_RUNTIME = "__pregel_runtime"
_PLAIN = (bool, int, float, str)


class ToolCleaner:
    """Cleans what one tool call gives. `clean` and `aclean` do the same, for sync and async tools.

    Args:
        clean: takes what a tool gave (a message, a command, any value) and gives what may stay.
        aclean: the same, asynchronous.
        may_pass: whether a value that is streamed while the tool runs holds nothing of a target.
    """

    def __init__(
        self,
        clean: Callable[[Any], Any],
        aclean: Callable[[Any], Awaitable[Any]],
        may_pass: Callable[[Any], bool],
    ) -> None:
        self.clean = clean
        self.aclean = aclean
        self.may_pass = may_pass


class ScrubbedTool(BaseTool):
    """Stands in for `inner` during one call.

    The inner tool runs out of sight of the caller's callbacks, tracer, streams and checkpointer,
    since what it gives has not been read yet. What it writes to the custom stream is passed on
    piece by piece when it is clean; interrupts work, and their payload is cleaned.
    """

    inner: BaseTool = Field(exclude=True, repr=False)
    cleaner: Any = Field(exclude=True, repr=False)
    shown: frozenset[str] = frozenset()
    """Names of the arguments that the model gave; what the graph injected is not told."""

    args_schema: Any = Field(default={"type": "object", "properties": {}})
    _call: Any = PrivateAttr(default=None)

    @classmethod
    def around(cls, inner: BaseTool, cleaner: ToolCleaner, shown: frozenset[str]) -> ScrubbedTool:
        """The stand-in for `inner`."""
        return cls(
            name=inner.name,
            description=inner.description,
            inner=inner,
            cleaner=cleaner,
            shown=shown,
            return_direct=inner.return_direct,
        )

    def invoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Any:
        """Run the tool; its callbacks are told the cleaned result."""
        self._call = input
        return super().invoke(input, config, **kwargs)

    async def ainvoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Any:
        """Run the tool; its callbacks are told the cleaned result."""
        self._call = input
        return await super().ainvoke(input, config, **kwargs)

    def _run(self, *args: Any, config: RunnableConfig, **kwargs: Any) -> Any:
        quiet = _quiet(config, self.cleaner.may_pass)
        failure: Exception
        try:
            with isolated():
                given = self.inner.invoke(_quiet_call(self._call, quiet), quiet)
            return self.cleaner.clean(given)
        except GraphInterrupt as stop:
            asked = [(i, self.cleaner.clean(i.value)) for i in stop.args[0]]
            failure = GraphInterrupt([dataclasses.replace(i, value=v) for i, v in asked])
        except GraphBubbleUp:
            raise
        except Exception as error:  # noqa: BLE001 - tools raise anything; its words are a result
            failure = _told_less(error, self.cleaner.may_pass)
        raise failure

    async def _arun(self, *args: Any, config: RunnableConfig, **kwargs: Any) -> Any:
        quiet = _quiet(config, self.cleaner.may_pass)
        failure: Exception
        try:
            with isolated():
                given = await self.inner.ainvoke(_quiet_call(self._call, quiet), quiet)
            return await self.cleaner.aclean(given)
        except GraphInterrupt as stop:
            asked = [(i, await self.cleaner.aclean(i.value)) for i in stop.args[0]]
            failure = GraphInterrupt([dataclasses.replace(i, value=v) for i, v in asked])
        except GraphBubbleUp:
            raise
        except Exception as error:  # noqa: BLE001 - tools raise anything; its words are a result
            failure = _told_less(error, self.cleaner.may_pass)
        raise failure

    def _filter_injected_args(self, tool_input: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in tool_input.items() if k in self.shown}


def _told_less(error: Exception, may_pass: Callable[[Any], bool]) -> Exception:
    """The error, where it tells nothing of a target, and neither does what led to it. Else one of
    its class, or of the nearest of its bases that can be made, with the words and the plain fields
    that may pass, such as a status."""
    if all(may_pass([str(e), list(e.args), _fields(e)]) for e in causes(error)):
        return error
    words = str(error) if may_pass(str(error)) else "the tool failed"
    fields = {k: v for k, v in _fields(error).items() if may_pass({k: v})}
    for kind in type(error).__mro__:
        if kind is Exception:
            break
        with suppress(Exception):  # made without its own constructor, which may ask for anything
            made = _unmade(kind)
            made.args = (words,)
            vars(made).update(fields)
            _ = str(made), repr(made)  # its own ways to say so may ask for what it has not
            return made
    return RuntimeError(f"the tool failed ({type(error).__name__})")


def _unmade(kind: Any) -> Exception:
    made: Exception = kind.__new__(kind)
    return made


def _fields(error: BaseException) -> dict[str, Any]:
    """What an error holds beside its words, as far as it is plain."""
    return {k: v for k, v in vars(error).items() if v is None or isinstance(v, _PLAIN)}


def _quiet(config: RunnableConfig, may_pass: Callable[[Any], bool]) -> RunnableConfig:
    """The caller's configuration without the ways by which a run can be looked into."""
    given = config.get("configurable") or {}
    kept = {k: v for k, v in given.items() if not k.startswith("__pregel") or k in _FOR_INTERRUPTS}
    if _RUNTIME in given:
        kept[_RUNTIME] = _muted(given[_RUNTIME], may_pass)
    quiet: RunnableConfig = {**config, "callbacks": [], "configurable": kept}
    quiet.pop("run_id", None)
    return quiet


def _muted(runtime: Any, may_pass: Callable[[Any], bool]) -> Any:
    """A runtime whose stream writer passes on what is clean."""
    write = runtime.stream_writer

    def write_if_clean(value: Any) -> None:
        if may_pass(value):
            write(value)

    return dataclasses.replace(runtime, stream_writer=write_if_clean)


def _quiet_call(call: Any, quiet: RunnableConfig) -> Any:
    """The call with the injected runtime muted too: a tool may use its configuration."""
    if not isinstance(call, Mapping) or not isinstance(call.get("args"), Mapping):
        return call
    runtime = (quiet.get("configurable") or {}).get(_RUNTIME)
    args = {
        k: dataclasses.replace(v, config=quiet, stream_writer=runtime.stream_writer)
        if _is_tool_runtime(v) and runtime is not None
        else v
        for k, v in call["args"].items()
    }
    return {**call, "args": args}


def _is_tool_runtime(value: Any) -> bool:
    from langgraph.prebuilt.tool_node import ToolRuntime

    return isinstance(value, ToolRuntime)
