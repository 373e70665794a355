"""Names that were told in small letters, as they are written."""

from __future__ import annotations

import re
from dataclasses import replace

from amnestic.agents.requests.extents import with_small_words_ahead
from amnestic.agents.requests.letters import Letter
from amnestic.agents.requests.readings import Interpretation
from amnestic.agents.requests.seeing import LOST, SURE
from amnestic.tools.tagging import KINDS, Span, Tagged
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


def _is_small_name(seen: Tagged, span: Span) -> bool:
    """Whether a piece is, more likely than not, somebody's name in small letters."""
    if span.label != "subject" or span.certainty < LOST or not seen.text_of(span).islower():
        return False
    return KINDS[span.kinds.index(max(span.kinds))] == TargetKind.PERSON


def names_as_written(letter: Letter, seen: Tagged) -> tuple[Letter, Tagged]:
    """A request in which the names that a reader is sure of have their capitals, where they were
    told in small letters: a grammar knows names by those.

    Args:
        letter: the request.
        seen: it with what each of its words is to it.

    Returns the request and the same with what its words are to it.
    """
    body, whole, spans = letter.body, letter.whole, list(seen.spans)
    small = [i for i, span in enumerate(seen.spans) if _is_small_name(seen, span)]
    if not any(seen.spans[i].certainty >= SURE for i in small):
        return letter, seen
    for i in small:
        span = seen.spans[i]
        taken = [(s.start, s.end) for s in seen.spans if s.end <= span.start]
        start = with_small_words_ahead(whole, span.start, taken)
        name = whole[start : span.end]
        written = with_capitals(Interpretation(name, TargetKind.PERSON)).subject
        if len(written) == len(name):
            body = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", written, body)
            whole = f"{whole[:start]}{written}{whole[span.end :]}"
            spans[i] = replace(span, start=start)
    if whole == letter.whole:
        return letter, seen
    letter = replace(letter, body=body, whole=whole)
    return letter, replace(seen, text=whole, spans=tuple(spans))


def _capital(word: str, opens: bool) -> str:
    return word if word in _SMALL and not opens else word[0].upper() + word[1:]
