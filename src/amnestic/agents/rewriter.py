"""The rewriter: what may stay is kept, what belongs to a target goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from amnestic.agents.abstainer import worded_abstention
from amnestic.agents.auditor import LocalAuditor
from amnestic.agents.contracts import Case, VetVerdict
from amnestic.agents.general_words import general_word, with_general_greeting
from amnestic.agents.generalised import generalised
from amnestic.agents.own_evidence import as_echo, views
from amnestic.agents.stand_in import stand_in
from amnestic.agents.target_pronouns import pronouns_never
from amnestic.tools.detection import PrimedLeaks, is_by_place
from amnestic.tools.documents import cut, is_data, redact_whole, shapes_in
from amnestic.tools.index import known_words
from amnestic.tools.offload import offload
from amnestic.tools.prose import (
    Gender,
    Shape,
    dangling,
    gender_told,
    with_name_for_pronoun,
)
from amnestic.tools.protocols import Detector
from amnestic.tools.reading import is_common, segments
from amnestic.types import Band, Draft, Finding, ForgetTarget, LeakKind, Span, TargetKind

__all__ = ["LocalRewriter"]

_MANY = 64
_DEEPER = 2  # times that what is left is looked at as a whole and cut again
_SHORTEST = 4
_NAME_CHARS = 80
_NAME_WORDS = 8

Leaks = Callable[[str], bool]


class LocalRewriter:
    """Text operations only, no model call: trim the aside or list item that names the target, drop
    the sentences and lines that tell of it, or put a general word in the place of its name. What
    has a form (JSON, YAML, XML, tables, code) keeps it.

    A later round is harsher: it only drops, and judges each sentence without its question too.
    """

    def __init__(self, auditor: LocalAuditor, detector: Detector) -> None:
        self._auditor = auditor
        self._detector = detector

    async def rewrite(self, case: Case, count: int) -> tuple[str, ...]:
        """Distinct candidates that differ from the draft; empty when nothing useful is left."""
        return await offload(self._rewrite, case, count)

    def _rewrite(self, case: Case, count: int) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for candidate in self._candidates(case):
            left = self._without_dangling(candidate, case)
            if left.strip() and left != case.text:
                found[left] = None
            if len(found) == count:
                break
        return tuple(found)

    def _candidates(self, case: Case) -> Iterator[str]:
        look = self._first_look(case) if case.round == 0 else self._closer_look(case)
        leaks = PrimedLeaks(look)
        whole = redact_whole(case.text, leaks, _abstention(case))
        if whole is not None:
            yield whole if whole != case.text else _harsher(case)
            return
        names = _names(case)
        text = with_general_greeting(case.text, names)
        left = self._dropped(text, case, names, leaks)
        yield left
        if case.round:
            yield self._deeper(left, case, names)
            return
        if len(segments(text)) < 2:  # a lone "Someone wrote it." answers nothing
            return
        noun = general_word({t.kind for t in self._targets(case)}, text)
        if noun is not None:

            def shapes(new: str) -> Sequence[Shape]:
                return shapes_in(new, leaks, names)

            known = [known_words(target) for target in self._targets(case)]
            yield generalised(text, names, noun, known, shapes)

    def _dropped(self, text: str, case: Case, names: Sequence[str], leaks: Leaks) -> str:
        subject = self._gender(case)

        def heir(before: str, sentence: str) -> str | None:
            return with_name_for_pronoun(before, sentence, subject, lambda n: _is_named(n, names))

        certain = partial(self._leaks_for_certain, case=case)
        instead = stand_in(case)
        instead = "" if instead in text else instead  # it is said once, however often it is cut
        never = pronouns_never(self._targets(case))
        return cut(text, leaks, instead, names=names, heir=heir, certain=certain, never=never)

    def _without_dangling(self, left: str, case: Case) -> str:
        """A candidate without what speaks of that of which only the pieces told that went."""
        if is_data(case.text):
            return left
        names = _names(case)
        known = f"{case.verdict.said}\n{case.verdict.question}"
        again = dangling(case.text, left, names, self._people(case, names), known)
        if again is None:
            return left
        return cut(left, again, names=names, never=pronouns_never(self._targets(case)))

    def _deeper(self, left: str, case: Case, names: Sequence[str]) -> str:
        """What stays of a text in whose pieces nothing is found any more, and still something in
        all of it: without those that this stands in."""
        for _ in range(_DEEPER):
            found = {left[s.start : s.end].strip() for s in self._places_of_leaks(left, case)} - {
                ""
            }
            if not found:
                break
            left = self._dropped(left, case, names, partial(_stands_in, found=found))
        return left

    def _places_of_leaks(self, text: str, case: Case) -> Iterator[Span]:
        for (told,), verdict in views((Draft(text=text),), case.verdict):
            for leak in self._auditor.leaks(told.text, verdict.question, verdict.context):
                yield from leak.spans

    def _first_look(self, case: Case) -> Leaks:
        """Judge only the pieces in which the audit of the whole found something; with very many of
        those, take its word for it. What that misses, the critic's audit finds, and the next
        round judges every piece."""
        flagged = _flagged(case)
        if not flagged:
            return lambda piece: self._leaks(piece, case)
        many = _are_many(flagged, case.text)

        def leaks(piece: str) -> bool:
            inside = piece.strip()
            if not any(found in piece or inside in found for found in flagged):
                return False
            return many or self._leaks(piece, case)

        return leaks

    def _leaks(self, piece: str, case: Case) -> bool:
        """Whether a piece tells of a target; a word that all its records share does where it names
        one."""
        by_name = _is_shared_word(piece, case.text)
        return any(
            self._names_one(told.text, verdict)
            or any(
                not by_name or leak.named or leak.kind is LeakKind.DIRECT
                for leak in self._auditor.leaks(told.text, verdict.question, verdict.context)
            )
            for (told,), verdict in views((Draft(text=piece),), case.verdict)
        )

    def _names_one(self, piece: str, verdict: VetVerdict) -> bool:
        """Whether a piece names a target, as is seen at a glance, where its draft names one."""
        context = verdict.context
        return bool(context.named) and self._auditor.names_one(piece, verdict.question, context)

    def _leaks_for_certain(self, piece: str, case: Case) -> bool:
        """Whether a piece names a target, or tells of it for certain."""
        return any(
            self._names_one(told.text, verdict)
            or any(
                leak.named or leak.band is Band.LEAK
                for leak in self._auditor.leaks(told.text, verdict.question, verdict.context)
            )
            for (told,), verdict in views((Draft(text=piece),), case.verdict)
        )

    def _leaks_alone(self, piece: str, case: Case) -> bool:
        told = as_echo(piece, case.verdict)
        context = replace(case.verdict.context, told=frozenset())
        if self._names_one(told, replace(case.verdict, question="", context=context)):
            return True
        found = self._auditor.leaks(told, "", context)
        by_name = _is_shared_word(piece, case.text)
        return any(not by_name or leak.named or leak.kind is LeakKind.DIRECT for leak in found)

    def _closer_look(self, case: Case) -> Leaks:
        """Judge every piece, with its question and without; of very many that hold what the audit
        found, take its word for it."""
        flagged = _flagged(case)
        certain = flagged if _are_many(flagged, case.text) else set()

        def leaks(piece: str) -> bool:
            if any(found in piece for found in certain):
                return True
            return self._leaks(piece, case) or self._leaks_alone(piece, case)

        return leaks

    def _targets(self, case: Case) -> list[ForgetTarget]:
        return [self._detector.target(i) for i in {f.target_id for f in case.findings}]

    def _people(self, case: Case, names: Sequence[str]) -> list[str]:
        """Those of the targets' names that are of people."""
        people = {t.id for t in self._targets(case) if t.kind is TargetKind.PERSON}
        found = _pieces_found((f for f in case.findings if f.target_id in people), case.text)
        return [name for name in names if name in found]

    def _gender(self, case: Case) -> Gender | None:
        """By which pronouns the targets are known; `None` where they differ."""
        found = {gender_told((t.description, *t.facts)) for t in self._targets(case)}
        return found.pop() if len(found) == 1 else None


