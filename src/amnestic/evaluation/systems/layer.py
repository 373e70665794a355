"""Amnestic itself, in each of its modes, with a registry that is gone when it is closed."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from amnestic.amnesia import Amnesia
from amnestic.evaluation.contract import Answer, Preparation, Subject
from amnestic.evaluation.systems.base import Options, Wrapped
from amnestic.evaluation.systems.counted import Count, counted, counting
from amnestic.exceptions import ConfigurationError, ForgetRequestError
from amnestic.models.protocol import ChatBackend
from amnestic.models.resolve import ModelSpec
from amnestic.tools.offload import offload
from amnestic.types import Conversation

__all__ = [
    "AmnesticAgain",
    "AmnesticAgents",
    "AmnesticEdit",
    "AmnesticIdentify",
    "AmnesticLayer",
    "AmnesticWorded",
]


class AmnesticLayer(Wrapped):
    """This project's layer around the wrapped model; the subjects are asked to be forgotten in the
    plain words of their requests, as a user would, and told no more than these.

    With `elicit` the wrapped model is asked what it knows of each, and `prepare` waits for that.
    All calls of the wrapped model and of the agents are counted, the layer's own included.
    """

    mode: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, model: ModelSpec, options: Options | None = None) -> None:
        super().__init__(model, options)
        self._whole = Count()
        self._folder: TemporaryDirectory[str] | None = None
        self._amnesia: Amnesia | None = None

    async def prepare(self, subjects: Sequence[Subject]) -> Preparation:
        """Forget these subjects, in the place of those before. Raises `ConfigurationError` with the
        request that the layer could not read."""
        self.need_subjects(subjects)
        await self.close()
        begun, before = time.perf_counter(), self._whole.calls
        amnesia = await offload(self._opened)
        for subject in subjects:
            try:
                await amnesia.aforget_all(subject.request)
            except ForgetRequestError as error:
                raise ConfigurationError(
                    f"system {self.name!r} cannot read the request of {subject.id!r}: {error}"
                ) from None
        forgotten = time.perf_counter() - begun
        whole = await offload(amnesia.wait_for_elicitation)
        took = time.perf_counter() - begun
        detail = {"forget_seconds": forgotten, "elicited": self.options.elicit and whole}
        return Preparation(took, self._whole.calls - before, detail)

    def _opened(self) -> Amnesia:
        self._folder = TemporaryDirectory(prefix="amnestic-evaluation-")
        place = Path(self._folder.name)
        settings = self.settings.model_copy(
            update={
                **self.mode,
                "db": place / "registry.db",
                "cache_dir": place / "cache",
                "elicit": self.options.elicit,
                "agent_model": None,
                "agent_models": {},
            }
        )
        model, agent = counted(self.backend, self._whole), self._agent()
        self._amnesia = Amnesia(model, agent_model=agent, settings=settings)
        return self._amnesia

    def _agent(self) -> ChatBackend | None:
        return None

    async def answer(self, conversation: Conversation, options: Mapping[str, Any]) -> Answer:
        """Answer a conversation. `added` is what the layer's receipt says."""
        if self._amnesia is None:
            raise ConfigurationError(f"system {self.name!r} was asked before it was prepared")
        begun = time.perf_counter()
        with counting() as count:
            outcome = await self._amnesia.acomplete(conversation, options=options)
        took = time.perf_counter() - begun
        told = dict(outcome.generation.choices[0].told()) if outcome.generation.choices else {}
        return Answer(
            text=told.pop("answer", ""),
            channels=told,
            calls=count.calls,
            tokens=count.tokens,
            seconds=took,
            added=outcome.receipt.added_ms / 1000,
            route=outcome.receipt.route.value,
        )

    async def close(self) -> None:
        """Close the layer and delete its folder."""
        amnesia, self._amnesia = self._amnesia, None
        folder, self._folder = self._folder, None
        if amnesia is not None:
            await offload(amnesia.close)
        if folder is not None:
            await offload(folder.cleanup)


_SERVED: Mapping[str, Any] = {"direct": "ask", "abstention": "counterfactual"}
"""What `amnestic serve` sets unless it is told otherwise, so that its callers cannot tell who is on
the list: who asks in an evaluation is such a caller."""


class AmnesticEdit(AmnesticLayer):
    """Cuts what leaks out of an answer; where nothing may stay, the wrapped model says in its own
    words that it does not know."""

    name = "amnestic edit"
    description = "this layer: what leaks is cut out of the answer"
    mode: ClassVar[Mapping[str, Any]] = {**_SERVED, "rewrite_by": "edit", "identify": "off"}


class AmnesticWorded(AmnesticLayer):
    """As `edit`, and where nothing may stay one of the layer's own sentences says that it does not
    know, without any call: the setting of the library, whose caller is the operator."""

    name = "amnestic worded"
    description = "this layer as in edit, declining in sentences of its own without a call"
    mode: ClassVar[Mapping[str, Any]] = {
        "direct": "abstain", "abstention": "worded", "rewrite_by": "edit", "identify": "off",
    }  # fmt: skip


class AmnesticAgain(AmnesticLayer):
    """Asks the wrapped model for the whole answer once more, as one that never heard of it."""

    name = "amnestic again"
    description = "this layer: a leaking answer is asked for again, and cut where that fails"
    mode: ClassVar[Mapping[str, Any]] = {**_SERVED, "rewrite_by": "again", "identify": "off"}


class AmnesticIdentify(AmnesticLayer):
    """As `again`, and the wrapped model is asked whom a text near a target tells of."""

    name = "amnestic identify"
    description = "this layer as in again, and the model is asked whom a text tells of"
    mode: ClassVar[Mapping[str, Any]] = {**_SERVED, "rewrite_by": "again", "identify": "base"}


class AmnesticAgents(AmnesticLayer):
    """With a chat model that vets, audits, rewrites and criticises on top of the local engines."""

    name = "amnestic agents"
    description = "this layer with a chat model as its agents"
    mode: ClassVar[Mapping[str, Any]] = {**_SERVED, "rewrite_by": "again", "identify": "agent"}

    def __init__(self, model: ModelSpec, options: Options | None = None) -> None:
        if options is None or options.agent_model is None:
            raise ConfigurationError(f"system {self.name!r} needs a model: give `agent_model`")
        super().__init__(model, options)

    def _agent(self) -> ChatBackend | None:
        return counted(self.agents(), self._whole)
