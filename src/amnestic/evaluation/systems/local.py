"""What the methods have in common that need the weights: logits, embeddings or activations."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from amnestic.evaluation.contract import Subject
from amnestic.evaluation.systems.base import Options, Wrapped
from amnestic.evaluation.systems.development import about
from amnestic.evaluation.systems.names import names_of, pattern_of
from amnestic.evaluation.systems.steering import Hook, steering
from amnestic.evaluation.systems.turn import Turn
from amnestic.exceptions import ConfigurationError
from amnestic.extras import require
from amnestic.models.resolve import ModelSpec
from amnestic.tools.offload import offload
from amnestic.types import Draft, Message

if TYPE_CHECKING:
    from amnestic.models.checkpoint import Checkpoint

__all__ = ["LocalMethod", "telling_words", "tensor_of"]

P = ParamSpec("P")
T = TypeVar("T")

TRIED = 8
"""Subjects whose answers decide on a strength."""

ENOUGH = 0.05
"""The share of those answers that may still tell something."""

_TELLING = re.compile(r"\b(?:\d[\d.,:/-]*\d|\d|[^\W\d_]*[A-Z][^\W_]{2,})", re.UNICODE)
_SENTENCES = re.compile(r"(?<=[.!?])\s+")


class LocalMethod(Wrapped):
    """A method that acts on weights in this process: of the model `embedded` or of `hf:<path>`.

    Raises `ConfigurationError` where the wrapped model is served elsewhere.
    """

    def __init__(self, model: ModelSpec, options: Options | None = None) -> None:
        require("local", f"system {self.name!r}")
        super().__init__(model, options)
        from amnestic.models.transformers_backend import TransformersBackend

        if not isinstance(self.backend, TransformersBackend):
            raise ConfigurationError(
                f"system {self.name!r} needs the weights of its model, 'embedded' or "
                f"'hf:<path>', and {self.backend.name!r} has none here"
            )
        self._chat = self.backend.model

    async def loaded(self) -> Checkpoint:
        """The weights and their tokenizer; loaded on first use."""
        return await offload(self._chat.load)

    async def computed(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What work on the weights gives, in a thread of its own and with as many of torch's as
        the model answers with."""
        threads = self._chat.threads

        def run() -> T:
            import torch

            if threads is not None and torch.get_num_threads() != threads:
                torch.set_num_threads(threads)
            return work(*args, **kwargs)

        return await offload(run)

    async def ask_steered(self, turn: Turn, hooks: Mapping[Any, Hook]) -> Draft:
        """The answer while hooks act on the model; their time counts as added."""
        with steering(hooks) as spent:
            draft = await turn.ask()
        turn.own -= spent.seconds
        return draft

    async def least_strength(
        self,
        turn: Turn,
        subjects: Sequence[Subject],
        strengths: Sequence[float],
        answer: Callable[[Turn, float, int], Awaitable[Draft]],
    ) -> tuple[float, float]:
        """The first of some strengths at which the model does not tell of the subjects any more,
        and the share of answers that still do. The last one where none is enough.

        The model is asked "Tell me about …"; an answer tells something where a word stands in it
        that is in the facts of the subject, or in the model's own answer before, and that its
        names do not hold (`telling_words`). Probes of a test are not used.

        Args:
            answer: gives the answer to a turn at a strength; told the place of the subject.
        """
        tried = list(enumerate(subjects))[:: max(1, len(subjects) // TRIED)][:TRIED]
        asked = {
            place: Turn(turn.backend, (Message.of("user", about(s.name)[0]),), {"max_tokens": 80})
            for place, s in tried
        }
        known = {}
        for place, subject in tried:
            said = (await asked[place].ask()).text
            known[place] = telling_words([*subject.facts, said], subject)
        share = 1.0
        for strength in strengths:
            told = 0
            for place, _ in tried:
                said = (await answer(asked[place], strength, place)).text
                told += bool(pattern_of(known[place]).search(said))
            share = told / len(tried)
            if share <= ENOUGH:
                break
        turn.count.calls += sum(each.count.calls for each in asked.values())
        return strength, share


def telling_words(texts: Sequence[str], subject: Subject) -> list[str]:
    """The words of some texts that tell something of a subject: names and numbers which are not its
    own name, and do not only begin a sentence.

    >>> ana = Subject("s", "Ana Morel", "…")
    >>> telling_words(["Ana Morel was born in Arvelle in 1921. She paints."], ana)
    ['1921', 'Arvelle']
    """
    own = pattern_of([word for name in names_of([subject]) for word in name.split()])
    found: set[str] = set()
    for sentence in (s for text in texts for s in _SENTENCES.split(text)):
        words = [(m.start(), m.group()) for m in _TELLING.finditer(sentence)]
        found.update(word for at, word in words if at > 0 and not own.fullmatch(word))
    return sorted(found)


def tensor_of(given: Any) -> Any:
    """The hidden states that a decoder layer gives, in whatever form."""
    return given[0] if isinstance(given, tuple) else given
