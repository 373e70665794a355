"""Names that were told in small letters, as they are written."""

from __future__ import annotations

import re
from dataclasses import replace

from amnestic.agents.requests.letters import Letter
from amnestic.agents.requests.readings import Interpretation
from amnestic.agents.requests.seeing import SURE
from amnestic.tools.tagging import KINDS, Tagged
from amnestic.types import TargetKind

__all__ = ["names_as_written", "with_capitals"]

_NAMED = (TargetKind.PERSON, TargetKind.ORGANISATION, TargetKind.PLACE, TargetKind.WORK)
_SMALL = frozenset(
    "a an and at by da das de del della der den di do dos du el for in la le les of on or the to"
    " und van von y zu".split()
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def with_capitals(target: Interpretation) -> Interpretation:
    """The target with the capitals that its name has in texts, where whoever asked used none: by
    these a model is asked what it knows, and the name is told from everyday words.

    >>> with_capitals(Interpretation("vincent van gogh", TargetKind.PERSON)).subject
    'Vincent van Gogh'
    >>> with_capitals(Interpretation("lock picking", TargetKind.SKILL)).subject
    'lock picking'
    """
    name = target.subject
    if target.kind not in _NAMED or not name.islower() or "@" in name or "/" in name:
        return target
    return replace(target, subject=_WORD.sub(lambda m: _capital(m.group(), m.start() == 0), name))


def names_as_written(letter: Letter, seen: Tagged) -> Letter:
    """A request in which the names that a reader is sure of have their capitals, where they were
    told in small letters: a grammar knows names by those.

    Args:
        letter: the request.
        seen: it with what each of its words is to it.
    """
    body = letter.body
    for span in seen.labelled("subject"):
        name, kind = seen.text_of(span), KINDS[span.kinds.index(max(span.kinds))]
        if name.islower() and span.certainty >= SURE and kind == TargetKind.PERSON:
            written = with_capitals(Interpretation(name, TargetKind.PERSON)).subject
            body = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", written.replace("\\", r"\\"), body)
    return letter if body == letter.body else replace(letter, body=body)


def _capital(word: str, opens: bool) -> str:
    return word if word in _SMALL and not opens else word[0].upper() + word[1:]
