"""How far a name goes by how it is written: capitals that stand side by side, quotation marks.

A reader that cuts a name short, or takes the verb before it for its first word, is wrong about what
the spelling shows to everybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from amnestic.agents.requests.calendar_days import WEEKDAYS
from amnestic.agents.requests.extents import whole_extent
from amnestic.agents.requests.kin_of import COURTESY
from amnestic.agents.requests.target_kind import kind_named
from amnestic.tools.names import is_given_name
from amnestic.tools.prose import grammar_of
from amnestic.tools.reading import rank
from amnestic.tools.tagging import Span, Tagged
from amnestic.types import TargetKind

__all__ = ["whole_name"]

_NEXT = re.compile(r"[ ](?P<word>[^\W\d_a-zß-ÿ][\w'’-]*)(?!\s*[:#=@\d])(?![\w.@/-]*\d)")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_QUOTES = {'"': '"', "“": "”", "„": "“”", "«": "»"}
_LONGEST_TITLE = 120
_COMMON = 20_000
_LIKELY = 0.5
_VERB, _VERB_AND_NAME = 4_000, 3
_SMALL_SHARE = 0.4
_PARTICLES = frozenset(("out", "off", "away", "down", "up"))  # "clear … out": no verb of its own


def whole_name(seen: Tagged, span: Span, kind: TargetKind) -> Span:
    """A subject as far as its name goes.

    Args:
        seen: the text with what each of its words is to the request.
        span: what the tagger took for the name.
        kind: of what.

    >>> text = "Keep quiet about Tavel Pen Bank, please."
    >>> seen = Tagged(text, (name := Span(17, 26, "subject", 0.9),), (1.0, 0.0, 0.0))
    >>> seen.text_of(whole_name(seen, name, TargetKind.PLACE))
    'Tavel Pen Bank'
    >>> text = 'The essay "Mills and Tithes, 1540-1603" must go.'
    >>> seen = Tagged(text, (name := Span(11, 27, "subject", 0.9),), (1.0, 0.0, 0.0))
    >>> seen.text_of(whole_name(seen, name, TargetKind.WORK))
    'Mills and Tithes, 1540-1603'
    >>> order = Span(17, 30, "wish", 0.9)
    >>> seen = Tagged("Clear Mirela Osk out of memory.", (order,), (1.0, 0.0, 0.0))
    >>> seen.text_of(whole_name(seen, Span(0, 16, "subject", 0.9), TargetKind.PERSON))
    'Mirela Osk'
    """
    others = [s for s in seen.spans if not _overlap(s, span) and s.certainty >= _LIKELY]
    start, end = whole_extent(seen.text, span.start, span.end, kind, _places(others))
    others = [s for s in others if s.label != "identifier"]  # a year may be of a title
    end = _as_written(seen.text, start, end, kind, _places(others))
    start = _without_order(seen.text, start, end, _places(seen.labelled("wish")))
    return replace(span, start=start, end=end)


def _overlap(a: Span, b: Span) -> bool:
    return a.start < b.end and a.end > b.start


def _places(spans: Iterable[Span]) -> list[tuple[int, int]]:
    return [(s.start, s.end) for s in spans]


def _as_written(
    text: str, start: int, end: int, kind: TargetKind, taken: Sequence[tuple[int, int]]
) -> int:
    """Where a name ends by how it is written: with its quotation, or the capitals behind it."""
    if closes := _QUOTES.get(text[start - 1 : start]):
        near = text[end : start + _LONGEST_TITLE]
        closed = re.search(rf"[{closes}](?!\w)", near)
        whole = closed and not re.search(rf"[\n{closes}{text[start - 1]}]", near[: closed.start()])
        if closed and whole and not _meets(end, end + closed.start(), taken):
            return end + closed.start()
    full = text[start].isupper() and " " in text[start:end]  # of one word the kind is not known
    if not (full and _NEXT.match(text, end) and _has_sentences(text)):
        return end
    while (behind := _NEXT.match(text, end)) and not _meets(end, behind.end(), taken):
        if not _goes_on(text, start, end, behind["word"], kind):
            break
        end = behind.end()
    return end


def _without_order(text: str, start: int, end: int, orders: Sequence[tuple[int, int]]) -> int:
    """Where a name begins before which a reader took the verb of its sentence for the first word,
    since the rest of the order stands behind it."""
    words = [*_WORD.finditer(text, start, end)]
    opens = not text[:start].strip() or text[:start].rstrip()[-1] in ".!?:\n"
    behind = next((o for o in orders if end <= o[0] and not text[end : o[0]].strip()), None)
    if len(words) < _VERB_AND_NAME or not opens or behind is None:
        return start
    first = words[0].group().casefold()
    place = rank(first)
    is_verb = place is not None and place <= _VERB and not is_given_name(first)
    joint = _WORD.match(text, behind[0])
    on = joint is not None and joint.group() in (grammar_of(text).small | _PARTICLES)
    full = all(w.group()[:1].isupper() for w in words[1:3])
    return words[1].start() if is_verb and on and full else start


def _goes_on(text: str, start: int, end: int, word: str, kind: TargetKind) -> bool:
    """Whether a word with a capital right behind a name is more of it: a rare one, or such as says
    what is called so. "Osk Mills Regards" is Osk Mills."""
    grammar = grammar_of(text)
    if grammar.nouns_are_capital:
        return False
    folded = word.casefold()
    closed = grammar.small | grammar.pronouns | grammar.helps | grammar.persons | grammar.points
    if folded in closed or folded in COURTESY or WEEKDAYS.match(f"{folded} "):
        return False
    if len(word) > 1 and word.isupper() and not text[start:end].isupper():
        return False  # "Tor Osk ASAP"
    place = rank(folded)
    if place is None or place > _COMMON:
        return True
    return bool(kind is not TargetKind.PERSON and kind_named(folded))


def _has_sentences(text: str) -> bool:
    """Whether a text is written in sentences, in which a capital says something."""
    words = _WORD.findall(text)
    return bool(sum(w[:1].islower() for w in words) >= _SMALL_SHARE * len(words))


def _meets(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    return any(a < end and b > start for a, b in taken)