def _harsher(case: Case) -> str:
    """An answer with a form, in none of whose pieces alone a leak is found: what holds a piece that
    the audit of the whole found goes, or else everything."""
    flagged = _flagged(case)
    for leaks in (lambda piece: any(found in piece for found in flagged), lambda _: True):
        clean = redact_whole(case.text, leaks, _abstention(case))
        if clean is not None and clean != case.text:
            return clean
    return ""


def _flagged(case: Case) -> set[str]:
    """The pieces of the draft in which the audit found something."""
    return _pieces_found(case.findings, case.text)


def _pieces_found(findings: Iterable[Finding], text: str) -> set[str]:
    return {text[s.start : s.end].strip() for f in findings for s in f.spans} - {""}


def _stands_in(piece: str, found: Iterable[str]) -> bool:
    """Whether a piece holds one of what was found, or is a piece of it: half of it, or some words,
    and not the head of a column that stands in all of it."""
    inside = piece.strip()
    words = len(inside.split())
    return any(
        one in piece or (inside in one and (words >= _SHORTEST or 2 * len(inside) >= len(one)))
        for one in found
    )


def _is_shared_word(piece: str, text: str) -> bool:
    """Whether a piece is no more than one word that everybody uses, and that a text says several
    times, as the key of its records: an answer of a word is said once."""
    words = re.findall(r"\w+", piece)
    return len(words) == 1 and is_common(words[0].lower()) and text.count(words[0]) > 1


def _are_many(flagged: set[str], text: str) -> bool:
    return sum(map(text.count, flagged)) > _MANY


def _names(case: Case) -> list[str]:
    """The targets' names as they stand in the draft, longest first."""
    found = _pieces_found((f for f in case.findings if not is_by_place(f)), case.text)
    short = {n for n in found if len(n) <= _NAME_CHARS and len(n.split()) <= _NAME_WORDS}
    return sorted(short, key=len, reverse=True)


def _is_named(piece: str, names: Sequence[str]) -> bool:
    words = {w.lower() for name in names for w in re.findall(r"\w+", name)}
    return any(w.lower() in words for w in re.findall(r"\w+", piece))


def _abstention(case: Case) -> str:
    return worded_abstention(case.verdict.question)
