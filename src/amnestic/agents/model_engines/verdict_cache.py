"""Verdicts by the hash of what they were about. Holds ids, numbers and places, and no text."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b

from amnestic.types import LeakKind, Span

__all__ = ["Told", "VerdictCache"]


@dataclass(frozen=True, slots=True)
class Told:
    """That a text tells something of a target, where, and how sure the judge is; `placed` says that
    all that was quoted was found in the text."""

    kind: LeakKind
    confidence: float
    spans: tuple[Span, ...] = ()
    placed: bool = False

    def joined(self, other: Told) -> Told:
        """What two passages of a text tell of one target; the kind is that of the other."""
        return Told(
            other.kind,
            max(self.confidence, other.confidence),
            (*self.spans, *other.spans),
            self.placed and other.placed,
        )


class VerdictCache:
    """Remembers whether a text tells something of a target, as a judge said.

    Keys are hashes of the namespace, the judge's name, the target with its card, the question and
    the text, so that a changed target is judged anew, and nothing crosses from one tenant to
    another. Safe to use from several threads.

    >>> cache = VerdictCache(size=2)
    >>> key = cache.key("judge", "t1", "card", "Who?", "She did.")
    >>> cache.remember(key, None)
    >>> cache.find(key), cache.find(b"other")
    ((None,), None)
    """

    def __init__(self, size: int = 8192) -> None:
        self._size = size
        self._kept: OrderedDict[bytes, Told | None] = OrderedDict()
        self._lock = threading.Lock()

    @staticmethod
    def key(*parts: str) -> bytes:
        """The hash of what a verdict is about."""
        digest = blake2b(digest_size=24)
        for part in parts:
            raw = part.encode("utf-8", "surrogatepass")
            digest.update(len(raw).to_bytes(8, "big") + raw)
        return digest.digest()

    def find(self, key: bytes) -> tuple[Told | None] | None:
        """The verdict in a tuple, where `None` says that nothing is told; `None` if unknown."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return (self._kept[key],)

    def remember(self, key: bytes, told: Told | None) -> None:
        """Keep a verdict; the oldest unused one goes when the cache is full."""
        with self._lock:
            self._kept[key] = told
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
