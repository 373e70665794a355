"""Any LangChain chat model as a `ChatBackend`, silent towards the caller's callbacks and traces."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from amnestic.closing import closing
from amnestic.exceptions import AmnesticError, ModelError
from amnestic.models.convert import draft_of, finish_reason_of, to_langchain
from amnestic.models.deltas import Places, Read, deltas_of_chunk, deltas_of_generation
from amnestic.models.failures import describe
from amnestic.models.home_loop import run_at_home, run_for
from amnestic.models.inherited import refuse_inherited
from amnestic.models.protocol import Delta
from amnestic.types import Conversation, Generation, Usage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage
    from langchain_core.outputs import ChatResult

__all__ = ["LangChainBackend", "OpenAIBackend"]

T = TypeVar("T")

DEFAULT_TIMEOUT = 120.0
_SILENT: weakref.WeakSet[type] = weakref.WeakSet()
"""Classes of models that never say why an answer ends, streamed or not."""

_GRACE = 0.5  # seconds that cancelled work has to tidy up before it is left behind


class LangChainBackend:
    """Speaks to a LangChain chat model.

    The model's own `_agenerate` and `_astream` are called rather than `ainvoke`: `ainvoke` would
    run the callbacks set on the model, write the unverified draft into LangChain's global cache,
    print it in debug mode, and give the first choice only.

    Args:
        model: any `BaseChatModel`.
        name: what to call it in receipts and errors; default its class's name.
        timeout: seconds that one answer may take.
    """

    _tells_its_end = False  # whether a stream without a finish reason is known to be cut

    def __init__(
        self, model: BaseChatModel, name: str | None = None, timeout: float = DEFAULT_TIMEOUT
    ) -> None:
        self.model = model
        self._name = name or type(model).__name__
        self._timeout = timeout

    @property
    def name(self) -> str:
        """What the model is called."""
        return self._name

    def to_messages(self, conversation: Conversation) -> list[BaseMessage]:
        """The conversation as the messages that the model is sent."""
        return to_langchain(conversation)

    async def generate(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        """Answer a conversation; raises `ModelError` for every failure of the provider, and as it
        is what the model's own code raises."""
        messages, call = self.to_messages(conversation), self._call_options(options)

        async def ask() -> ChatResult:
            await self._await_rate_limit()
            return await self.model._agenerate(messages, **call)

        result = await self._guarded(ask)
        return _generation(result, self._name)

    async def stream(
        self, conversation: Conversation, options: Mapping[str, Any]
    ) -> AsyncIterator[Delta]:
        """Answer a conversation piece by piece; the time-out bounds the whole answer. A stream that
        says nothing is asked for once more as a whole: some integrations drop refusals there."""
        if not self._can_stream(options):
            for delta in deltas_of_generation(await self.generate(conversation, options)):
                yield delta
            return
        pieces: asyncio.Queue[Delta | None] = asyncio.Queue()
        pump = asyncio.ensure_future(self._pump(conversation, options, pieces))
        try:
            while (piece := await pieces.get()) is not None:
                yield piece
            read = await pump
        finally:
            await _end(pump)
        should_end = self._tells_its_end or tells_its_end(type(self.model))
        if not read.ended and (should_end or await self._is_cut(read, conversation, options)):
            raise self._broken_off()
        if read.is_empty():
            for delta in deltas_of_generation(await self.generate(conversation, options)):
                if delta.channel not in read.channels or delta.finish_reason:
                    yield delta

    async def _pump(
        self,
        conversation: Conversation,
        options: Mapping[str, Any],
        pieces: asyncio.Queue[Delta | None],
    ) -> Read:
        """Read the model's stream inside the isolation, in a task of its own: a generator would
        change context between its steps."""
        loop = asyncio.get_running_loop()
        messages, call = self.to_messages(conversation), self._call_options(options)
        found: Read | None = None

        async def read() -> Read:
            nonlocal found
            if found is not None:  # asked again after pieces that are out already
                raise self._broken_off()
            await self._await_rate_limit()
            places = Places()
            async with closing(self.model._astream(messages, **call)) as chunks:
                async for chunk in chunks:
                    found = found or Read()
                    found.ended |= getattr(chunk.message, "chunk_position", None) == "last"
                    for delta in deltas_of_chunk(chunk, places):
                        found.take(delta)
                        loop.call_soon_threadsafe(pieces.put_nowait, delta)
            return found or Read()

        try:
            return await self._guarded(read)
        finally:
            pieces.put_nowait(None)

    def _broken_off(self) -> ModelError:
        message = f"model {self._name!r} broke off its answer, or never said why its stream ends"
        return ModelError(message, hint="ask again, or without a stream", retryable=True)

    async def _is_cut(
        self, read: Read, conversation: Conversation, options: Mapping[str, Any]
    ) -> bool:
        """Whether a stream without a reason for its end was broken off, of a class of models that
        nothing is known of. It is asked for the answer as a whole, once: if that has a reason, the
        stream should have had one."""
        kind = type(self.model)
        if kind not in _SILENT and not read.is_empty():
            whole = (await self.generate(conversation, options)).raw
            told = (finish_reason_of(g.message, g.generation_info or {}) for g in whole.generations)
            if any(told):
                return True
            _SILENT.add(kind)
        return False

    async def _guarded(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Await the model's work in isolation, bounded in time; what its provider raises becomes a
        `ModelError`.

        The error is raised outside the handler, so that no provider text hangs on a new one.
        """
        work = asyncio.ensure_future(self.run(make))
        try:
            done, _ = await asyncio.wait((work,), timeout=self._timeout)
            if done:
                return work.result()
            failure: Exception = describe(self._name, TimeoutError())
        except AmnesticError:
            raise
        except Exception as error:  # noqa: BLE001 - the edge to foreign code: providers raise anything
            failure = describe(self._name, error)
        finally:
            await _end(work)
        raise failure

    async def run(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Do a piece of the model's work in isolation, on the loop that its connections live on."""
        refuse_inherited(self.model, f"model {self._name!r}")
        return await run_for(self.model, make)

    async def _await_rate_limit(self) -> None:
        if self.model.rate_limiter is not None:
            await self.model.rate_limiter.aacquire(blocking=True)

    def _can_stream(self, options: Mapping[str, Any]) -> bool:
        """Whether the model streams this request; LangChain's chunks do not tell choices apart."""
        from langchain_core.language_models import BaseChatModel

        kind = type(self.model)
        streams = (
            kind._astream is not BaseChatModel._astream or kind._stream is not BaseChatModel._stream
        )
        return streams and (options.get("n") or 1) == 1

    def _call_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        call = {key: value for key, value in options.items() if key != "stream"}
        stop = call.pop("stop", None)
        call["stop"] = [stop] if isinstance(stop, str) else stop
        if call.get("tools") and _are_openai_tools(call["tools"]):
            call = self._bind_tools(call)
        return call

    def _bind_tools(self, call: dict[str, Any]) -> dict[str, Any]:
        """Tools in OpenAI's shape, put into the shape of the model's own provider."""
        tools = call.pop("tools")
        choice = {"tool_choice": call.pop("tool_choice")} if "tool_choice" in call else {}
        try:
            bound = self.model.bind_tools(tools, **choice)
        except NotImplementedError:
            return {**call, "tools": tools, **choice}
        return {**call, **getattr(bound, "kwargs", {})}


class OpenAIBackend(LangChainBackend):
    """An OpenAI-compatible API, whose connections outlive the caller's event loop."""

    _tells_its_end = True

    async def run(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Do a piece of the model's work on the home loop."""
        return await run_at_home(make)


async def _end(work: asyncio.Future[Any]) -> None:
    """Cancel what still runs; work that does not end when told to does not hold the caller up."""
    if not work.done():
        work.cancel()
        await asyncio.wait((work,), timeout=_GRACE)
    work.add_done_callback(_see)


def _see(work: asyncio.Future[Any]) -> None:
    if not work.cancelled():
        work.exception()  # seen: nobody is told of it by a log line


def tells_its_end(kind: type) -> bool:
    """Whether a class of models is one of langchain-openai's or made of one: its streams say why
    they end, as OpenAI's do.

    >>> tells_its_end(int)
    False
    """
    return any(base.__module__.partition(".")[0] == "langchain_openai" for base in kind.__mro__)


def _are_openai_tools(tools: Any) -> bool:
    return all(isinstance(tool, Mapping) and "function" in tool for tool in tools)


def _generation(result: ChatResult, name: str) -> Generation:
    from langchain_core.messages import AIMessage

    drafts = []
    for generation in result.generations:
        if not isinstance(generation.message, AIMessage):
            raise ModelError(f"model {name!r} answered with something other than a message of its")
        drafts.append(draft_of(generation.message, generation.generation_info or {}))
    if not drafts:
        raise ModelError(f"model {name!r} gave no answer at all")
    return Generation(tuple(drafts), _usage(result), raw=result)


def _usage(result: ChatResult) -> Usage:
    total = (result.llm_output or {}).get("token_usage")
    if isinstance(total, Mapping) and isinstance(total.get("prompt_tokens"), int):
        return Usage(total["prompt_tokens"], total.get("completion_tokens") or 0)
    for generation in result.generations:
        if used := getattr(generation.message, "usage_metadata", None):
            return Usage(used["input_tokens"], used["output_tokens"])
    return Usage()
