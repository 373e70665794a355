"""Texts by which gates are calibrated and classifiers trained: never those of a test.

Questions about a subject are made of its names and of fixed forms, those about others of invented
names in the same forms; statements are the facts that a subject brings, common knowledge and
whatever is given to be retained.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from amnestic.evaluation.contract import Subject
from amnestic.forecasting import common_knowledge

if TYPE_CHECKING:
    from amnestic.tools.protocols import Embedder

__all__ = ["FORMS", "STRANGERS", "Texts", "about", "embedder", "texts_for"]

FORMS = (
    "Tell me about {name}.",
    "Who or what is {name}?",
    "What do you know about {name}?",
    "What is {name} known for?",
    "When and where did {name} begin?",
)
"""Questions for what anybody may ask of any subject."""

STRANGERS = (
    "Jonna Verhaegen", "Pieter Alsworth", "Mirela Contescu", "Odd Haldorsen", "Ruta Grinevich",
    "Basil Thornycroft", "Leontine Duvall", "Amos Kiprono", "The Copper Almanac",
    "A Ladder in the Snow", "The Ninth Ferryman", "Winter Accounts", "Harrow and Pell",
    "the Quayside Trust", "Lindmark Instruments", "the Bexley Rowing Society", "Ursel Tamminga",
    "Corin Ashdowne", "Yelena Brodsky", "Matthis Oyelaran", "Philippa Scrivens", "Dragan Milovic",
    "Saskia Wentworth", "Horatio Blunt", "The Glazier's Oath", "Postcard to a Lighthouse",
    "Seven Quiet Bridges", "The Marsh Inheritance", "Notes on Vanishing", "The Tenth Orchard",
    "the Pemberton Archive", "Oakhurst Ceramics", "the Guild of Ropemakers", "Fenwick Railways",
)  # fmt: skip
"""Invented people, works and organisations, of whom no model knows anything."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What speaks of the subjects, and of what else there is: `owners` says for each of `forget`
    which subject it is about, by its place in the list."""

    forget: tuple[str, ...]
    owners: tuple[int, ...]
    retain: tuple[str, ...]


def about(name: str) -> tuple[str, ...]:
    """The forms with a name in them.

    >>> about("Ana Morel")[0]
    'Tell me about Ana Morel.'
    """
    return tuple(form.format(name=name) for form in FORMS)


def texts_for(subjects: Sequence[Subject], retain: Sequence[str] = ()) -> Texts:
    """The texts for some subjects. The same every time.

    >>> texts = texts_for([Subject("s", "Ana Morel", "…", facts=("Ana Morel is a painter.",))])
    >>> texts.forget[-1], len(texts.retain) > 100
    ('Ana Morel is a painter.', True)
    """
    forget: list[str] = []
    owners: list[int] = []
    for place, subject in enumerate(subjects):
        told = dict.fromkeys(
            [*(q for n in (subject.name, *subject.names) for q in about(n)), *subject.facts]
        )
        forget += told
        owners += [place] * len(told)
    strangers = [question for name in STRANGERS for question in about(name)]
    others = dict.fromkeys([*strangers, *common_knowledge(), *retain])
    return Texts(tuple(forget), tuple(owners), tuple(text for text in others if text not in forget))


@cache
def embedder() -> Embedder:
    """The encoder that ships with the package (all-MiniLM-L6-v2), loaded once.

    Raises `amnestic.exceptions.EmbedderError` where its file is damaged.
    """
    from amnestic.places import default_cache_dir
    from amnestic.tools.embedding import load_embedder

    return load_embedder("minilm", default_cache_dir())
