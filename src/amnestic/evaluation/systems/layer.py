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
from amnestic.exceptions import ConfigurationError, ForgetRequestError
from amnestic.models.resolve import ModelSpec
from amnestic.tools.offload import offload
from amnestic.types import Conversation

__all__ = ["AmnesticAgain", "AmnesticAgents", "AmnesticEdit", "AmnesticIdentify", "AmnesticLayer"]


class AmnesticLayer(Wrapped):
    """This project's layer around the wrapped model; the subjects are asked to be forgotten in the
    plain words of their requests, as a user would, and told no more than these.

    With `elicit` the wrapped model is asked what it knows of each, and `prepare` waits for that;
    its calls go into the preparation's time, and into its count where the layer tells.
    """

    mode: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, model: ModelSpec, options: Options | None = None) -> None:
        super().__init__(model, options)
        self._folder: TemporaryDirectory[str] | None = None
        self._amnesia: Amnesia | None = None

    async def prepare(self, subjects: Sequence[Subject]) -> Preparation:
        """Forget these subjects, in the place of those before. Raises `ConfigurationError` with the
        request that the layer could not read."""
        self.need_subjects(subjects)
        await self.close()
        begun = time.perf_counter()
        amnesia = await offload(self._opened)
        for subject in subjects:
            try:
                await amnesia.aforget_all(subject.request)
            except ForgetRequestError as error:
                raise ConfigurationError(
                    f"system {self.name!r} cannot read the request of subject {subject.id!r}: {error}"
                ) from None
        forgotten = time.perf_counter() - begun
        whole = await offload(amnesia.wait_for_elicitation)
        took = time.perf_counter() - begun
        detail = {"forget_seconds": forgotten, "elicited": self.options.elicit and whole}
        return Preparation(took, 0, detail)

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
        self._amnesia = Amnesia(self.backend, agent_model=self._agent(), settings=settings)
        return self._amnesia

    def _agent(self) -> ModelSpec | None:
        return None

    async def answer(self, conversation: Conversation, options: Mapping[str, Any]) -> Answer:
        """Answer a conversation. `added` is what the layer's receipt says, `tokens` what it says
        that a caller would be told plus what its agents took."""
        if self._amnesia is None:
            raise ConfigurationError(f"system {self.name!r} was asked before it was prepared")
        begun = time.perf_counter()
        outcome = await self._amnesia.acomplete(conversation, options=options)
        took = time.perf_counter() - begun
        receipt, usage = outcome.receipt, outcome.generation.usage
        first = outcome.generation.choices[0] if outcome.generation.choices else None
        told = {} if first is None else dict(first.told())
        return Answer(
            text=told.pop("answer", ""),
            channels=told,
            calls=receipt.base_calls + receipt.agent_calls,
            tokens=usage.input_tokens + usage.output_tokens + receipt.agent_tokens,
            seconds=took,
            added=receipt.added_ms / 1000,
            route=receipt.route.value,
        )

    async def close(self) -> None:
        """Close the layer and delete its folder."""
        amnesia, self._amnesia = self._amnesia, None
        folder, self._folder = self._folder, None
        if amnesia is not None:
            await offload(amnesia.close)
        if folder is not None:
            await offload(folder.cleanup)


class AmnesticEdit(AmnesticLayer):
    """Cuts what leaks out of an answer, without any further call."""

    name = "amnestic edit"
    description = "this layer: what leaks is cut out of the answer, without a further call"
    mode = {"rewrite_by": "edit", "identify": "off"}


class AmnesticAgain(AmnesticLayer):
    """Asks the wrapped model for the whole answer once more, as one that never heard of it."""

    name = "amnestic again"
    description = "this layer: a leaking answer is asked for again, and cut where that fails"
    mode = {"rewrite_by": "again", "identify": "off"}


class AmnesticIdentify(AmnesticLayer):
    """As `again`, and the wrapped model is asked whom a text near a target tells of."""

    name = "amnestic identify"
    description = "this layer as in again, and the model is asked whom a text tells of"
    mode = {"rewrite_by": "again", "identify": "base"}


class AmnesticAgents(AmnesticLayer):
    """With a chat model that vets, audits, rewrites and criticises on top of the local engines."""

    name = "amnestic agents"
    description = "this layer with a chat model as its agents"
    mode = {"rewrite_by": "again", "identify": "agent"}

    def __init__(self, model: ModelSpec, options: Options | None = None) -> None:
        if options is None or options.agent_model is None:
            raise ConfigurationError(f"system {self.name!r} needs a model: give `agent_model`")
        super().__init__(model, options)

    def _agent(self) -> ModelSpec | None:
        return self.options.agent_model
