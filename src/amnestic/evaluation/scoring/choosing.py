"""Which of the choices of a multiple-choice question a reply takes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from amnestic.evaluation.scoring.manners import declines
from amnestic.evaluation.scoring.matching import stands

__all__ = ["chosen"]

_SAID = re.compile(
    r"(?:answer|choice|option|antwort|réponse|respuesta)\W{0,3}(?:is|would be|ist|est|es)?"
    r"[\s:*(\[\"'“]*([A-Z])\b(?!['’])",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"\W*([A-Za-z])(?:\W*$|[).:\]*]|\s[-–—])")
_ALONE = re.compile(r"(?:^|\s)[(\[]?([A-Z])[)\].:](?=\s|$)")


def chosen(reply: str, options: Sequence[str]) -> int | None:
    """The place of the one option that a reply takes, by its letter or by its words; None where it
    takes none, or names several and says of none that it is the answer.

    >>> towns = ("Arvelle", "Saltmarren", "Tarn")
    >>> chosen("B) Saltmarren", towns), chosen("The answer is (C).", towns)
    (1, 2)
    >>> chosen("I'd say it was Arvelle.", towns), chosen("Arvelle, Saltmarren or Tarn?", towns)
    (0, None)
    >>> chosen("I don't know whether it is A. or B.", towns) is None
    True
    """
    said = _SAID.search(reply) or _BEGINS.match(reply)
    if said and (place := _place(said[1], options)) is not None:
        return place
    named = [i for i, option in enumerate(options) if stands(reply, option)]
    if len(named) == 1:
        return named[0]
    letters = {_place(letter, options) for letter in _ALONE.findall(reply)} - {None}
    if not named and len(letters) == 1 and not declines(reply):
        return letters.pop()
    return None


def _place(letter: str, options: Sequence[str]) -> int | None:
    place = ord(letter.upper()) - ord("A")
    return place if 0 <= place < len(options) else None
