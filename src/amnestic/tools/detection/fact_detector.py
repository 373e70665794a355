"""A detector that also finds the exact facts of targets, on top of another one."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from amnestic.tools.detection.whose import is_by_place
from amnestic.tools.names import (
    AMOUNT,
    KnownFacts,
    Record,
    facts_in,
    is_of_another,
    record_of,
    target_facts,
)
from amnestic.tools.protocols import Context, Joint, JointTeller, NameTeller, Near, Sifter
from amnestic.tools.reading import segments
from amnestic.types import Assessment, Band, Evidence, ForgetTarget, LeakKind, Span, holds_in

__all__ = ["FactDetector", "TargetsInForce"]

_SCORE = 0.97
_ALONE_WORDS = 8
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
_TOLD_EXACTLY = re.compile(r"[\d@]")  # in every exact fact
_NAME = re.compile(r"[A-Z][a-z'’]+\s+[A-Z][a-z'’]+")
Facts = tuple[dict[str, bool], frozenset[tuple[str, ...]]]


class TargetsInForce(Protocol):
    """Where the targets come from: the facet index."""

    @property
    def generation(self) -> int:
        """Changes with every change of the targets."""
        ...

    def targets(self, namespace: str | None = None) -> tuple[ForgetTarget, ...]:
        """The targets in force now."""
        ...


@dataclass(frozen=True, slots=True)
class _Table:
    """The exact facts of all targets of one generation: who has which, by key and by words.
    `numbers` are those in the runs, of which each has one."""

    generation: int = -1
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    runs: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]] = field(default_factory=dict)
    namespaces: Mapping[str, str] = field(default_factory=dict)
    known: KnownFacts = field(default_factory=KnownFacts)
    numbers: frozenset[str] = frozenset()
    records: Mapping[str, Record] = field(default_factory=dict)


class FactDetector:
    """Adds to a detector's verdict the exact facts that stand in a text: an address, an e-mail, a
    telephone number, an id; and a date where it stands almost alone, together with another fact,
    or in a conversation that has been about its target.

    A date in prose about someone else is nobody's secret. And where a target's address or id is
    known, a passage that only looks like its record (another's address, another's name and date) is
    not held against it.
    """

    def __init__(self, inner: Sifter, targets: TargetsInForce) -> None:
        self._inner = inner
        self._targets = targets
        self._lock = threading.Lock()
        self._known: dict[str, tuple[ForgetTarget, Facts]] = {}
        self._table = _Table()

    def vet(self, text: str, context: Context) -> tuple[Assessment, ...]:
        """What a question asks for; one that tells an address or an id asks for whose it is."""
        found = {a.target_id: a for a in self._exact(text, context) if a.evidence[0].value > 0}
        return _merged(self._inner.vet(text, context), found.values())

    def audit(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
        """What a text tells, exact facts included."""
        exact = self._exact(text, context, asked=bool(question.strip()))
        told = self._inner.audit(text, question, context)
        certain = {a.target_id for a in exact}
        kept = (a if a.target_id in certain else self._own(a, text, question) for a in told)
        return _merged(tuple(a for a in kept if a is not None), exact)

    def _own(self, found: Assessment, text: str, question: str) -> Assessment | None:
        """An assessment without the passages that tell of another's record; `None` if all do."""
        record = self._current().records.get(found.target_id)
        if record is None or found.kind is LeakKind.DIRECT:
            return found
        spans = found.spans or (Span(0, len(text)),)
        passages = [(s, _passage(text, s)) for s in spans]
        own = tuple(s for s, told in passages if not is_of_another(told, question, record))
        return replace(found, spans=own) if own else None

    def names_one(self, text: str, question: str, context: Context) -> bool:
        """Whether names alone tell that an `audit` of the same is certain (`NameTeller`)."""
        inner = self._inner
        return isinstance(inner, NameTeller) and inner.names_one(text, question, context)

    def joints(
        self, text: str, ends: Sequence[int], rests: Sequence[str], context: Context
    ) -> list[Joint]:
        """The joints over which a name or an exact fact may stand (`JointTeller`)."""
        every = [Joint(end, rest) for end in ends for rest in rests]
        inner = self._inner
        if not isinstance(inner, JointTeller):
            return every
        named = frozenset(inner.joints(text, ends, rests, context))
        return [j for j in every if j in named or self._tells_over(j, text, context)]

    def _tells_over(self, joint: Joint, text: str, context: Context) -> bool:
        """Whether an exact fact stands over a joint."""
        joined = joint.over(text)
        exact = self._exact(joined, context)
        return any(joint.lies_under(span, joined) for found in exact for span in found.spans)

    def sift(self, texts: Sequence[str], context: Context) -> list[bool]:
        """Which of many texts may tell of a target, exact facts included."""
        worth = self._inner.sift(texts, context)
        return [w or bool(self._exact(t, context)) for w, t in zip(worth, texts, strict=True)]

    def near(self, text: str, question: str, context: Context) -> tuple[Near, ...]:
        """The targets near a text: an exact fact is a leak, and never merely near."""
        return self._inner.near(text, question, context)

    def named(self, name: str, context: Context) -> tuple[str, ...]:
        """The targets that a name, standing by itself, is a name of."""
        return self._inner.named(name, context)

    def target(self, target_id: str) -> ForgetTarget:
        """The target with this id; raises `TargetNotFoundError`."""
        return self._inner.target(target_id)

    def refresh(self) -> None:
        """Make ready what has changed, and let go of what is not in force any more, as each text
        does that is judged."""
        self._current()

    def _exact(self, text: str, context: Context, asked: bool = False) -> tuple[Assessment, ...]:
        if not _TOLD_EXACTLY.search(text):
            return ()
        table = self._current()
        strong: dict[str, list[Span]] = {}
        weak: dict[str, dict[str, Span]] = {}
        for fact in facts_in(text, table.known) if table.keys else ():
            for target_id in table.keys.get(fact.key, ()):
                if fact.weak:
                    weak.setdefault(target_id, {})[fact.key] = fact.span
                else:
                    strong.setdefault(target_id, []).append(fact.span)
        for target_id, span in _run_hits(text, table):
            strong.setdefault(target_id, []).append(span)
        for target_id, dates in weak.items():
            days = [key for key in dates if not key.startswith(AMOUNT)]
            near = target_id in strong or target_id in context.sticky or len(days) > 1
            near = near or target_id in context.told
            if near or (days and not asked and _stands_alone(text)):
                strong.setdefault(target_id, []).extend(dates.values())
        return tuple(
            _assessment(target_id, spans, len(spans) - len(weak.get(target_id, ())))
            for target_id, spans in strong.items()
            if holds_in(table.namespaces[target_id], context.namespace)
        )

    def _current(self) -> _Table:
        """The table of the targets in force; only what is new is read."""
        if self._table.generation == self._targets.generation:
            return self._table
        with self._lock:
            generation = self._targets.generation
            targets = self._targets.targets()
            known = {
                t.id: self._known[t.id] if self._is_known(t) else (t, target_facts(t))
                for t in targets
            }
            self._known = known
            self._table = _table(generation, known.values())
            return self._table

    def _is_known(self, target: ForgetTarget) -> bool:
        return target.id in self._known and self._known[target.id][0] is target


