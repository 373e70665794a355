"""The `Amnesia` facade: a chat model that forgets on request.

The core is asynchronous; the synchronous methods run it in a portal thread. One object may be
shared between threads and tasks, and used on in a forked child, which opens everything anew.
"""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from amnestic.cleaning import Cleaning
from amnestic.config import Settings, read_settings
from amnestic.conversation import MessagesLike, check_text, parse_conversation
from amnestic.finding import Finding
from amnestic.forgetting import Forgetting
from amnestic.forks import renewed
from amnestic.lifecycle import Lifecycle
from amnestic.loading import Loading
from amnestic.places import opening
from amnestic.portal import Portal
from amnestic.sending import Sending
from amnestic.starting import loading
from amnestic.tenancy import by_namespace, name_of
from amnestic.types import Draft, Generation, Reply

if TYPE_CHECKING:
    from amnestic.assembly import Parts
    from amnestic.graphs.emitting import Emit
    from amnestic.graphs.outcome import Outcome
    from amnestic.graphs.streaming import BlockingStream, ReviewedStream
    from amnestic.models.protocol import ChatBackend
    from amnestic.models.resolve import ModelSpec
    from amnestic.tools.registry import Registry

__all__ = ["Amnesia"]

T = TypeVar("T")
C = TypeVar("C")


