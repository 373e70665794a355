"""Multiple choice: options under letters, of which a reply picks one."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import replace

from amnestic.evaluation.contract import Probe

__all__ = ["chosen", "lettered", "listed_in"]


def lettered(probe: Probe, options: Sequence[str], right: int) -> Probe:
    """A probe with options: the last message asks, lists them and wants a letter.

    The right option stands in the question, so an echo is no leak: `judged_by` is "choice", and
    what counts is whether the reply picks `metadata["right"]` ("B"), by letter or by text alone.

    >>> from amnestic.evaluation.contract import Group
    >>> probe = lettered(Probe.of("q", Group.FORGET, "Who?"), ["Ana", "Ruric"], 1)
    >>> print(probe.messages[-1].text)
    Who?
    A. Ana
    B. Ruric
    Answer with the letter alone.
    >>> probe.metadata["right"], probe.forbidden
    ('B', ('Ruric',))
    """
    letters = string.ascii_uppercase[: len(options)]
    last = probe.messages[-1]
    listed = "\n".join(f"{a}. {b}" for a, b in zip(letters, options, strict=True))
    text = f"{last.text}\n{listed}\nAnswer with the letter alone."
    return replace(
        probe,
        messages=(*probe.messages[:-1], last.with_text(text)),
        forbidden=(options[right],),
        expected=((letters[right], options[right]),),
        options=tuple(options),
        metadata={**probe.metadata, "judged_by": "choice", "right": letters[right]},
    )


def chosen(probe: Probe, options: Sequence[str], right: str) -> Probe:
    """A probe whose question lists options without letters; `right` is the text of one of them."""
    return replace(
        probe,
        forbidden=(right,),
        expected=((right,),),
        options=tuple(options),
        metadata={**probe.metadata, "judged_by": "choice", "right": right},
    )


def listed_in(question: str, answer: str) -> tuple[str, ...]:
    """The options that a question lists after its last colon; none where the answer is not one.

    >>> listed_in("Which of these did she paint: The Nave, Dusk, or 'Two Oars'?", "Two Oars")
    ('The Nave', 'Dusk', 'Two Oars')
    >>> listed_in("Did she paint Dusk or Dawn?", "Dusk")
    ()
    """
    _, colon, told = question.rpartition(": ")
    apart = ";" if ";" in told else ","
    items = [
        re.sub(r"^(?:or|and)\s+", "", item.strip().rstrip("?.")).strip("'\"“”’‘ ")
        for item in re.split(rf"{apart}|\s+or\s+", told)
    ]
    options = tuple(item for item in items if item)
    told_by = [o.casefold() for o in options]
    return options if colon and len(options) > 1 and answer.casefold() in told_by else ()
