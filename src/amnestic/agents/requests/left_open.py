"""Whether a text leaves open what is meant, or asks for nothing: by two readers of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from amnestic.agents.requests.forms import COMMAND
from amnestic.agents.requests.joining import are_alike, are_same
from amnestic.agents.requests.mentions import mentions_in
from amnestic.agents.requests.readings import NOTHING_ASKED, Interpretation, RequestReading
from amnestic.agents.requests.seeing import LOST, SURE, Seen
from amnestic.exceptions import (
    ForgetRequestError,
    NeedsClarificationError,
    TargetTooBroadError,
)
from amnestic.tools.prose import grammar_of
from amnestic.types import TargetKind

__all__ = [
    "UNSAID",
    "is_bare",
    "is_named",
    "leaves_open",
    "nothing_seen",
    "openness",
    "what_is_open",
]

_OPEN, _READ_OPEN, _NAMED_OPEN = 0.7, 0.95, 0.98
"""From this certainty on a text is asked back that leaves open what is meant, or asks for nothing;
from the second on where the grammar reads it, from the third on where it reads the same names."""

_LEFT_OPEN = 0.85
"""From this certainty on it is asked back what is meant where the tagger sees no name, or is told
as a question what it leaves open."""

_A_NAME, _FEW = 3, 3
_WORD = re.compile(r"[^\W_]+")
_LISTING = frozenset("these those following people persons names please them all".split())
_SENTENCE = 0.9
"""From this certainty on a text asks for nothing in which the grammar has words that no name is."""

UNSAID = "the request does not say who or what is meant; give the name"


def leaves_open(seen: Seen, known: RequestReading | ForgetRequestError) -> bool:
    """Whether a text leaves open what is meant, by the tagger alone; not where it is sure of the
    very names that a grammar has which read all of the text, or of whom its wishes are for."""
    if isinstance(known, ForgetRequestError) and _is_clear(seen):
        return False
    if isinstance(known, RequestReading) and _says_nothing_else(seen.text, known):
        return False
    if isinstance(known, ForgetRequestError) or not are_alike(seen.targets, known.targets):
        return seen.certainty >= _LEFT_OPEN
    agrees = _is_whole(known) and min(seen.surenesses, default=0.0) >= SURE
    agrees = agrees and not any(map(is_bare, seen.targets))
    return seen.certainty >= (_NAMED_OPEN if agrees else _READ_OPEN)


def _is_whole(known: RequestReading) -> bool:
    """Whether the grammar read all of a text, and names in it."""
    return not known.unread and not known.doubts and all(map(is_named, known.targets))


def _says_nothing_else(text: str, known: RequestReading) -> bool:
    """Whether a text is an order to forget and full names, and nothing else is said in it."""
    command = COMMAND.match(text)
    if command is None or not _is_whole(known) or any(map(is_bare, known.targets)):
        return False
    rest = text[command.end() :]
    for target in known.targets:
        rest = rest.replace(target.subject, " ")
    closed = grammar_of(text).small | grammar_of(text).points | _LISTING
    return all(w.casefold() in closed for w in _WORD.findall(rest))


def is_named(target: Interpretation) -> bool:
    """Whether a target's name looks like one, or a number or an address tells it."""
    return bool(mentions_in(target.subject) or target.identifiers)


def openness(seen: Seen, known: RequestReading | ForgetRequestError) -> float:
    """How certain it has to be that a text leaves open what is meant: the more so, the more of it
    the grammar understands."""
    if isinstance(known, ForgetRequestError):
        return _READ_OPEN if _is_clear(seen) else _OPEN
    reads_the_same = known.pointed or are_same(seen.targets, known.targets)
    if seen.keeps_its_own([t.subject for t in known.targets]):
        return LOST
    return _NAMED_OPEN if reads_the_same else _READ_OPEN


def _is_clear(seen: Seen) -> bool:
    """Whether the tagger is sure of full names alone, and its wishes are for all of them."""
    wished = seen.wished == frozenset(range(len(seen.targets)))
    sure = min(seen.surenesses, default=0.0) >= SURE
    says = any(" " in order.strip() for order in seen.orders)
    return says and wished and sure and not any(map(is_bare, seen.targets))


def nothing_seen(seen: Seen, known: RequestReading | ForgetRequestError) -> RequestReading:
    """Where the tagger has nothing to store, nothing is, but where it is unsure."""
    if isinstance(known, ForgetRequestError):
        says_more = isinstance(known, NeedsClarificationError | TargetTooBroadError)
        if seen.outcome == "ask" and not says_more:
            raise NeedsClarificationError(_unsaid(seen.text))
        raise known
    least = _READ_OPEN if _is_whole(known) else _LEFT_OPEN
    if seen.outcome == "ask" and seen.certainty >= least:
        raise NeedsClarificationError(_unsaid(seen.text))
    named = all(t.identifiers or _looks_named(t.subject) for t in known.targets)
    if seen.outcome == "refuse" and seen.certainty >= (_READ_OPEN if named else _SENTENCE):
        raise ForgetRequestError(NOTHING_ASKED)
    return replace(known, unread=(*known.unread, "whether this asks for something to be forgotten"))


def _unsaid(text: str) -> str:
    """What is asked where no reader sees what is meant: about the names of the text, if any."""
    closed = grammar_of(text).persons
    named = (m.name for m in mentions_in(text) if m.score >= _A_NAME)
    names = [n for n in dict.fromkeys(named) if closed.isdisjoint(n.casefold().split())]
    return _open_names(names) if 0 < len(names) <= _FEW else UNSAID


def _looks_named(subject: str) -> bool:
    return any(m.score > 0 for m in mentions_in(subject))


def is_bare(target: Interpretation) -> bool:
    """Whether somebody, as it seems, is told by one word alone: many are called that."""
    is_word = len(target.subject.split()) == 1 and not target.identifiers
    return is_word and (target.kind is TargetKind.PERSON or target.kind_guessed)


def what_is_open(targets: Sequence[Interpretation]) -> str:
    """What is said where targets are left open."""
    return _open_names([t.subject for t in targets[:_FEW]])


def _open_names(told: Sequence[str]) -> str:
    names = " and ".join(map(repr, told))
    return (
        f"the request leaves open whether {names} shall be forgotten, or who that is; write "
        "'Please forget …' with the full name, and what shall stay"
    )
