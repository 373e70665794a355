"""A GGUF file as a chat model: `Amnesia("gguf:<path>")`."""

from __future__ import annotations

import asyncio
import atexit
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

from amnestic.exceptions import InputTooLargeError, ModelError
from amnestic.forks import in_child
from amnestic.models.answer_forms import schema_in
from amnestic.models.counting import tokens_written
from amnestic.models.decoding import Sampling
from amnestic.models.deltas import collect
from amnestic.models.forced_tools import Demand, demanded
from amnestic.models.gguf_engine import GgufEngine, engine_at_hand, load_engine
from amnestic.models.gguf_file import read_head
from amnestic.models.gguf_requests import body_of, restricted, stops_in
from amnestic.models.protocol import Delta
from amnestic.models.restricted import Begun, Limits, answer_without
from amnestic.models.templates import template_message
from amnestic.models.unkept_schemas import refuse_unkept
from amnestic.types import Conversation, Draft, Generation, Usage

__all__ = ["GgufBackend"]

_FAREWELL = 5.0  # seconds that the end of the process waits for the next token
_TOO_LONG = "exceed_context_size_error"

Event = Mapping[str, Any]
_Put = Callable[["Event | BaseException | None"], None]


_working: dict[threading.Thread, threading.Event] = {}


@atexit.register
def _end_work() -> None:
    """End the answers that nobody waits for: a thread that comes back from the engine into an
    interpreter that is gone takes the process down with it."""
    for cancel in (*_working.values(),):
        cancel.set()
    for work in (*_working,):
        work.join(_FAREWELL)


