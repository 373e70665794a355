"""Cutting the smallest unit out of a sentence that leaks: a name of a row, an aside, a clause."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import lru_cache

from amnestic.tools.prose.bracketed import without_bracketed
from amnestic.tools.prose.clauses import cuts_in
from amnestic.tools.prose.gapped import without_gapped
from amnestic.tools.prose.grammar import Grammar, grammar_of, has_grammar
from amnestic.tools.prose.leaning import (
    counts,
    lacks_subject,
    leans,
    leans_on_kind,
    leans_on_person,
)
from amnestic.tools.prose.rows import without_names
from amnestic.tools.prose.scanning import Cut
from amnestic.tools.prose.series import without_parts
from amnestic.tools.prose.wellformed import reads_well
from amnestic.types import Span

__all__ = ["trimmed"]

Leaks = Callable[[str], bool]

_LABEL = re.compile(
    r"\s*(?:>\s*)*(?:[-*+•]\s+|\d{1,3}[.)]\s+)?"
    r"(?:(?:\*{1,2}|_{1,2})[^*_\n]{1,60}(?::(?:\*{1,2}|_{1,2})|(?:\*{1,2}|_{1,2})\s*:)\s+)?"
)
_STOP = re.compile(r"(?:[.!?…]+[\"'”’»)*_\]]*)?\s*$")
_CLOSERS = re.compile(r"(?P<stop>[.!?…]*)(?P<rest>.*)$", re.DOTALL)
_MARKS = '*_"“”„«»'
_WORD_ENDS = re.compile(rf"(?<=\w)(?!\w)[{_MARKS}]*")
_WORD_STARTS = re.compile(rf"[{_MARKS}]*(?<!\w)(?=\w)")
_NAME_BEFORE = re.compile(r"(?:[A-ZÀ-Þ][\w'’-]*\.?\s)+$")
_NAME_AFTER = re.compile(r"(?:\s[A-ZÀ-Þ][\w'’-]*\.?(?!\w))+(?<!\.)")
_THEIRS = re.compile(r"\b(?:they|them|theirs?|leurs?|loro|hun)\b", re.IGNORECASE)
_OBJECTS = frozenset("them theirs leur leurs loro hun".split())
_LONGEST = 1_200
_DATA = "{[<|`"  # what begins so is no sentence
_ROUNDS = 5
_FEW = 8  # words
_WORDS = re.compile(r"[^\W_]+")
_TRIES = 24


def trimmed(sentence: str, leaks: Leaks, known: Collection[str] = ()) -> str:
    """What may stay of a sentence that leaks: the sentence without the names of a row, the aside,
    the clause or the phrase in which it does, the smallest that can be had; nothing where what is
    left would leak, be no sentence, or tell of the target without its name.

    Args:
        sentence: one sentence, its marks of a list and its white space included.
        leaks: whether a piece tells of a target.
        known: words, in small letters, of what stays before the sentence: what it calls "the mill"
            is not the target's where one of these was told of already.

    >>> trimmed("The jury (Hill, Osk, Tarn) met.", lambda s: "Osk" in s)
    'The jury (Hill, Tarn) met.'
    >>> trimmed("Three poets won: Osk, Hill and Tarn.", lambda s: "Osk" in s)
    'Two poets won: Hill and Tarn.'
    >>> trimmed("Both Osk and Hill live here.", lambda s: "Osk" in s)
    'Hill lives here.'
    >>> trimmed("Hill left the club in May, before Osk returned.", lambda s: "Osk" in s)
    'Hill left the club in May.'
    >>> trimmed("Osk won the prize and gave it away.", lambda s: "Osk" in s)
    ''
    >>> trimmed("Osk was late; the train left at nine.", lambda s: "Osk" in s, {"train"})
    'The train left at nine.'
    """
    leaks = lru_cache(512)(leaks)
    grammar = grammar_of(sentence)
    label, body, stop = _parts(sentence)
    if len(body) > _LONGEST or not body or body[0] in _DATA or (label.strip() and leaks(label)):
        return ""
    for _ in range(_ROUNDS):
        if not leaks(label + body + stop):
            return label + body + stop
        body = _shorter(label, body, stop, leaks, grammar, known)
        if not body:
            return ""
    return ""


def _parts(sentence: str) -> tuple[str, str, str]:
    """The label before a sentence, what it says, and the marks behind it."""
    label = _LABEL.match(sentence)
    at = label.end() if label else 0
    stop = _STOP.search(sentence, at)
    end = stop.start() if stop else len(sentence)
    body, marks = sentence[at:end], sentence[end:]
    opened = re.match(r"(?:\*\*|\*|__|_|\"|“|„|«|\()", body)
    if opened and marks.strip(".!?… \n"):  # "*Hill sang.*": what closes belongs to what opened
        label_end = opened.end()
        return sentence[: at + label_end], body[label_end:], marks
    return sentence[:at], body, marks


def _shorter(
    label: str, body: str, stop: str, leaks: Leaks, grammar: Grammar, known: Collection[str]
) -> str:
    """The body with one cut fewer to make, or nothing."""
    whole = label + body + stop
    ways = (without_parts, without_bracketed, without_gapped)
    series = next(filter(None, (way(body + stop, leaks) for way in ways)), "")
    if series:
        return series.removesuffix(stop)
    rowless = without_names(whole, leaks)
    if rowless not in ("", whole) and not leaks(rowless) and reads_well(rowless, whole, grammar):
        return rowless[len(label) : len(rowless) - len(stop)] if stop else rowless[len(label) :]
    if not _may_be_cut(body, stop, grammar, known):
        return ""
    hot = _first_leak(body, leaks)
    good: list[str] = []
    cuts = cuts_in(body, hot, grammar, closed=bool(stop.strip()), known=known)
    for cut in cuts[: _TRIES * 2]:
        left = cut.left.rstrip(" ,;:–—")
        if left in good or not _fits(cut, left, body, stop, grammar):
            continue
        if not leaks(label + left + stop):
            return left
        good.append(left)
        if len(good) >= _TRIES:
            break
    return next(iter(good), "")


def _may_be_cut(body: str, stop: str, grammar: Grammar, known: Collection[str]) -> bool:
    """Whether a piece can be cut out of a sentence at all, wherever it leaks: of a few words that
    are none, as a name that is an answer, it is found out before they are read one by one."""
    words = [Span(*m.span()) for m in _WORDS.finditer(body)]
    return len(words) > _FEW or any(
        cuts_in(body, word, grammar, closed=bool(stop.strip()), known=known) for word in words
    )


def _fits(cut: Cut, left: str, body: str, stop: str, grammar: Grammar) -> bool:
    if not reads_well(left + stop, body + stop, grammar):
        return False
    if not cut.by_itself:
        return True
    if not has_grammar(body) or _means_what_went(left, grammar):
        return False
    leaning = counts(left) or leans(left) or leans_on_kind(left, ()) or leans_on_person(left, ())
    return not (leaning or _speaks_of_two(left, grammar) or _hides_subject(cut, body, grammar))


def _means_what_went(clause: str, grammar: Grammar) -> bool:
    """Whether a clause says "their" and has nothing but names before it: "Tarn is their keeper"."""
    found = _THEIRS.search(clause)
    if found is None or found.group().lower() not in grammar.owns | grammar.pronouns | _OBJECTS:
        return False
    before = re.findall(r"[^\W\d_]+", clause[: found.start()])
    if before[:1] and not before[1:2]:  # "Together they": a capital that only opens
        return False
    names = [word for word in before if word[0].isupper() and word.lower() not in grammar.common]
    rest = {word.lower() for word in before} - {word.lower() for word in names}
    return bool(names) and rest <= (grammar.common | grammar.points) - grammar.joins


def _speaks_of_two(clause: str, grammar: Grammar) -> bool:
    """Whether a clause says "he" of one and "she" of another, of whom it can name but one, or "the
    two"."""
    words = {word.lower() for word in re.findall(r"\w+", clause)}
    told = any(
        re.search(rf"(?<!\w){re.escape(pair)}(?!\w)", clause, re.IGNORECASE)
        for pair in grammar.pairs
        if " " in pair
    )
    return told or (bool(words & {"he", "him", "his"}) and bool(words & {"she", "her", "hers"}))