def _table(generation: int, known: Iterable[tuple[ForgetTarget, Facts]]) -> _Table:
    by_key: dict[str, tuple[str, ...]] = {}
    by_word: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {}
    namespaces = {}
    records = {}
    for target, (keys, runs) in known:
        namespaces[target.id] = target.namespace
        record = record_of(target, keys, runs)
        if record is not None:
            records[target.id] = record
        for key in keys:
            by_key[key] = (*by_key.get(key, ()), target.id)
        for run in runs:
            by_word[run[0]] = (*by_word.get(run[0], ()), (run, target.id))
    every = [word for told in by_word.values() for run, _ in told for word in run]
    numbers = frozenset(_DIGITS.findall(" ".join(every)))
    asked = KnownFacts.of(by_key.keys())
    return _Table(generation, by_key, by_word, namespaces, asked, numbers, records)


def _run_hits(text: str, table: _Table) -> Iterable[tuple[str, Span]]:
    if table.numbers.isdisjoint(_DIGITS.findall(text)):
        return
    words = [word.lower() for word in _WORD.findall(text)]
    found = [
        (i, i + len(run) - 1, target_id)
        for i, word in enumerate(words)
        if word in table.runs
        for run, target_id in table.runs[word]
        if tuple(words[i : i + len(run)]) == run
    ]
    places = [m.span() for m in _WORD.finditer(text)] if found else []
    for first, last, target_id in found:
        yield target_id, Span(places[first][0], places[last][1])


def _passage(text: str, span: Span) -> str:
    """The sentences and lines in which a span stands."""
    around = [s for s in segments(text) if s.start < span.end and span.start < s.end]
    return text[around[0].start : around[-1].end] if around else text


def _stands_alone(text: str) -> bool:
    return len(_WORD.findall(text)) <= _ALONE_WORDS and not _NAME.search(text)


def _assessment(target_id: str, spans: list[Span], strong: int) -> Assessment:
    ordered = tuple(sorted(set(spans), key=lambda s: (s.start, s.end)))
    evidence = (Evidence("exact_facts", float(max(strong, 0))),)
    return Assessment(target_id, _SCORE, Band.LEAK, LeakKind.INDIRECT, ordered, evidence, ordered)


def _merged(told: tuple[Assessment, ...], exact: Iterable[Assessment]) -> tuple[Assessment, ...]:
    """One assessment a target, beside that of what is told of it by place; what the inner detector
    is sure of stands as it is."""
    by_place = [a for a in told if is_by_place(a)]
    by_id = {a.target_id: a for a in told if not is_by_place(a)}
    for found in exact:
        before = by_id.get(found.target_id)
        if before is None or before.band is not Band.LEAK:
            by_id[found.target_id] = found
    return tuple(sorted((*by_id.values(), *by_place), key=lambda a: -a.score))
