"""One judge of very many texts: which may tell of a target, and what may stay of those that do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from amnestic.agents.auditor import LocalAuditor
from amnestic.exceptions import ConfigurationError
from amnestic.scrubbing.chunks import chunks_of
from amnestic.tools.detection import PrimedLeaks
from amnestic.tools.documents import cut, redact_whole
from amnestic.tools.protocols import Context, Sifter
from amnestic.types import Assessment, LeakKind, Policy

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["Cleaned", "Finder", "Judge"]

Found = Sequence[Assessment]
Leaks = Callable[[str], bool]

_HALF = re.compile(r"[\ud800-\udfff]")
_BEFORE = r"(?:(?<!\w)|(?<=\\[nrt]))"  # a name; the letter of an escape is none of a word
_KEPT_CHARS = 8_000_000
_READ_CHARS = 300_000  # of sentences that were read, which take some sixty bytes a letter
_VALUE_WORDS = 3
_NAME_CHARS, _NAME_WORDS = 80, 8


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What may stay of a text, and of which targets (by id) the rest told."""

    text: str
    targets: tuple[str, ...] = ()


class _Read(dict[str, object]):
    """Sentences as they were read: what is sifted is audited behind it, and audited again when a
    piece of it went. They are let go of where they come to much."""

    def __init__(self) -> None:
        super().__init__()
        self._chars = 0

    def __setitem__(self, text: str, read: object) -> None:
        self._chars += len(text)
        if self._chars > _READ_CHARS:
            self.clear()
            self._chars = len(text)
        super().__setitem__(text, read)


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
        self._context = Context(namespace, bulk=True, arrived=_Read())
        self._near: dict[str, bool] = {}
        self._chars = 0

    @classmethod
    def of(cls, amnesia: Amnesia) -> Judge:
        """A judge by the targets that are in force in a layer now. Make one for each batch: it
        keeps what it has found out. Raises as a request to the layer does."""
        parts, settings = amnesia.parts, amnesia.settings
        parts.store.refresh()
        detector = parts.detector
        if not isinstance(detector, Sifter):
            raise ConfigurationError("the layer's detector judges single texts, not many together")
        return cls(detector, settings.policy, settings.namespace)

    def sift(self, texts: Sequence[str]) -> list[bool]:
        """Which of the texts may tell of a target. What was said is kept for a while: keys and
        values of records come again and again, and so does a text that is cut."""
        texts = [_plain(t) for t in texts]
        unknown = list(dict.fromkeys(t for t in texts if t not in self._near))
        if self._chars > _KEPT_CHARS:
            self._near.clear()
            self._chars = 0
            unknown = list(dict.fromkeys(texts))
        if not unknown:
            return [self._near[t] for t in texts]
        self._chars += sum(map(len, unknown))
        pieces = [(t, piece) for t in unknown for piece in chunks_of(t)]
        worth = self._detector.sift([piece for _, piece in pieces], self._context)
        near = {t for (t, _), is_near in zip(pieces, worth, strict=True) if is_near}
        self._near.update((t, t in near) for t in unknown)
        return [self._near[t] for t in texts]

    def found(self, text: str, sticky: Mapping[str, float] | None = None) -> tuple[str, ...]:
        """The targets of which a text tells, that stands behind what told of the `sticky` ones. A
        value of a word or two ("Lisbon") tells of one only where it is a name or an identifier of
        it: the same town stands in everybody's records."""
        context = replace(self._context, sticky=sticky or {})
        pieces = chunks_of(_plain(text))
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
        for piece in chunks_of(_plain(text)):
            clean = self._clean_piece(piece, context)
            kept.append(clean.text)
            targets |= dict.fromkeys(clean.targets)
        return Cleaned("".join(kept), tuple(targets)) if targets else Cleaned(text)

    def _clean_piece(self, text: str, context: Context) -> Cleaned:
        """What may stay of a page. An audit says where a target is told of, and the pieces there
        go; that is done again with what is left, since a name hides what else tells. Where that
        comes to no end every piece is judged by itself, and if that does not help nothing stays."""
        targets: dict[str, None] = {}
        left = text
        for look in (self._where_found, self._where_found, self._where_found, self._piece_by_piece):
            if not left.strip():
                return Cleaned("", tuple(targets))
            if not context.sticky and not any(self.sift([left])):
                break
            found = self._auditor.leaks(left, "", context)
            if not found:
                break
            targets |= dict.fromkeys(a.target_id for a in found)
            left = _without(left, look(left, found, context), _names(left, found))
        else:
            left = "" if self._auditor.leaks(left, "", context) else left
        return Cleaned(left if left.strip() else "", tuple(targets)) if targets else Cleaned(text)

    def _where_found(self, text: str, found: Found, context: Context) -> Leaks:
        """Whether a piece holds a name that was found, or is a part of what was found to tell."""
        named = {text[s.start : s.end] for a in found for s in a.named}
        told = {text[s.start : s.end].strip() for a in found if not a.named for s in a.spans}
        either = "|".join(map(re.escape, sorted(named, key=len, reverse=True)))
        name = re.compile(rf"{_BEFORE}(?:{either})(?!\w)" if named else r"(?!)")

        def leaks(piece: str) -> bool:
            inside = piece.strip()
            return bool(name.search(piece)) or any(t in piece or inside in t for t in told if t)

        return leaks

    def _piece_by_piece(self, text: str, found: Found, context: Context) -> Leaks:
        named = frozenset(a.target_id for a in found if a.kind is LeakKind.DIRECT)
        beside = replace(context, named=named)
        return lambda piece: bool(self._auditor.leaks(piece, "", beside))


class Finder(Judge):
    """A judge that only says where targets stand: nothing is cut, so that it is done sooner."""

    def cleaned(self, text: str, sticky: Mapping[str, float] | None = None) -> Cleaned:
        """Nothing of a text that tells of a target, and of which."""
        found = self.found(text, sticky)
        return Cleaned("", found) if found else Cleaned(text)


def _plain(text: str) -> str:
    """A text whose halves of letters, which no encoding has, are marks of what is not known.

    >>> _plain("a\\ud800b")
    'a\ufffdb'
    """
    return _HALF.sub("\ufffd", text)


def _names(text: str, found: Found) -> list[str]:
    """The names of targets as they stand in a text, longest first."""
    told = {text[s.start : s.end].strip() for a in found for s in (*a.spans, *a.named)}
    short = (n for n in told if n and len(n) <= _NAME_CHARS and len(n.split()) <= _NAME_WORDS)
    return sorted(short, key=len, reverse=True)


def _without(text: str, look: Leaks, names: Sequence[str]) -> str:
    leaks = PrimedLeaks(look)
    whole = redact_whole(text, leaks)
    if whole is not None:
        return whole
    inner = text.strip()
    start = text.index(inner)
    return text[:start] + cut(inner, leaks, names=names) + text[start + len(inner) :]
