"""Two readings of one request, the tagger's and the grammar's, made one.

The tagger reads any wording and is now and then wrong; the grammar reads the wordings that it
knows, and is wrong where a text only looks like one of them. What both read alike is taken as read.
Where they differ the surer one holds, and the difference is said as unread.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from amnestic.agents.requests.expiry import UnreadDateError
from amnestic.agents.requests.mentions import mentions_in
from amnestic.agents.requests.readings import Interpretation, RequestReading, TooManyTargetsError
from amnestic.agents.requests.target_kind import IS
from amnestic.agents.requests.told_facts import by_itself
from amnestic.exceptions import ForgetRequestError, NeedsClarificationError
from amnestic.tools.reading import segments
from amnestic.types import TargetKind

__all__ = ["Seen", "reconciled"]

SURE = 0.9
"""From this certainty on the tagger's reading is taken against the grammar's, and said without a
word of doubt where the grammar has none."""

_OPEN, _READ_OPEN, _NAMED_OPEN = 0.7, 0.95, 0.98
"""From this certainty on a text is asked back that leaves open what is meant, or asks for nothing;
from the second on where the grammar reads it, from the third on where it reads the same names."""

_SHORT, _FULL_NAME = 5, 3
_LOST = 0.5
"""Below this certainty a grammar that read all of a text is believed instead."""

_NOTHING = (
    "nothing in the text asks for something to be forgotten; begin it with 'Please forget …', "
    "'Forget everything about …' or 'Do not talk about …'"
)
_STATES = re.compile(rf"\b{IS}\b")  # a name that is a statement: one fact shall go, not all of it
_EXTENT = "whether {!r} is a name to forget, and all of it"
_UNSAID = "the request does not say who or what is meant; give the name"


@dataclass(frozen=True, slots=True)
class Seen:
    """The tagger's reading.

    Attributes:
        targets: what it would store.
        outcome: `ok`, `ask` or `refuse`.
        certainty: the chance of that outcome.
        surenesses: of each target.
        unread: what it could make nothing of.
        claimed: words that are surely something else than names to forget.
        text: what was read.
        orders: words that say what to do or to leave, and tell of nothing.
    """

    targets: tuple[Interpretation, ...]
    outcome: str
    certainty: float
    surenesses: tuple[float, ...] = ()
    unread: tuple[str, ...] = ()
    claimed: tuple[str, ...] = ()
    text: str = ""
    orders: tuple[str, ...] = ()

    @property
    def sure(self) -> float:
        """How sure the least sure part of it is."""
        return min((self.certainty, *self.surenesses))

    @property
    def is_sure(self) -> bool:
        """Whether it may be taken against the grammar, and without a word of doubt."""
        return self.sure >= SURE


def reconciled(seen: Seen, known: RequestReading | ForgetRequestError) -> RequestReading:
    """One reading of both; raises `ForgetRequestError` where there is nothing to store, and
    `NeedsClarificationError` where that is left open."""
    if isinstance(known, TooManyTargetsError):
        raise known
    if isinstance(known, RequestReading) and not known.targets:
        known = NeedsClarificationError("; ".join(known.doubts) or _UNSAID)
    if seen.outcome == "refuse" or not seen.targets:
        return _nothing(seen, known)
    if seen.outcome == "ask" and seen.certainty >= _openness(seen, known):
        raise NeedsClarificationError(_left_open(seen.targets))
    unsure = ["the reading as a whole is not certain: look at it closely"]
    doubt = [*unsure] if seen.outcome == "ask" else []
    if isinstance(known, UnreadDateError) and not any(t.expires for t in seen.targets):
        raise known
    if isinstance(known, NeedsClarificationError) and all(map(_is_bare, seen.targets)):
        raise known
    if isinstance(known, ForgetRequestError):
        doubt = doubt or ([] if seen.is_sure else ["the wording of the wish; its names were taken"])
        return RequestReading(seen.targets, (*doubt, *seen.unread))
    if seen.sure < _LOST and not known.unread and not known.doubts:
        return replace(known, unread=tuple(doubt or unsure))
    targets = _extended(seen, known)
    if not doubt:
        names = {_letters(t.subject) for t in seen.targets}
        doubt = [_EXTENT.format(t.subject) for t in targets if _letters(t.subject) not in names]
    if _same(targets, known.targets):
        rest = tuple(_without_others(t, seen) for t in known.targets)
        dropped = _told(known.targets) - _told(rest)
        doubt += [s for s in dict.fromkeys(dropped) if s not in doubt]
        known = replace(known, targets=rest)
        targets = tuple(map(_joined, known.targets, _in_order(known.targets, targets)))
        unread = dict.fromkeys((*known.unread, *doubt, *seen.unread))
        return RequestReading(targets, tuple(unread), known.doubts)
    held = " ".join(_letters(" ".join(_told_of(t))) for t in targets)
    others = [t.subject for t in known.targets if _letters(t.subject) not in held]
    doubt = doubt or others or ([] if seen.is_sure else unsure)
    return RequestReading(targets, tuple(dict.fromkeys((*known.unread, *doubt, *seen.unread))))


def _openness(seen: Seen, known: RequestReading | ForgetRequestError) -> float:
    """How certain it has to be that a text leaves open what is meant: the more so, the more of it
    the grammar understands."""
    if isinstance(known, ForgetRequestError):
        return _OPEN
    return _NAMED_OPEN if _same(seen.targets, known.targets) else _READ_OPEN


def _nothing(seen: Seen, known: RequestReading | ForgetRequestError) -> RequestReading:
    """Where the tagger has nothing to store, nothing is, but where it is unsure."""
    if isinstance(known, ForgetRequestError):
        if seen.outcome == "ask" and not isinstance(known, NeedsClarificationError):
            raise NeedsClarificationError(_UNSAID)
        raise known
    if seen.outcome != "ok" and seen.certainty >= _READ_OPEN:
        left_open = seen.outcome == "ask"
        raise NeedsClarificationError(_UNSAID) if left_open else ForgetRequestError(_NOTHING)
    return replace(known, unread=(*known.unread, "whether this asks for something to be forgotten"))


def _is_bare(target: Interpretation) -> bool:
    """Whether somebody, as it seems, is told by one word alone: many are called that."""
    is_word = len(target.subject.split()) == 1 and not target.identifiers
    return is_word and (target.kind is TargetKind.PERSON or target.kind_guessed)


def _left_open(targets: Sequence[Interpretation]) -> str:
    names = " and ".join(repr(t.subject) for t in targets[:3])
    return (
        f"the request leaves open whether {names} shall be forgotten, or who that is; write "
        "'Please forget …' with the full name, and what shall stay"
    )


def _extended(seen: Seen, known: RequestReading) -> tuple[Interpretation, ...]:
    """The tagger's targets, each as far as the grammar says that its name goes, where the tagger is
    unsure of it, took more for it, or took it for several; and those that only a grammar has that
    leaves nothing unread, where the tagger does not know them for something else."""
    whole = not known.unread and not known.doubts
    names = [_letters(t.subject) for t in seen.targets]
    out: dict[str, Interpretation] = {}
    for target, mine, sureness in zip(seen.targets, names, seen.surenesses, strict=True):
        fits = [k for k in known.targets if _overlap(seen.text, target.subject, k.subject)]
        if len(fits) == 1:
            its = _letters(fits[0].subject)
            pieces = sum(name in its for name in names)
            is_less = mine not in its or pieces > 1 or _STATES.search(fits[0].subject)
            if sureness < SURE or (whole and is_less):
                target = _joined(fits[0], target)
        out.setdefault(_letters(target.subject), target)
    elsewhere = _letters(" ".join(seen.claimed))
    held = {_letters(t.subject) for t in known.targets}
    if whole and out.keys() <= held:
        for target in known.targets:
            if _letters(target.subject) not in elsewhere:
                out.setdefault(_letters(target.subject), target)
    return tuple(out.values())


def _overlap(text: str, one: str, other: str) -> bool:
    """Whether two names are made of the same words of a text, or one of the other's letters."""
    if _letters(one) in _letters(other) or _letters(other) in _letters(one):
        return True
    a, b = text.find(one), text.find(other)
    return min(a, b) >= 0 and a < b + len(other) and b < a + len(one)


