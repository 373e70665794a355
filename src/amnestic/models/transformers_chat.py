"""A LangChain chat model over local transformers weights: one path for every checkpoint."""

from __future__ import annotations

import asyncio
import contextvars
import queue
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from langchain_core.callbacks import (
    AsyncCallbackManagerForLLMRun,
    CallbackManagerForLLMRun,
)
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from amnestic.models.checkpoint import Checkpoint, load_checkpoint
from amnestic.models.decoding import Piece, Sampling, StopFinder, TokenText
from amnestic.models.templates import template_messages
from amnestic.models.transformers_replies import chunk_of, gather, result_of
from amnestic.models.transformers_requests import request_of

__all__ = ["TransformersChatModel", "set_threads"]

_WINDOW = 8  # tokens that tell how the next one is written


class TransformersChatModel(BaseChatModel):
    """Answers with a causal language model that runs in this process.

    Weights are loaded on the first call and shared by all instances of the same checkpoint. One
    answer is made at a time for each checkpoint, others wait their turn; each is made in a thread
    of its own, so that the event loop stays free, and ends at the next token when its caller is
    cancelled or `timeout` is over.

    Args:
        checkpoint: a folder or a repository of the model hub.
        max_tokens: tokens of an answer when the call does not say.
        timeout: seconds that one call may take, waiting for its turn included.
        threads: threads of torch's that an answer is made with; torch's own choice unless given.

    Honoured in a call: `temperature`, `top_p`, `max_tokens` (also `max_completion_tokens`), `stop`,
    `seed`, `n`, `tools` (where the chat template has a place for them); a tool that must be called
    and a JSON schema, which the answer cannot leave. Greedy unless a temperature over 0 or a
    `top_p` under 1 is given. Raises `InputTooLargeError` when the conversation does not fit the
    model's context, `InvalidRequestError` for a schema that cannot be kept to, and
    `ModelNotFoundError` when the weights cannot be loaded.
    """

    checkpoint: str
    max_tokens: int = 512
    timeout: float = 120.0
    threads: int | None = None

    _loaded: Checkpoint | None = PrivateAttr(default=None)

    @property
    def _llm_type(self) -> str:
        return "amnestic-transformers"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"checkpoint": self.checkpoint, "max_tokens": self.max_tokens}

    def load(self) -> Checkpoint:
        """Load the weights now, instead of on the first call."""
        if self._loaded is None:
            self._loaded = load_checkpoint(self.checkpoint)
        return self._loaded

    @property
    def at_hand(self) -> Checkpoint | None:
        """The weights, where this model has loaded them."""
        return self._loaded

    def get_token_ids(self, text: str) -> list[int]:
        """The tokens of a text, cut by the model's own tokenizer; loads the model."""
        return self.load().encode_text(text)

    def bind_tools(self, tools: Any, *, tool_choice: Any = None, **kwargs: Any) -> Any:
        """Bind tools, which the chat template writes into the prompt; with the choice `"none"` it
        is told of none. Any other choice is OpenAI's or LangChain's: `"auto"`, `"required"`,
        `"any"`, `True`, or a tool by its name."""
        from langchain_core.utils.function_calling import convert_to_openai_tool

        if tool_choice == "none":
            return self.bind(tools=[], **kwargs)
        chosen = {} if tool_choice is None else {"tool_choice": _as_openai(tool_choice)}
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], **chosen, **kwargs)

    # ── LangChain's four ways in ─────────────────────────────────────────────────────────────

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        answers: list[Piece] = []
        for sampling in Sampling.from_options(kwargs, stop, self.max_tokens):
            if sampling.greedy and answers:
                answers.append(answers[0])
                continue
            answers.append(gather(self._pieces(messages, sampling, kwargs)))
        return result_of(answers, self.checkpoint)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        answers: list[Piece] = []
        for sampling in Sampling.from_options(kwargs, stop, self.max_tokens):
            if sampling.greedy and answers:
                answers.append(answers[0])
                continue
            pieces = self._apieces(messages, sampling, kwargs)
            answers.append(gather([piece async for piece in pieces]))
        return result_of(answers, self.checkpoint)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        sampling = Sampling.from_options(kwargs, stop, self.max_tokens)[0]
        for piece in self._pieces(messages, sampling, kwargs):
            chunk = chunk_of(piece)
            if run_manager:
                run_manager.on_llm_new_token(piece.text, chunk=chunk)
            yield chunk

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        sampling = Sampling.from_options(kwargs, stop, self.max_tokens)[0]
        async for piece in self._apieces(messages, sampling, kwargs):
            chunk = chunk_of(piece)
            if run_manager:
                await run_manager.on_llm_new_token(piece.text, chunk=chunk)
            yield chunk

    # ── The work ─────────────────────────────────────────────────────────────────────────────

    def _pieces(
        self, messages: list[BaseMessage], sampling: Sampling, options: Mapping[str, Any]
    ) -> Iterator[Piece]:
        """Run the generation in a thread and give its pieces as they come."""
        pieces: queue.SimpleQueue[Piece | BaseException] = queue.SimpleQueue()
        cancel = threading.Event()
        self._start(messages, sampling, options, pieces.put, cancel)
        try:
            while True:
                piece = _or_raise(pieces.get())
                yield piece
                if piece.last:
                    return
        finally:
            cancel.set()

    async def _apieces(
        self, messages: list[BaseMessage], sampling: Sampling, options: Mapping[str, Any]
    ) -> AsyncIterator[Piece]:
        """The same without blocking the event loop."""
        loop = asyncio.get_running_loop()
        pieces: asyncio.Queue[Piece | BaseException] = asyncio.Queue()
        cancel = threading.Event()

        def put(piece: Piece | BaseException) -> None:
            if not loop.is_closed():  # the caller's loop may be gone before the thread notices
                loop.call_soon_threadsafe(pieces.put_nowait, piece)

        self._start(messages, sampling, options, put, cancel)
        try:
            while True:
                piece = _or_raise(await pieces.get())
                yield piece
                if piece.last:
                    return
        finally:
            cancel.set()

    def _start(
        self,
        messages: list[BaseMessage],
        sampling: Sampling,
        options: Mapping[str, Any],
        put: Any,
        cancel: threading.Event,
    ) -> None:
        deadline = time.monotonic() + self.timeout

        def work() -> None:
            try:
                self._run(messages, sampling, options, put, cancel, deadline)
            except BaseException as error:  # noqa: BLE001 - handed to the caller's thread, raised there
                put(error)

        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(work,), name="amnestic-llm", daemon=True).start()

    def _run(
        self,
        messages: list[BaseMessage],
        sampling: Sampling,
        options: Mapping[str, Any],
        put: Any,
        cancel: threading.Event,
        deadline: float,
    ) -> None:
        loaded = self.load()
        asked = request_of(template_messages(messages), options, loaded.reads_tools)
        begun = loaded.encode_text(sampling.restriction.begun)
        prompt = loaded.encode(asked.messages, asked.tools) + begun
        text = TokenText(loaded.decode, before=begun[-_WINDOW:])
        stops = StopFinder(sampling.stop)
        form = loaded.calls if asked.tools else None
        # Each turn's prompt is longer than the one before by more than its calls.
        calls = asked.reader(form, len(prompt))
        grammar = asked.grammar(form, len(prompt))
        keeping = loaded.keeping(grammar) if grammar else None
        count = 0

        def take(token: int) -> bool:
            """Pass one token on; say whether the answer goes on."""
            nonlocal count
            count += 1
            certain = "" if token in loaded.end_tokens else stops.feed(text.feed(token))
            certain = calls.feed(certain) if calls else certain
            if certain:
                put(Piece(certain))
            return not stops.found and not cancel.is_set()

        room = loaded.room(len(prompt))
        limit = min(sampling.max_tokens, room)
        set_threads(self.threads)
        ended = loaded.generate(prompt, sampling, limit, take, cancel, deadline, keeping)
        rest = stops.flush(text.flush())
        rest, made = calls.end(rest) if calls else (rest, ())
        finish = "tool_calls" if made else "stop" if ended or stops.found else "length"
        put(Piece(rest, finish, len(prompt), count, made))


def _as_openai(choice: Any) -> Any:
    """A choice of tools as OpenAI writes it.

    >>> _as_openai("find"), _as_openai(True)
    ({'type': 'function', 'function': {'name': 'find'}}, 'required')
    """
    if isinstance(choice, bool):
        return "required" if choice else "auto"
    if isinstance(choice, str) and choice not in ("auto", "required", "any"):
        return {"type": "function", "function": {"name": choice}}
    return choice


def set_threads(threads: int | None) -> None:
    """Have torch compute with so many threads in the one that asks; None leaves it as it is."""
    import torch

    # Told to each thread that computes.
    if threads is not None and torch.get_num_threads() != threads:
        torch.set_num_threads(threads)


def _or_raise(piece: Piece | BaseException) -> Piece:
    if isinstance(piece, BaseException):
        raise piece
    return piece
