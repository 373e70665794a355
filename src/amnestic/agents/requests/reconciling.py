"""Two readings of one request, the tagger's and the grammar's, made one.

The tagger reads any wording and is now and then wrong; the grammar reads the wordings that it
knows, and is wrong where a text only looks like one of them. What both read alike is taken as read.
Where they differ the surer one holds, and the difference is said as unread.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from amnestic.agents.requests.agreeing import agreed
from amnestic.agents.requests.clauses import is_clause, stands_as_a_name
from amnestic.agents.requests.expiry import UnreadDateError
from amnestic.agents.requests.extents import with_small_end
from amnestic.agents.requests.joining import (
    are_same,
    is_alike,
    is_in,
    joined,
    letters,
    longer_of,
    sentences_of,
    without_excepted,
)
from amnestic.agents.requests.left_open import (
    UNSAID,
    is_bare,
    is_named,
    leaves_open,
    nothing_seen,
    openness,
    what_is_open,
)
from amnestic.agents.requests.mentions import mentions_in
from amnestic.agents.requests.readings import Interpretation, RequestReading, TooManyTargetsError
from amnestic.agents.requests.seeing import KEPT, LOST, SURE, Seen
from amnestic.agents.requests.told_facts import by_itself
from amnestic.exceptions import ForgetRequestError, NeedsClarificationError
from amnestic.types import TargetKind

__all__ = ["reconciled"]

_SENTENCE_ENDS = re.compile(r"[.!?](?:\s|$)|\n")
_SHORT, _FULL_NAME = 5, 3
_WORD = re.compile(r"\w+")
_JOINTS = frozenset("and or und oder et ou y o e en of".split())
_AGREEING = 0.8
"""From this certainty on a tagger is not said to be unsure where the grammar reads the same names.
One that reads alone always is: of its surest readings of requests that it was not trained on a
fifth and more are wrong."""

_NEVER = 2.0
_WORDING = "the wording of the wish; its names were taken"
_EXTENT = "whether {!r} is a name to forget, and all of it"
_BESIDE = "whether {!r} shall be forgotten as well"


def reconciled(seen: Seen, known: RequestReading | ForgetRequestError) -> RequestReading:
    """One reading of both; raises `ForgetRequestError` where there is nothing to store, and
    `NeedsClarificationError` where that is left open."""
    clauses = _clauses(seen, known)
    if isinstance(known, RequestReading) and clauses:
        known = replace(known, targets=tuple(t for t in known.targets if t.subject not in clauses))
    found, spared = _without_spared(_of_both(seen, known), known)
    clauses += spared
    doubts = [_BESIDE.format(clause) for clause in clauses]
    stored = {letters(t.subject) for t in found.targets}
    doubts += [_EXTENT.format(n) for n in _passed_by(seen, known) if letters(n) in stored]
    works = (t.subject for t in found.targets if t.kind is TargetKind.WORK)
    doubts += [_EXTENT.format(whole) for w in works if (whole := with_small_end(w, seen.text))]
    return replace(found, unread=tuple(dict.fromkeys((*found.unread, *doubts))))


def _without_spared(
    found: RequestReading, known: RequestReading | ForgetRequestError
) -> tuple[RequestReading, list[str]]:
    """A reading without those of whom the grammar reads that they stay, where others are left, and
    their names: "Forget Osk. Tarn (tarn@…) stays." """
    if isinstance(known, ForgetRequestError):
        return found, []
    stays = [letters(kept) for t in known.targets for kept in t.exceptions]
    spared = [
        t
        for t in found.targets
        if any(kept.startswith(letters(t.subject)) for kept in stays)
        and not any(is_alike(t, k) for k in known.targets)
    ]
    rest = tuple(t for t in found.targets if t not in spared)
    return (replace(found, targets=rest), [t.subject for t in spared]) if rest else (found, [])


def _passed_by(seen: Seen, known: RequestReading | ForgetRequestError) -> list[str]:
    """The tagger's names that its wishes are not for, that no target of the grammar is, and that
    stand in a sentence before the first wish: "Osk does not concern us. Forget Tarn." """
    if isinstance(known, ForgetRequestError) or not seen.wished:
        return []
    first = min((at for o in seen.orders if (at := seen.text.find(o)) >= 0), default=-1)
    beside = (t.subject for i, t in enumerate(seen.targets) if i not in seen.wished)
    return [
        name
        for name in beside
        if 0 <= (at := seen.text.find(name)) < first
        and _SENTENCE_ENDS.search(seen.text, at, first)
        and not any(is_in(k.subject, name) or is_in(name, k.subject) for k in known.targets)
    ]


def _clauses(seen: Seen, known: RequestReading | ForgetRequestError) -> list[str]:
    """What a grammar lists beside names that the tagger has as well, or is sure of, and is a clause
    in which it sees none; beside a work it may be a title."""
    if isinstance(known, ForgetRequestError):
        return []
    both = any(is_alike(t, k) for t in seen.targets for k in known.targets)
    if not both and max(seen.surenesses, default=0.0) < SURE:
        return []
    names = [t.subject for t in seen.targets]
    said = (t.subject for t in known.targets if is_clause(t.subject) and not t.identifiers)
    clauses = [
        clause
        for clause in said
        if not any(is_in(name, clause) or is_in(clause, name) for name in names)
        and f"that {clause}" not in seen.text
        and not stands_as_a_name(clause, seen.text)
    ]
    kinds = {t.kind for t in (*seen.targets, *known.targets) if t.subject not in clauses}
    return [] if TargetKind.WORK in kinds else clauses


def _of_both(seen: Seen, known: RequestReading | ForgetRequestError) -> RequestReading:
    if isinstance(known, TooManyTargetsError):
        raise known
    if isinstance(known, RequestReading) and not known.targets:
        known = NeedsClarificationError("; ".join(known.doubts) or UNSAID)
    if seen.outcome == "refuse" or not seen.targets:
        return nothing_seen(seen, known)
    if seen.outcome == "ask" and seen.certainty >= openness(seen, known):
        raise NeedsClarificationError(what_is_open(seen.targets))
    unsure = ["the reading as a whole is not certain: look at it closely"]
    doubt = [*unsure] if seen.outcome == "ask" else []
    asked = (what_is_open(seen.targets),) if doubt and leaves_open(seen, known) else ()
    if isinstance(known, UnreadDateError) and not any(t.expires for t in seen.targets):
        raise known
    if isinstance(known, NeedsClarificationError) and all(map(is_bare, seen.targets)):
        raise known
    if isinstance(known, ForgetRequestError):
        if not seen.orders and seen.certainty < LOST:
            raise known  # no reader sees a wish
        doubt = doubt or [_WORDING]
        return RequestReading(_with_kept(seen.targets, seen), (*doubt, *seen.unread), asked)
    if seen.sure < LOST and not known.doubts and _is_elsewhere(seen, known):
        seen_names = [t.subject for t in seen.targets]
        if all(any(is_in(piece, name) for name in seen_names) for piece in known.unread):
            return replace(known, unread=(*known.unread, *(doubt or unsure)))
    seen = replace(seen, targets=tuple(_without_told(t, seen, known) for t in seen.targets))
    found = agreed(seen, known)
    targets = found.targets
    if not doubt:
        names = {letters(t.subject) for t in seen.targets}
        doubt = [_EXTENT.format(t.subject) for t in targets if letters(t.subject) not in names]
    doubt += [_BESIDE.format(name) for name in found.left_out]
    if are_same(targets, known.targets):
        rest = tuple(_without_others(t, seen) for t in known.targets)
        dropped = _told(known.targets) - _told(rest)
        doubt += [s for s in dict.fromkeys(dropped) if s not in doubt]
        doubt += [] if seen.sure >= _AGREEING else unsure
        known = replace(known, targets=rest)
        targets = tuple(map(joined, known.targets, _in_order(known.targets, targets)))
        unread = dict.fromkeys((*known.unread, *doubt, *seen.unread))
        return RequestReading(_with_kept(targets, seen), tuple(unread), (*known.doubts, *asked))
    held = [name for t in targets for name in (t.subject, *t.aliases, *t.exceptions)]
    others = [k.subject for k in known.targets if not any(is_in(k.subject, n) for n in held)]
    doubt = doubt or ([] if seen.is_sure or others else unsure)
    doubt += others
    unread = dict.fromkeys((*known.unread, *doubt, *seen.unread))
    return RequestReading(_with_kept(targets, seen), tuple(unread), asked)


def _is_elsewhere(seen: Seen, known: RequestReading) -> bool:
    """Whether a grammar has names, and they are others than those that the tagger sees."""
    named = any(map(is_named, known.targets))
    return named and not all(any(is_alike(t, s) for s in seen.targets) for t in known.targets)


# ── Alike ────────────────────────────────────────────────────────────────────────────────────────


def _in_order(
    order: Sequence[Interpretation], targets: Sequence[Interpretation]
) -> list[Interpretation]:
    by_name = {letters(t.subject): t for t in targets}
    return [by_name[letters(t.subject)] for t in order]


def _with_kept(targets: Sequence[Interpretation], seen: Seen) -> tuple[Interpretation, ...]:
    """Targets with the exceptions that the grammar reads in words of which the tagger takes some
    for what stays, however unsure it is of them: two readers see it."""
    own = [letters(t.subject) for t in targets]
    kept = [
        k
        for k in seen.kept
        if (k in seen.excepted or any(is_in(k, words) for words, _ in seen.keeps))
        and not any(name in letters(k) for name in own)
    ]
    return tuple(
        without_excepted(
            replace(
                t,
                exceptions=longer_of(
                    t.exceptions, [k for k in kept if not _lists(k, t.exceptions)]
                ),
            )
        )
        for t in targets
    )


def _lists(kept: str, exceptions: Sequence[str]) -> bool:
    """Whether words only list several exceptions: "Ada Hill and Tor Tarn"."""
    held = [e for e in exceptions if e in kept]
    for exception in held:
        kept = kept.replace(exception, " ")
    return len(held) > 1 and all(w in _JOINTS for w in _WORD.findall(kept.casefold()))


def _without_told(target: Interpretation, seen: Seen, known: RequestReading) -> Interpretation:
    """A target of the tagger without exceptions that it is not sure of and that the grammar reads
    as told of the target by its name; one that is lost in a text is sure of none."""
    least = KEPT if seen.sure >= LOST else _NEVER
    surely = {letters(words) for words, certainty in seen.keeps if certainty >= least}
    own = letters(target.subject)
    told = [letters(s) for t in known.targets for s in sentences_of(t.description)]
    stated = [s for s in told if own in s]

    def stays(kept: str) -> bool:
        return letters(kept) in surely or not any(letters(kept) in s for s in stated)

    return replace(target, exceptions=tuple(e for e in target.exceptions if stays(e)))


def _told_of(target: Interpretation) -> tuple[str, ...]:
    return (target.subject, *target.aliases, target.description, *target.exceptions)


def _without_others(known: Interpretation, seen: Seen) -> Interpretation:
    """A target of the grammar, which takes every sentence for one on it, without those that name
    somebody else, or say what to do, and in which the tagger sees nothing told."""
    orders = [order for order in map(letters, seen.orders) if len(order) > _SHORT]
    facts = [letters(s) for t in seen.targets for s in sentences_of(t.description)]
    own = letters(known.subject)

    def is_told(sentence: str) -> bool:
        said = letters(by_itself(sentence, known.subject))
        if own in said or any(fact in said or said in fact for fact in facts):
            return True
        named = any(m.score >= _FULL_NAME for m in mentions_in(sentence))
        return not named and not any(order in said for order in orders)

    told = sentences_of(known.description)
    kept = [sentence for sentence in told if is_told(sentence)]
    return known if kept == told else replace(known, description=" ".join(kept))


def _told(targets: Sequence[Interpretation]) -> Counter[str]:
    return Counter(sentence for t in targets for sentence in sentences_of(t.description))