class GgufBackend:
    """Answers with a GGUF model that runs in this process, through its own chat template.

    Weights are loaded by `load`, or by the first request, and shared by all backends of the same
    file. Answers are made one at a time in a thread of their own, so that the event loop stays
    free, and end at the next token when the caller leaves or `timeout` is over.

    Args:
        path: the file.
        name: what the model is called in receipts and errors.
        timeout: seconds that one answer may take, waiting for its turn included.
        threads: threads that the model works with.
        context: tokens of conversation and answer that are kept ready.
        max_tokens: tokens of an answer when the call does not say.

    Honoured in a call: `temperature`, `top_p`, `top_k`, `min_p`, `max_tokens` (also
    `max_completion_tokens`), `stop`, `seed`, `n`, penalties, `logit_bias`; `tools` where the chat
    template has a place for them; a tool that must be called and a JSON schema as a grammar that
    the answer cannot leave. Greedy unless a temperature over 0 or a `top_p` under 1 is given.
    """

    def __init__(
        self,
        path: Path,
        name: str,
        *,
        timeout: float = 120.0,
        threads: int = 1,
        context: int = 4096,
        max_tokens: int = 512,
    ) -> None:
        self._path = path
        self._name = name
        self._timeout = timeout
        self._threads = threads
        self._context = context
        self._max_tokens = max_tokens

    @property
    def name(self) -> str:
        """What the model is called."""
        return self._name

    def load(self) -> None:
        """Load the weights now. Raises `ModelNotFoundError`."""
        self._engine()

    def _reads_tools(self) -> bool:
        return read_head(self._path, self._name).reads_tools

    def _engine(self) -> GgufEngine:
        return load_engine(self._path, self._name, self._threads, self._context)

    async def generate(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        """Answer a conversation: the same words that `stream` gives."""
        return await collect(self.stream(conversation, options))

    async def generate_without(
        self,
        conversation: Conversation,
        options: Mapping[str, Any],
        forbidden: Sequence[str],
        begun: str = "",
    ) -> Generation:
        """An answer in which none of the strings stands, gone on with from where it has `begun`.

        An answer that shall have a form, or may call tools, has a grammar of its own: it is asked
        for as ever, and fails with a `ModelError` where a string stands in it.
        """
        limits = Limits(self._timeout, self._max_tokens)
        head = Begun(begun, await asyncio.to_thread(self._tokens_in, begun)) if begun else Begun()
        return await answer_without(self, conversation, options, forbidden, limits, head)

    def _tokens_in(self, text: str) -> int:
        try:
            return self._engine().tokens_in(text)
        except ModelError:  # it has no port to be asked at
            return len(text.split())

    async def stream(
        self, conversation: Conversation, options: Mapping[str, Any]
    ) -> AsyncIterator[Delta]:
        """Answer a conversation piece by piece.

        Raises `InputTooLargeError` where it does not fit the model's context, `InvalidRequestError`
        for options out of range, and `ModelError` where the model fails or takes too long.
        """
        deadline = time.monotonic() + self._timeout
        bodies, demand = self._requests(conversation, options)
        for choice, body in enumerate(bodies):
            events = self._events(body, deadline)
            reader = demand.reader() if demand else None
            async with aclosing(events):
                async for event in events:
                    for delta in _deltas(event, choice):
                        for told in reader.take(delta) if reader else (delta,):
                            yield told

    async def usage_of(
        self, conversation: Conversation, options: Mapping[str, Any], choices: Sequence[Draft]
    ) -> Usage:
        """What the engine would have counted of an answer, by its own template and tokenizer."""
        return await asyncio.to_thread(self._counted, conversation, options, choices)

    def _counted(
        self, conversation: Conversation, options: Mapping[str, Any], choices: Sequence[Draft]
    ) -> Usage:
        engine = engine_at_hand(self._path, self._name, self._threads, self._context)
        if engine is None:
            raise ModelError(f"model {self._name!r} is not loaded", hint="call `load()` first")
        body = restricted(self._requests(conversation, options)[0][0])
        asked = {**body, "messages": engine.defused(body["messages"])}
        return Usage(engine.tokens_asked(asked), tokens_written(choices, engine.tokens_in))

    def _requests(
        self, conversation: Conversation, options: Mapping[str, Any]
    ) -> tuple[list[dict[str, Any]], Demand | None]:
        """What the engine is asked for each choice, and what it has to call."""
        messages = [template_message(message) for message in conversation]
        demand = demanded(options, self._reads_tools())
        samplings = Sampling.from_options(options, stops_in(options), self._max_tokens)
        bodies = [body_of(messages, sampling, options) for sampling in samplings]
        bodies = [demand.asked_for_in(b) if demand else b for b in bodies]
        if schema := schema_in(bodies[0]):
            refuse_unkept(schema)
        return bodies, demand

    async def _events(self, body: dict[str, Any], deadline: float) -> AsyncGenerator[Event]:
        loop = asyncio.get_running_loop()
        events: asyncio.Queue[Event | BaseException | None] = asyncio.Queue()
        cancel = threading.Event()

        def put(event: Event | BaseException | None) -> None:
            if not loop.is_closed():  # the caller's loop may be gone before the thread notices
                loop.call_soon_threadsafe(events.put_nowait, event)

        work = threading.Thread(
            target=self._work, args=(body, put, cancel), name="amnestic-gguf", daemon=True
        )
        _working[work] = cancel
        work.start()
        try:
            while (event := await self._next(events, deadline)) is not None:
                if isinstance(event, BaseException):
                    raise event
                yield event
        finally:
            cancel.set()

    async def _next(
        self, events: asyncio.Queue[Event | BaseException | None], deadline: float
    ) -> Event | BaseException | None:
        try:
            async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                return await events.get()
        except TimeoutError:
            late = f"model {self._name!r} did not answer in time"
        hint = "raise the time-out or ask for fewer tokens"
        raise ModelError(late, hint=hint, retryable=True)

    def _work(self, body: dict[str, Any], put: _Put, cancel: threading.Event) -> None:
        def take(event: Event) -> bool:
            put(self._failure(event["error"]) if "error" in event else event)
            return cancel.is_set()

        try:
            engine = self._engine()
            told = restricted(body)
            try:
                engine.chat({**told, "messages": engine.defused(told["messages"])}, take)
            except (RuntimeError, TypeError, ValueError):  # what the engine cannot even parse
                put(self._failure({}))
            put(None)
        except BaseException as error:  # noqa: BLE001 - handed to the caller's task, raised there
            put(error)
        finally:
            _working.pop(threading.current_thread(), None)

    def _failure(self, error: Event) -> BaseException:
        """What the engine refuses; its own words may quote the conversation."""
        if error.get("type") == _TOO_LONG:
            room = error.get("n_ctx") or 0
            trained = read_head(self._path, self._name).context
            more = f", or raise AMNESTIC_CONTEXT (up to {trained})" if trained > room else ""
            return InputTooLargeError(
                f"the conversation takes {error.get('n_prompt_tokens')} tokens and model "
                f"{self._name!r} reads at most {room}: shorten it{more}"
            )
        hint = "check its options, tools and schema"
        return ModelError(f"model {self._name!r} refused the request", hint=hint)


def _deltas(event: Event, choice: int) -> Iterator[Delta]:
    """The deltas that one event of OpenAI's streaming form holds."""
    for told in event.get("choices") or ():
        delta = told.get("delta") or {}
        if text := delta.get("reasoning_content"):
            yield Delta(choice, "reasoning", text)
        if text := delta.get("content"):
            yield Delta(choice, "answer", text)
        for call in delta.get("tool_calls") or ():
            function = call.get("function") or {}
            yield Delta(
                choice,
                f"tool_call:{call.get('index') or 0}",
                function.get("arguments") or "",
                tool_call_id=call.get("id"),
                tool_name=function.get("name"),
            )
        if finish := told.get("finish_reason"):
            yield Delta(choice, finish_reason=finish)
    if used := event.get("usage"):
        read = 0 if choice else used["prompt_tokens"]  # one conversation, however many answers
        yield Delta(choice, usage=Usage(read, used["completion_tokens"]))


in_child(_working.clear)