# ── Alike ────────────────────────────────────────────────────────────────────────────────────────


def _same(one: Sequence[Interpretation], other: Sequence[Interpretation]) -> bool:
    return sorted(_letters(t.subject) for t in one) == sorted(_letters(t.subject) for t in other)


def _in_order(
    order: Sequence[Interpretation], targets: Sequence[Interpretation]
) -> list[Interpretation]:
    by_name = {_letters(t.subject): t for t in targets}
    return [by_name[_letters(t.subject)] for t in order]


def _joined(known: Interpretation, seen: Interpretation) -> Interpretation:
    """What the grammar read of a target, with what only the tagger saw."""
    aliases = [a for a in seen.aliases if _is_new(a, (known.subject, *known.aliases))]
    identifiers = [
        i for i in seen.identifiers if _is_new(i.value, [x.value for x in known.identifiers])
    ]
    own = _letters(known.subject)
    statements = [_letters(s) for s in _sentences(known.description) if own in _letters(s)]
    exceptions = [
        e
        for e in seen.exceptions
        if _is_new(e, known.exceptions) and not any(_letters(e) in s for s in statements)
    ]
    held = [by_itself(s, known.subject) for s in _sentences(known.description)]
    told = [s for s in _sentences(seen.description) if _is_new(by_itself(s, known.subject), held)]
    return replace(
        known,
        kind=known.kind if seen.kind_guessed else seen.kind,
        kind_guessed=known.kind_guessed and seen.kind_guessed,
        aliases=(*known.aliases, *aliases),
        identifiers=(*known.identifiers, *identifiers),
        exceptions=(*known.exceptions, *exceptions),
        description=" ".join((known.description, *told)).strip(),
        expires=seen.expires or known.expires,
        reason=known.reason or seen.reason,
        scope=known.scope or seen.scope,
    )


