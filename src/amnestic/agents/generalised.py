"""A draft in which a general word stands where a target is only mentioned."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from amnestic.tools.documents import Head, heads_in, without_headed
from amnestic.tools.prose import (
    Shape,
    generalise_mentions,
    grammar_of,
    has_verb,
    telling_pieces,
)
from amnestic.tools.reading import read, words_in
from amnestic.types import Span

__all__ = ["generalised"]

_RARE = 0.72
_LEAD_IN = re.compile(r"[\W\d_]*(?:(?:the|an?)\s+)?", re.IGNORECASE)
_OWNS = re.compile(r"\s?['’]s?(?!\w)")


def generalised(
    text: str,
    names: Sequence[str],
    noun: str,
    known: Sequence[frozenset[str]],
    shapes_of: Callable[[str], Sequence[Shape]],
) -> str:
    """`text` with `noun` where it only mentions one of `names`, and without what tells of it.

    What stands under an item of a list that goes would come to stand under the one before, and what
    stands under a line that is nothing but a name is of whom it names: both go along. `known` are
    the words that are known of targets, `shapes_of` finds the pieces whose form must hold.
    """

    def tells(sentence: str) -> bool:
        return _tells(sentence, known)

    told = telling_pieces(text, _places(text, names), noun, tells)
    going = [
        head
        for head in heads_in(text)
        if any(piece.start < head.line.end and head.line.start < piece.end for piece in told)
        and _heads_what_is_of_one(head, text[head.line.start : head.line.end], names)
    ]
    left = without_headed(text, going, names)
    return generalise_mentions(left, _places(left, names), noun, shapes_of, tells)


def _heads_what_is_of_one(head: Head, line: str, names: Sequence[str]) -> bool:
    """Whether what stands below a line with a name is of whom it names. That is not told where the
    line is a clause (an order, as the steps of a recipe are, is not seen to be one); and a line
    outside of a list may head what a text is about ("Osk's pie"), unless it begins with the name
    and says no more than what that is."""
    if has_verb(line, grammar_of(line)):
        return False
    lead_in = _LEAD_IN.match(line)
    begin = lead_in.end() if lead_in else 0
    name = next((name for name in names if line.startswith(name, begin)), None)
    return head.in_list or (name is not None and not _OWNS.match(line, begin + len(name)))


def _tells(sentence: str, known: Iterable[frozenset[str]]) -> bool:
    """Whether a sentence shares a rare word, or two, with what is known of a target: it tells a
    fact also where the name is gone."""
    words = words_in(read(sentence)).weights
    for own in known:
        shared = [weight for word, weight in words.items() if word in own]
        if len(shared) > 1 or any(weight > _RARE for weight in shared):
            return True
    return False


def _places(text: str, names: Sequence[str]) -> tuple[Span, ...]:
    """Where the names stand."""
    if not names:
        return ()
    either = re.compile("|".join(re.escape(name) for name in names))
    return tuple(Span(m.start(), m.end()) for m in either.finditer(text))