def _hides_subject(cut: Cut, body: str, grammar: Grammar) -> bool:
    """Whether a clause behind another begins with its verb, or with one small word and that: "…;
    solo llegó a ver veinte minutos"."""
    first, _, rest = body[cut.span.end :].partition(" ")
    return (
        grammar.drops_subjects
        and first[:1].islower()
        and first not in grammar.articles | grammar.pronouns | grammar.owns
        and (lacks_subject(first + " " + rest) or lacks_subject(rest))
    )


def _first_leak(body: str, leaks: Leaks) -> Span:
    """The first piece of a sentence that leaks, as small as it can be."""
    ends = sorted({at for m in _WORD_ENDS.finditer(body) for at in m.span()})
    starts = sorted({at for m in _WORD_STARTS.finditer(body) for at in m.span()})
    end = _least(ends, lambda at: leaks(body[:at]), len(body))
    before = [at for at in reversed(starts) if at < end]
    start = _least(before, lambda at: leaks(body[at:end]), 0)
    marked = body[start:end]
    start += len(marked) - len(marked.lstrip(_MARKS))
    return _whole_name(body, Span(start, end - len(marked) + len(marked.rstrip(_MARKS))))


def _whole_name(body: str, found: Span) -> Span:
    """A place, and the rest of the name that it is a part of."""
    before = _NAME_BEFORE.search(body[: found.start])
    after = _NAME_AFTER.match(body, found.end)
    start = before.start() if before and body[found.start].isupper() else found.start
    return Span(start, after.end() if after else found.end)


def _least(places: list[int], holds: Callable[[int], bool], otherwise: int) -> int:
    """The first of `places` for which something holds that holds for all behind it."""
    low, high = 0, len(places)
    while low < high:
        middle = (low + high) // 2
        if holds(places[middle]):
            high = middle
        else:
            low = middle + 1
    return places[low] if low < len(places) else otherwise