class Amnesia(Cleaning, Finding, Forgetting, Lifecycle, Loading, Sending):
    """An unlearning layer around one chat model. With `namespace` a call is that of `within`.

    Args:
        model: `"embedded"`, `"hf:<path or repo>"`, `"gguf:<path>"`, `"openai:<name>"`, a LangChain
            chat model, or a `ChatBackend`. The weights of one that runs in this process are loaded
            as a `with` block begins, or by `load`.
        agent_model: the model that judges and rewrites, of the same kinds; without one the agents
            keep to their local engines.
        settings: everything else; single settings may be given as keyword arguments instead.

    Raises `ConfigurationError` and its kin for a model or setting that cannot work, and
    `RegistryError` and its kin for a database that cannot be used.

    >>> from amnestic.testing import ScriptedBackend
    >>> import tempfile
    >>> from pathlib import Path
    >>> folder = tempfile.TemporaryDirectory()
    >>> model = ScriptedBackend(default="Ana Morel painted it.")
    >>> with Amnesia(model, db=Path(folder.name) / "r.db", elicit=False) as amnesia:
    ...     target = amnesia.forget("Please forget Ana Morel. Ana Morel is a painter.")
    ...     reply = amnesia.chat("Who painted the ceiling?")
    ...     "Morel" in reply.text
    False
    >>> folder.cleanup()
    """

    def __init__(
        self,
        model: ModelSpec | None = None,
        *,
        agent_model: ModelSpec | None = None,
        settings: Settings | None = None,
        **overrides: Any,
    ) -> None:
        if isinstance(agent_model, str):
            overrides["agent_model"] = agent_model
        if isinstance(model, str):
            overrides["model"] = model
        self.settings = read_settings(settings, overrides)
        self._model: ModelSpec = self.settings.model if model is None else model
        self._agent_model = self.settings.agent_model if agent_model is None else agent_model
        self._lock, self._portal = threading.RLock(), Portal(self)
        self._whole: Amnesia | None = None
        self._opened, self._spaces = dict[str, Any](), set[str]()
        self._check_model()
        renewed(self)

    # ── Asking ───────────────────────────────────────────────────────────────────────────────────

    @by_namespace
    async def achat(
        self, messages: MessagesLike, *, namespace: str | None = None, **options: Any
    ) -> Reply:
        """Answer a question or a conversation; `options` go to the wrapped model unchanged. Raises
        `InvalidRequestError` and its kin for messages that cannot be read, `ModelError` where the
        wrapped model fails."""
        return (await self.acomplete(messages, options=options)).reply()

    @by_namespace
    async def areview(
        self, conversation: MessagesLike, draft: str | Draft, *, namespace: str | None = None
    ) -> Reply:
        """Check what some other system wanted to answer to `conversation`, and clean it."""
        from amnestic.models.fixed import FixedBackend

        choice = draft if isinstance(draft, Draft) else Draft(text=check_text(draft, "the draft"))
        given = Generation((choice,))
        return (await self.acomplete(conversation, backend=FixedBackend(given))).reply()

    @by_namespace
    async def acomplete(
        self,
        messages: MessagesLike,
        *,
        backend: ChatBackend | None = None,
        options: Mapping[str, Any] | None = None,
        namespace: str | None = None,
    ) -> Outcome:
        """The review path that every door leads to: all choices, with all their channels.

        `backend` takes the place of this layer's model for one request, as when a client that the
        caller already has is wrapped.
        """
        conversation = parse_conversation(messages, max_chars=self.settings.max_chars)
        parts = await self._aparts()
        from amnestic.graphs.engine import Request  # loaded with the parts

        given, space = await self.aclean_fields(options or {}), self.settings.namespace
        return await parts.engine.run(Request(conversation, backend or parts.backend, space, given))

    @by_namespace
    def astream(
        self,
        messages: MessagesLike,
        *,
        backend: ChatBackend | None = None,
        options: Mapping[str, Any] | None = None,
        namespace: str | None = None,
    ) -> ReviewedStream:
        """Answer piece by piece: each piece is given once it has passed, and joined they are what
        `acomplete` gives. Far from every target that is sentence by sentence, else at the end.

        Iterate with `async for`; `receipt` and `outcome` are there at the end. Raises at once for
        messages that cannot be read, and while iterating what `acomplete` raises.
        """
        from amnestic.graphs.streaming import ReviewedStream

        conversation = parse_conversation(messages, max_chars=self.settings.max_chars)

        async def run(emit: Emit) -> Outcome:
            parts = await self._aparts()
            from amnestic.graphs.engine import Request  # loaded with the parts

            given, space = await self.aclean_fields(options or {}), self.settings.namespace
            model = backend or parts.backend
            return await parts.engine.run(Request(conversation, model, space, given, emit))

        return ReviewedStream(run)

    @by_namespace
    def stream(
        self,
        messages: MessagesLike,
        *,
        backend: ChatBackend | None = None,
        options: Mapping[str, Any] | None = None,
        namespace: str | None = None,
    ) -> BlockingStream:
        """`astream`, for synchronous callers."""
        from amnestic.graphs.streaming import BlockingStream

        return BlockingStream(self.astream(messages, backend=backend, options=options), self.call)

    @by_namespace
    def chat(
        self, messages: MessagesLike, *, namespace: str | None = None, **options: Any
    ) -> Reply:
        """`achat`, for synchronous callers."""
        return self.call(lambda: self.achat(messages, **options))

    @by_namespace
    def complete(
        self,
        messages: MessagesLike,
        *,
        backend: ChatBackend | None = None,
        options: Mapping[str, Any] | None = None,
        namespace: str | None = None,
    ) -> Outcome:
        """`acomplete`, for synchronous callers."""
        return self.call(lambda: self.acomplete(messages, backend=backend, options=options))

    @by_namespace
    def review(
        self, conversation: MessagesLike, draft: str | Draft, *, namespace: str | None = None
    ) -> Reply:
        """`areview`, for synchronous callers."""
        return self.call(lambda: self.areview(conversation, draft))

    def call(self, make: Callable[[], Awaitable[T]]) -> T:
        """Run the coroutine that `make` gives in the layer's own thread, for a synchronous door."""
        return self._portal.call(make)

    @by_namespace
    def wrap(self, client: C, *, namespace: str | None = None) -> C:
        """The OpenAI client `client` behind this layer: the same class, the same calls.

        Takes an `OpenAI` or `AsyncOpenAI` (2.45 ≤ openai < 4) and leaves it as it is. What is not
        guarded (audio, realtime, …) is refused.
        """
        from amnestic.integrations.openai import wrap_client

        return wrap_client(self, client)

    # ── Parts and life ───────────────────────────────────────────────────────────────────────────

    def within(self, namespace: str) -> Amnesia:
        """This layer as a tenant sees it: the same model, registry and index, and the targets of
        another namespace in force. Making one costs nothing, and closing one closes nothing.

        >>> from amnestic.testing import ScriptedBackend
        >>> import tempfile
        >>> from pathlib import Path
        >>> folder = tempfile.TemporaryDirectory()
        >>> model = ScriptedBackend(default="Ana Morel painted it.")
        >>> with Amnesia(model, db=Path(folder.name) / "r.db", elicit=False) as amnesia:
        ...     target = amnesia.within("a").forget("Please forget Ana Morel.")
        ...     [amnesia.within(space).chat("Who painted it?").text for space in ("a", "b")][1]
        'Ana Morel painted it.'
        >>> folder.cleanup()
        """
        name = name_of(namespace)
        if "parts" not in (self._whole or self)._opened:  # which are told once
            self._spaces.add(name)
        view = object.__new__(type(self))
        vars(view).update(vars(self))
        view.settings = self.settings.model_copy(update={"namespace": name})
        view._whole, view._opened = self._whole or self, {}
        return view

    @property
    def registry(self) -> Registry:
        """The registry, opened on first use."""
        found: Registry | None = (self._whole or self)._opened.get("registry")
        return found or (self._whole or self)._open_registry()

    @property
    def parts(self) -> Parts:
        """Everything that requests need, put together on first use."""
        if self._whole is not None:
            return self._whole.parts
        found: Parts | None = self._opened.get("parts")
        return found or self._open_parts()

    def _open_registry(self) -> Registry:
        from amnestic.sealing import seals_of
        from amnestic.tools.registry import Registry

        with self._lock:
            if "registry" not in self._opened:
                opened = Registry.open(opening(self.settings.db), seals_of(self.settings))
                self._opened["registry"] = self._portal.closers.enter_context(opened)
            registry: Registry = self._opened["registry"]
            return registry

    def _open_parts(self) -> Parts:
        with self._lock, loading():
            if "parts" not in self._opened:
                made = self._assembled()
                self._portal.closers.callback(made.close)
                self._opened["parts"] = made
            parts: Parts = self._opened["parts"]
            return parts

    def renew(self) -> None:
        """In a forked child: leave to the parent what it opened. The next request opens it anew."""
        self._lock, self._opened = threading.RLock(), {}

    def close(self) -> None:
        """Stop the portal and close the database; the object cannot be used afterwards."""
        if self._whole is not None:
            return
        with self._lock:
            self._portal.close()

    async def _aparts(self) -> Parts:
        self._portal.check()
        if "parts" in (self._whole or self)._opened:
            return self.parts
        from amnestic.tools.offload import offload

        return await offload(lambda: self.parts)
