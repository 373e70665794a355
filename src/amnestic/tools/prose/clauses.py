"""The pieces that can be cut out of a sentence so that a sentence is left."""

from __future__ import annotations

from collections.abc import Collection

from amnestic.tools.prose.grammar import Grammar
from amnestic.tools.prose.openings import clauses, first_verbs, opening
from amnestic.tools.prose.parentheticals import asides, between_dashes, parentheses
from amnestic.tools.prose.scanning import Cut, Scan
from amnestic.tools.prose.tails import tails
from amnestic.types import Span

__all__ = ["cuts_in"]

_KINDS = (parentheses, between_dashes, asides, tails, opening, first_verbs, clauses)


def cuts_in(
    body: str,
    hot: Span,
    grammar: Grammar,
    *,
    closed: bool = True,
    known: Collection[str] = (),
) -> list[Cut]:
    """The cuts that take what stands at `hot` out of `body`, a sentence without its full stop, the
    smallest first; `known` are words that were said before it.

    >>> from amnestic.tools.prose.grammar import grammar_of
    >>> body = "Hill, a friend of Osk, sang at the fair"
    >>> [cut.left for cut in cuts_in(body, Span(18, 21), grammar_of(body))][:1]
    ['Hill sang at the fair']
    """
    scan = Scan(body, hot, grammar, closed, known)
    return sorted((cut for kind in _KINDS for cut in kind(scan)), key=lambda cut: cut.size)
