"""A detector that knows what marked replies tell of their targets: in its place, what is lost is
lost behind detection.

Questions are vetted as ever. Of a text it finds the marks of which half the words stand in it, or
that half of it is cut from, and nothing else; a text is told from its reply by words in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from told_data import Reply, Told

from amnestic.tools.detection import FactDetector
from amnestic.tools.protocols import Context
from amnestic.types import Assessment, Band, Evidence, LeakKind, Span

__all__ = ["OracleDetector", "ask"]

_WORD = re.compile(r"\w+")
_HALF, _RUN = 0.5, 4
_FEWEST_OF_NAME = 3
_SCORE = 0.99


class _Asked:
    """The reply that is played now, word by word, and who tells."""

    def __init__(self, told: Told, reply: Reply) -> None:
        self.target = told.id
        self.text = reply.text
        places = list(_WORD.finditer(reply.text))
        self.words = [w[0].casefold() for w in places]
        self.marks = [
            next((i for i, m in enumerate(reply.marks) if m.start <= w.start() < m.end), -1)
            for w in places
        ]
        self.sizes = [self.marks.count(i) for i in range(len(reply.marks))]
        self.spans = reply.marks
        self.joined = f" {' '.join(self.words)} "
        names = (w for name in (told.name, *told.aliases) for w in _WORD.findall(name))
        small = {w for w in names if len(w) >= _FEWEST_OF_NAME and not w.islower()}
        self.names = {w.casefold() for w in small}


_now: list[_Asked] = []


def ask(told: Told, reply: Reply) -> None:
    """Note which reply is played next."""
    _now[:] = [_Asked(told, reply)]


class OracleDetector(FactDetector):
    """The package's detector for questions, and the marks for replies."""

    def audit(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
        """The marks that stand in a text."""
        if not _now or not context.reply:
            return super().audit(text, question, context)
        asked = _now[0]
        spans = tuple(_found(text, asked))
        if not spans:
            return ()
        by_place = Assessment(
            asked.target,
            _SCORE,
            Band.LEAK,
            LeakKind.INDIRECT,
            spans,
            (Evidence("attributed", 1.0),),
        )
        named = tuple(_names_in(text, spans, asked))
        if not named:
            return (by_place,)
        evidence = (Evidence("oracle", 1.0),)
        return (
            Assessment(asked.target, _SCORE, Band.LEAK, LeakKind.DIRECT, named, evidence, named),
            by_place,
        )


def _found(text: str, asked: _Asked) -> Iterator[Span]:
    if text == asked.text:
        yield from asked.spans
        return
    places = list(_WORD.finditer(text))
    words = [w[0].casefold() for w in places]
    inside = _aligned(words, asked)
    for mark, size in enumerate(asked.sizes):
        at = [i for i, own in enumerate(inside) if own == mark]
        if not at:
            continue
        if len(at) >= min(_HALF * size, _RUN) or len(at) >= _HALF * len(words):
            yield Span(places[at[0]].start(), places[at[-1]].end())


def _aligned(words: Sequence[str], asked: _Asked) -> list[int]:
    """For each word the mark that it stands in, or -1; of words that stand at several places in
    the reply, side by side, the place with the fewest: a key of JSON tells of nobody."""
    found = asked.joined.find(f" {' '.join(words)} ")
    places: list[list[int]] = []
    while found >= 0 and words:
        at = asked.joined.count(" ", 0, found + 1) - 1
        places.append(asked.marks[at : at + len(words)])
        found = asked.joined.find(f" {' '.join(words)} ", found + 1)
    if places:
        return min(places, key=lambda own: sum(m >= 0 for m in own))
    inside = [-1] * len(words)
    match = SequenceMatcher(None, asked.words, words, autojunk=False)
    for block in match.get_matching_blocks():
        inside[block.b : block.b + block.size] = asked.marks[block.a : block.a + block.size]
    return inside


def _names_in(text: str, spans: Sequence[Span], asked: _Asked) -> Iterator[Span]:
    """The runs of words of the target's names within some spans."""
    for span in spans:
        run: list[re.Match[str]] = []
        for word in _WORD.finditer(text, span.start, span.end):
            if word[0].casefold() in asked.names and not word[0].islower():
                run.append(word)
                continue
            if run:
                yield Span(run[0].start(), run[-1].end())
            run = []
        if run:
            yield Span(run[0].start(), run[-1].end())
