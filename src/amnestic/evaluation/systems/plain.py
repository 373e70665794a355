"""The controls: no method, a filter of words, an instruction, a model that never knew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amnestic.evaluation.contract import Subject
from amnestic.evaluation.systems.base import Options, Wrapped
from amnestic.evaluation.systems.names import names_of, pattern_of
from amnestic.evaluation.systems.prompts import PREFIX, listed
from amnestic.evaluation.systems.turn import Turn, under
from amnestic.exceptions import ConfigurationError
from amnestic.models.resolve import ModelSpec
from amnestic.types import Draft

__all__ = ["Bare", "KeywordFilter", "NeverKnew", "PromptPrefix"]


class Bare(Wrapped):
    """The wrapped model as it is: what everything else is compared with."""

    name = "none"
    description = "the wrapped model without any method"

    async def _reply(self, turn: Turn) -> tuple[Draft, str]:
        return await turn.ask(), "bare"


class NeverKnew(Bare):
    """The model that the options call `never_knew`, in the place of the wrapped one: the same
    training without the subjects. It is the ideal of exact unlearning (the retrained model of
    TOFU, arXiv 2401.06121, its retain model)."""

    name = "never knew"
    description = (
        "the same training without the forgotten subjects, the ideal of exact unlearning "
        "(TOFU, arXiv 2401.06121, its retain model)"
    )

    def __init__(self, model: ModelSpec, options: Options | None = None) -> None:
        if options is None or options.never_knew is None:
            raise ConfigurationError(f"system {self.name!r} needs a model: give `never_knew`")
        super().__init__(options.never_knew, options)


class KeywordFilter(Wrapped):
    """Refuses a question or an answer in which a name or alias of a subject stands, as whole words
    in any case. This is what most products do that have a list; no paper is needed for it."""

    name = "keyword filter"
    description = "refuses where a name or alias stands in the question or in the answer"

    async def _prepare(self, turn: Turn, subjects: tuple[Subject, ...]) -> Mapping[str, Any]:
        self.need_subjects(subjects)
        self._names = pattern_of(names_of(subjects))
        return {"names": len(names_of(subjects))}

    async def _reply(self, turn: Turn) -> tuple[Draft, str]:
        if any(self._names.search(message.text) for message in turn.conversation):
            return self.refused()
        draft = await turn.ask()
        if any(self._names.search(text) for _, text in draft.told()):
            return self.refused()
        return draft, "passed"


class PromptPrefix(Wrapped):
    """Tells the model in its instructions whom it must not know. After "Guardrail Baselines for
    Unlearning in LLMs" (arXiv 2403.03329, prompting); the words are this project's."""

    name = "prompt prefix"
    description = (
        "an instruction that lists what must not be known "
        "(Guardrail Baselines, arXiv 2403.03329, prompting)"
    )

    async def _prepare(self, turn: Turn, subjects: tuple[Subject, ...]) -> Mapping[str, Any]:
        self.need_subjects(subjects)
        self._note = PREFIX.format(subjects=listed(subjects))
        return {}

    async def _reply(self, turn: Turn) -> tuple[Draft, str]:
        return await turn.ask(under(turn.conversation, self._note)), "instructed"
