"""A sentence as it is cut: its clauses' marks, the place that leaks, and what opens a clause."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from amnestic.tools.prose.grammar import Grammar, has_verb
from amnestic.types import Span

__all__ = ["ALSO", "BY", "GERUND", "OF", "PARTICIPLE", "WORD", "WOULD", "Cut", "Scan", "capital"]

WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_COMMA = re.compile(r",(?=\s)")
_OPEN, _SHUT = "([{“„«", ")]}”»"
_FURTHER_NAME = re.compile(r",\s[A-ZÀ-Þ][\w'’-]*(?:\s[A-ZÀ-Þ][\w'’-]*)*(?=[,;:.)]|$)")
_ENDS_IN_NAME = re.compile(r"[A-ZÀ-Þ][\w'’-]*$")
_POSSESSIVE = re.compile(r"['’]s?\s")
GERUND = re.compile(r"\w{2,}(?:ing|ant|ando|endo|end)")
PARTICIPLE = re.compile(
    r"(?:\w{2,}(?:ed|ing)|born|known|written|led|made|held|sung|won|found|taught|built|drawn"
    r"|\w{2,}(?:ant|ée?s?|ado|ada|ados|adas|ido|ida|idos|idas|ando|endo|ato|ata|ati|ate|uto|uta"
    r"|ito|ita|end|ende)|\w{2,}(?:uit|rit|ert|int|ris)|\w*ge\w{2,}(?:t|en|d))"
)
OF = frozenset("of to de di da von van des del du do della".split())  # it belongs to a name
BY = frozenset("by par por da dal dalla von vom door pelo pela".split())  # whom it is done
ALSO = re.compile(
    r"\b(?:too|also|either|likewise|earlier|later|instead|more|less|same|auch|ebenfalls|früher"
    r"|später|eher|stattdessen|aussi|plutôt|également|también|tampoco|anche|invece|ook|eerder"
    r"|também)\b",
    re.IGNORECASE,
)
WOULD = re.compile(
    r"\b(?:would|could|might|würden?|hätten?|wäre[nt]?|könnten?|\w+rai(?:t|s|ent)|\w+ría[ns]?"
    r"|\w+rebbe(?:ro)?|zou(?:den)?|\w+riam?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of a sentence, and the sentence without it; of what goes, nothing may be spoken in
    what is left where a clause went that could stand `by_itself`."""

    span: Span
    left: str
    by_itself: bool = False

    @property
    def size(self) -> int:
        """How many characters go."""
        return self.span.end - self.span.start


@dataclass(frozen=True, slots=True)
class Scan:
    """A sentence without its full stop, the place in it that leaks, its language's grammar, whether
    there was a full stop, and words, in small letters, that were said before."""

    body: str
    hot: Span
    grammar: Grammar
    closed: bool = True
    known: Collection[str] = ()

    def words(self, piece: str) -> list[str]:
        """The words of a piece, in small letters."""
        return [w.lower() for w in WORD.findall(piece)]

    def covers(self, start: int, end: int) -> bool:
        """Whether a cut takes what is hot, and what is said of it right behind it."""
        if not (start <= self.hot.start and self.hot.end <= end):
            return False
        rest = self.body[end:]
        words = self.words(rest[:40])
        g = self.grammar
        said = rest.startswith(",") and bool(words) and words[0] in g.articles | g.owns | g.relates
        if _FURTHER_NAME.match(rest) and _ENDS_IN_NAME.search(self.body[:end]):
            return False  # "Sund, Tavel": the second is where the first is
        between = re.sub(r"\([^()]*\)|\s", "", self.body[self.hot.end : end])
        return bool(between) or not (said or rest.lstrip()[:1] in ("(", "["))

    def ends_well(self, inside: str, end: int) -> bool:
        """Whether a cut that ends at a mark leaves neither half a clause nor half a list behind."""
        g = self.grammar
        rest, chunks = self.body[end:], [c for c in inside.split(",") if self.words(c)]
        sides = [i for i, c in enumerate(chunks) if self.words(c)[0] in g.relates - g.articles]
        side = ",".join(chunks[sides[-1] :]) if sides else ""
        if side and not has_verb(side.strip().partition(" ")[2], g):
            return False
        joins = "|".join(g.joins)
        further = re.sub(rf"^,\s+(?:(?:{joins})\s+)?", "", rest).partition(",")[0]
        lists = (
            any(self.compares(c) for c in chunks)
            and rest.startswith(",")
            and bool(self.words(further))
        )
        return not lists or has_verb(further, g) or self.opens(further)

    def is_outside(self, at: int) -> bool:
        """Whether a place is in no brackets, quotes or marks of emphasis."""
        before = self.body[:at]
        deep = sum(before.count(c) for c in _OPEN) > sum(before.count(c) for c in _SHUT)
        return not deep and before.count('"') % 2 == 0 and before.count("*") % 2 == 0

    def commas(self) -> list[int]:
        """Where commas stand that part clauses."""
        return [m.start() for m in _COMMA.finditer(self.body) if self.is_outside(m.start())]

    def cut(self, start: int, end: int, joint: str = "") -> Cut:
        """The sentence without a piece, and what joins the ends."""
        return Cut(Span(start, end), self.body[:start] + joint + self.body[end:])

    def compares(self, piece: str) -> bool:
        """Whether a piece begins as a comparison does."""
        told = piece.lower().lstrip(" ,*_")
        if told.startswith("like to "):  # what somebody likes to do
            return False
        return any(re.match(rf"{re.escape(p)}(?!\w)", told) for p in self.grammar.compares)

    def renames(self, inside: str) -> bool:
        """Whether a piece only gives the name of what stands before it: "her teacher, Osk,"."""
        at = self.body.find(inside)
        if not inside.strip() or not at <= self.hot.start < at + len(inside):
            return False
        before, upto = self.body[at : self.hot.start], self.body[self.hot.start : at + len(inside)]
        if _POSSESSIVE.search(upto[: self.hot.end - self.hot.start + 3]):
            return False
        g = self.grammar
        led = [w for w in self.words(before)
               if w in g.places | g.relates - g.articles | g.opens | g.joins | g.contrasts
               or (w in g.relates and has_verb(inside, g)) or GERUND.fullmatch(w)]  # fmt: skip
        return not led and not self.compares(inside) and not (before.strip() and has_verb(upto, g))

    def opens(self, piece: str) -> bool:
        """Whether a piece begins as only a side clause, a comparison or a phrase does."""
        g, words = self.grammar, self.words(piece)
        if not words:
            return False
        second = words[1] if len(words) > 1 else ""
        led = words[0] in g.places and (second in g.relates or not has_verb(piece, g))
        side = words[0] in g.relates | g.opens | g.contrasts - g.joins
        relative = side and (words[0] not in g.articles or has_verb(piece, g))
        relative = relative or (words[0] in g.articles and second in g.relates - g.articles)
        return led or relative or self.compares(piece)


def capital(text: str) -> str:
    """A text whose first letter is a capital."""
    match = re.match(r"[\W_]*", text)
    at = match.end() if match else 0
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]