def _told_of(target: Interpretation) -> tuple[str, ...]:
    return (target.subject, *target.aliases, target.description, *target.exceptions)


def _is_new(piece: str, held: Sequence[str]) -> bool:
    letters = _letters(piece)
    return not any(letters in _letters(h) or (h and _letters(h) in letters) for h in held)


def _without_others(known: Interpretation, seen: Seen) -> Interpretation:
    """A target of the grammar, which takes every sentence for one on it, without those that name
    somebody else, or say what to do, and in which the tagger sees nothing told."""
    orders = [order for order in map(_letters, seen.orders) if len(order) > _SHORT]
    facts = [_letters(s) for t in seen.targets for s in _sentences(t.description)]
    own = _letters(known.subject)

    def is_told(sentence: str) -> bool:
        letters = _letters(by_itself(sentence, known.subject))
        if own in letters or any(fact in letters or letters in fact for fact in facts):
            return True
        named = any(m.score >= _FULL_NAME for m in mentions_in(sentence))
        return not named and not any(order in letters for order in orders)

    told = _sentences(known.description)
    kept = [sentence for sentence in told if is_told(sentence)]
    return known if kept == told else replace(known, description=" ".join(kept))


def _told(targets: Sequence[Interpretation]) -> Counter[str]:
    return Counter(sentence for t in targets for sentence in _sentences(t.description))


def _sentences(description: str) -> list[str]:
    return [s.of(description).strip() for s in segments(description)]


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
