"""Identification: a text near a target that names nobody is found by whom a model says it is about.

The model is told of no target, and its answer is matched here, by names alone (design.md §5).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from amnestic.agents.contracts import Ask, Named, Vet, VetVerdict
from amnestic.agents.roles import Identifier
from amnestic.tools.offload import offload
from amnestic.tools.protocols import Context, Near, Surveyor
from amnestic.tools.reading import is_abstention, novel, read, words_in
from amnestic.types import Draft, Evidence, Finding, LeakKind, Span, stands_alone

__all__ = ["Identification"]

_CONFIDENCE = 0.9
_EVIDENCE = (Evidence("identified", 1.0),)
_MAX_DRAFT = 12_000  # characters that the prompt shows whole
_AROUND = 300  # characters shown on each side of a passage of a text that is too long
_CUT = "\n[…]\n"


@dataclass(frozen=True, slots=True)
class _Open:
    """A channel of a choice in which the audit found nothing, and the targets that it is near."""

    choice: int
    channel: str
    text: str
    near: tuple[Near, ...]


class Identification:
    """Finds what question and drafts tell of without naming it.

    A model is asked only where a question or a draft is near a target: the vetter suspected
    something, the conversation has been about a target, or the detector's survey finds one near;
    or else always, for the survey sees no text that tells of a target in words of its own.
    What the audit has found already is not asked again, nor is a draft that only says that it does
    not know, nor what takes a draft's place; nor anything where the conversation has told of a
    sealed target.

    Args:
        detector: says what is near, and whose a name is.
        identifier: asks the model.
        always: whether it is asked of what is near no target, too.
    """

    def __init__(self, detector: Surveyor, identifier: Identifier, *, always: bool = False) -> None:
        self._detector = detector
        self._identifier = identifier
        self._always = always

    async def findings(
        self,
        choices: Sequence[Draft],
        verdict: VetVerdict,
        found: Sequence[Finding] = (),
        ask: Ask | None = None,
    ) -> tuple[Finding, ...]:
        """What the channels that are not among `found` tell of targets, one call for each choice.

        What the model names for the question alone counts for a draft that it names nothing for,
        as "In 1985." tells of what was asked for.
        """
        if verdict.sealed:
            return ()
        open_ = await offload(self._open, choices, verdict, found)
        told = await asyncio.gather(
            *(self._of_choice(parts, verdict, ask) for parts in _by_choice(open_))
        )
        return tuple(finding for findings in told for finding in findings)

    def is_near(self, text: str, verdict: VetVerdict) -> bool:
        """Whether a text is near a target, so that nothing of it may leave before it was asked
        about."""
        near = self._detector.near
        return self._always or bool(near(text, verdict.question, verdict.context))

    def _open(
        self, choices: Sequence[Draft], verdict: VetVerdict, found: Sequence[Finding]
    ) -> list[_Open]:
        taken = {(f.choice, f.channel) for f in found}
        suspect = verdict.vet is not Vet.CLEAR
        open_ = []
        for i, draft in enumerate(choices):
            for channel, text in draft.channels():
                if (i, channel) in taken:
                    continue
                question = "" if stands_alone(channel) else verdict.question
                near = self._detector.near(text, question, verdict.context)
                wanted = near or ((suspect or self._always) and channel != "beside")
                if wanted and not _says_nothing(text, verdict.question):
                    open_.append(_Open(i, channel, text, near))
        return open_

    async def _of_choice(
        self, parts: Sequence[_Open], verdict: VetVerdict, ask: Ask | None
    ) -> list[Finding]:
        draft = "\n\n".join(_shown(part, _MAX_DRAFT // len(parts)) for part in parts)
        named = await self._identifier.identify(verdict.question, draft, verdict.context.cue, ask)
        if named is None:
            return []
        return await offload(self._told, parts, named, verdict.context)

    def _told(self, parts: Sequence[_Open], named: Named, context: Context) -> list[Finding]:
        near = [n for part in parts for n in part.near]
        whose = self._matched(named.draft or named.question, near, context)
        return [
            _finding(part, target_id, names)
            for target_id, names in whose.items()
            for part in _where(parts, target_id)
        ]

    def _matched(
        self, names: Iterable[str], near: Sequence[Near], context: Context
    ) -> dict[str, list[str]]:
        """The targets that names are names of, with those names. Of a target with exceptions more
        is wanted than its name: something in the text that is near it and not excepted."""
        whose: dict[str, list[str]] = {}
        for name in names:
            for target_id in self._detector.named(name, context):
                whose.setdefault(target_id, []).append(name)
        close = {n.target_id for n in near}
        return {
            target_id: own
            for target_id, own in whose.items()
            if target_id in close or not self._detector.target(target_id).exceptions
        }


def _says_nothing(text: str, question: str) -> bool:
    """Whether a text is empty, or says no more than that its speaker does not know."""
    if not text.strip():
        return True
    added = novel(words_in(read(text)), words_in(read(question)))
    return is_abstention(text, added)


def _by_choice(open_: Iterable[_Open]) -> list[list[_Open]]:
    parts: dict[int, list[_Open]] = {}
    for part in open_:
        parts.setdefault(part.choice, []).append(part)
    return list(parts.values())


def _shown(part: _Open, limit: int) -> str:
    """The text, or of one that is too long the passages that are near a target, with what stands
    around them; the prompt itself shortens what is still too long."""
    text = part.text
    spans = sorted({(s.start, s.end) for near in part.near for s in near.spans})
    if len(text) <= limit or not spans:
        return text
    pieces: list[Span] = []
    for start, end in spans:
        piece = Span(max(0, start - _AROUND), min(len(text), end + _AROUND))
        if pieces and piece.start <= pieces[-1].end:
            pieces[-1] = replace(pieces[-1], end=max(piece.end, pieces[-1].end))
        else:
            pieces.append(piece)
    return _CUT.join(text[p.start : p.end] for p in pieces)


def _where(parts: Sequence[_Open], target_id: str) -> Sequence[_Open]:
    """The channels in which a target is told of: those near it, or all where none is."""
    near = [p for p in parts if any(n.target_id == target_id and n.spans for n in p.near)]
    return near or parts


def _finding(part: _Open, target_id: str, names: Sequence[str]) -> Finding:
    named = [span for name in names for span in _places(name, part.text)]
    like = [s for near in part.near if near.target_id == target_id for s in near.spans]
    spans = {(s.start, s.end) for s in (*named, *like)} or {(0, len(part.text))}
    kind = LeakKind.DIRECT if named else LeakKind.INDIRECT
    places = tuple(Span(*place) for place in sorted(spans))
    return Finding(target_id, part.choice, part.channel, kind, _CONFIDENCE, places, _EVIDENCE)


def _places(name: str, text: str) -> list[Span]:
    """Where a listed name stands in the text as it is listed."""
    at, places = text.find(name), []
    while at >= 0:
        places.append(Span(at, at + len(name)))
        at = text.find(name, at + len(name))
    return places
