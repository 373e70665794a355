"""One judge of very many texts: which may tell of a target, and what may stay of those that do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from amnestic.agents.auditor import LocalAuditor
from amnestic.scrubbing.chunks import chunks_of
from amnestic.tools.detection import PrimedLeaks
from amnestic.tools.documents import cut, redact_whole
from amnestic.tools.protocols import Context, Sifter
from amnestic.types import Assessment, LeakKind, Policy

__all__ = ["Cleaned", "Finder", "Judge"]

_KEPT = 50_000
_SHORT = 200
_VALUE_WORDS = 3
_NAME_CHARS, _NAME_WORDS = 80, 8


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What may stay of a text, and of which targets (by id) the rest told."""

    text: str
    targets: tuple[str, ...] = ()


class Judge:
    """Decides as the layer does of a tool's result, for texts of which nearly all are far from
    every target: those cost a look at their words. Texts that are given together to `sift` are
    embedded together as far as they need it.

    Args:
        detector: finds what a text tells.
        policy: whether what is uncertain counts.
        namespace: whose targets are in force.
    """

    def __init__(self, detector: Sifter, policy: Policy, namespace: str) -> None:
        self._detector = detector
        self._auditor = LocalAuditor(detector, policy)
        self._context = Context(namespace, bulk=True)
        self._far: dict[str, bool] = {}

    def sift(self, texts: Sequence[str]) -> list[bool]:
        """Which of the texts may tell of a target. What was said of a short one is kept, since
        keys and values of records come again and again."""
        unknown = list(dict.fromkeys(t for t in texts if t not in self._far and t.strip()))
        pieces = [(t, piece) for t in unknown for piece in chunks_of(t)]
        worth = self._detector.sift([piece for _, piece in pieces], self._context)
        near = {t for (t, _), is_near in zip(pieces, worth, strict=True) if is_near}
        if len(self._far) > _KEPT:
            self._far.clear()
        self._far.update((t, t not in near) for t in unknown if len(t) <= _SHORT)
        return [t in near or not self._far.get(t, True) for t in texts]

    def found(self, text: str, sticky: Mapping[str, float] | None = None) -> tuple[str, ...]:
        """The targets of which a text tells, that stands behind what told of the `sticky` ones. A
        value of a word or two ("Lisbon") tells of one only where it is a name or an identifier of
        it: the same town stands in everybody's records."""
        context = replace(self._context, sticky=sticky or {})
        pieces = chunks_of(text)
        found = (a for p in pieces for a in self._auditor.leaks(p, "", context))
        is_value = len(text.split()) <= _VALUE_WORDS
        return tuple(dict.fromkeys(a.target_id for a in found if a.named or not is_value))

    def leaks(self, sticky: Mapping[str, float] | None = None) -> PrimedLeaks:
        """Whether a piece tells of a target, found out once for each."""

        def leaks(text: str) -> bool:
            if not sticky and not any(self.sift([text])):
                return False
            return bool(self.found(text, sticky))

        return PrimedLeaks(leaks)

    def cleaned(self, text: str, sticky: Mapping[str, float] | None = None) -> Cleaned:
        """What may stay of a text: the smallest pieces of it go that tell of a target (a sentence,
        an item, a row, an element), with what leans on them; every other byte stays. Of a part of
        which that cannot be reached nothing stays."""
        context = replace(self._context, sticky=sticky or {})
        kept: list[str] = []
        targets: dict[str, None] = {}
        for piece in chunks_of(text):
            clean = self._clean_piece(piece, context)
            kept.append(clean.text)
            targets |= dict.fromkeys(clean.targets)
        return Cleaned("".join(kept), tuple(targets)) if targets else Cleaned(text)

    def _clean_piece(self, text: str, context: Context) -> Cleaned:
        if not context.sticky and not any(self.sift([text])):
            return Cleaned(text)
        found = self._auditor.leaks(text, "", context)
        if not found:
            return Cleaned(text)
        targets = tuple(a.target_id for a in found)
        direct = frozenset(a.target_id for a in found if a.kind is LeakKind.DIRECT)
        beside = replace(context, named=direct)
        flagged = _flagged(text, found)
        names = [n for n in flagged if len(n) <= _NAME_CHARS and len(n.split()) <= _NAME_WORDS]
        for look in (self._first_look(flagged, beside), self._closer_look(beside)):
            left = _without(text, look, sorted(names, key=len, reverse=True))
            if not left.strip():
                return Cleaned("", targets)
            if left != text and not self._auditor.leaks(left, "", context):
                return Cleaned(left, targets)
        return Cleaned("", targets)

    def _first_look(self, flagged: Sequence[str], context: Context) -> Callable[[str], bool]:
        """Judge only the pieces in which the audit of the whole found something."""

        def leaks(piece: str) -> bool:
            inside = piece.strip()
            if not any(found in piece or inside in found for found in flagged):
                return False
            return bool(self._auditor.leaks(piece, "", context))

        return leaks

    def _closer_look(self, context: Context) -> Callable[[str], bool]:
        return lambda piece: bool(self._auditor.leaks(piece, "", context))


class Finder(Judge):
    """A judge that only says where targets stand: nothing is cut, so that it is done sooner."""

    def cleaned(self, text: str, sticky: Mapping[str, float] | None = None) -> Cleaned:
        """Nothing of a text that tells of a target, and of which."""
        found = self.found(text, sticky)
        return Cleaned("", found) if found else Cleaned(text)


def _flagged(text: str, found: Sequence[Assessment]) -> list[str]:
    """The pieces of a text in which an audit found something."""
    pieces = (text[s.start : s.end].strip() for a in found for s in (*a.spans, *a.named))
    return list(dict.fromkeys(p for p in pieces if p))


def _without(text: str, look: Callable[[str], bool], names: Sequence[str]) -> str:
    leaks = PrimedLeaks(look)
    whole = redact_whole(text, leaks)
    if whole is not None:
        return whole
    inner = text.strip()
    start = text.index(inner)
    return text[:start] + cut(inner, leaks, names=names) + text[start + len(inner) :]
