"""What one request has spent on agents: calls and tokens, bounded and counted."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from amnestic.agents.contracts import Rating
from amnestic.exceptions import ModelError
from amnestic.types import Assessment, Usage

__all__ = ["Entry", "Ledger", "OutOfCalls", "current_ledger", "open_ledger"]


class OutOfCalls(Exception):
    """A request has made the calls that it may make, or may make none; its local engines go on."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Calls that one agent made of one model, and their tokens."""

    agent: str
    model: str
    calls: int
    usage: Usage


@dataclass(slots=True)
class Ledger:
    """The account of one request.

    It travels in a context variable: the crew is shared by all requests, and its calls must be
    counted for the one that they were made for. `dropped` counts the quotes of judges that did not
    stand in the text they were said to be from, `too_long` the drafts that no model could be shown
    and that were mended by the local engines alone, `unidentified` the texts of which no model
    could be made to say whom they tell of. `probes` are the calls by which was found out
    what a model can do: they are nobody's share of the request's tokens. `assessed` holds what
    detectors have said in this request, by the hash of what it was said of; `cleared` the sentences
    in which judges have found nothing, by target; `marks` what a model gave each version, by its
    hash, and `doubted` whether one saw in a version what the detectors did not; `accepted` are the
    hashes of versions that the local critic has accepted in a model's place. `fallen` says which
    agents' models failed, so that local engines went on. `answers` is how many choices the request
    has, each of which may have the calls of one, and `asked` how many calls were asked for.
    `sealed` says that the request has met a sealed target: from then on no agents' model is asked.
    `namespace` is whose request it is: what is remembered beyond it never crosses over.
    """

    namespace: str = ""
    dropped: int = 0
    too_long: int = 0
    answers: int = 1
    asked: int = 0
    sealed: bool = False
    fallen: list[str] = field(default_factory=list)
    cleared: dict[str, set[str]] = field(default_factory=dict)
    doubted: bool = False
    accepted: set[bytes] = field(default_factory=set)
    marks: dict[bytes, Rating] = field(default_factory=dict)
    unidentified: int = 0
    probes: list[Entry] = field(default_factory=list)
    assessed: dict[bytes, tuple[Assessment, ...]] = field(default_factory=dict)
    _spent: dict[tuple[str, str], tuple[int, Usage]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def book(self, agent: str, model: str, usage: Usage) -> None:
        """Count one call."""
        with self._lock:
            calls, before = self._spent.get((agent, model), (0, Usage()))
            self._spent[agent, model] = (calls + 1, before + usage)

    def calls_left(self, bound: int) -> int:
        """How many more verdicts may be asked for, of `bound` for each answer. A call that is tried
        again after a lost connection is one."""
        if self.sealed:
            return 0
        return max(bound * self.answers - self.asked, 0)

    def take_call(self, bound: int) -> None:
        """Count a verdict that is asked for; raises `OutOfCalls` when there is none left."""
        with self._lock:
            if not self.calls_left(bound):
                raise OutOfCalls
            self.asked += 1

    def fall_back(self, agent: str, error: Exception) -> None:
        """Note that an agent's model failed and its local engine does the work."""
        with self._lock:
            self.fallen.append(f"{agent}: {type(error).__name__}: {error}")

    def drop(self, quotes: int) -> None:
        """Count quotes that were dropped."""
        with self._lock:
            self.dropped += quotes

    def leave_out(self) -> None:
        """Count a draft that was too long for the models."""
        with self._lock:
            self.too_long += 1

    def leave_unidentified(self) -> None:
        """Count a text for which no model gave a list of names."""
        with self._lock:
            self.unidentified += 1

    def probed(self, entries: Iterable[Entry]) -> None:
        """Count calls that found out what a model can do."""
        with self._lock:
            self.probes.extend(entries)

    @property
    def probe_calls(self) -> int:
        """Calls that found out what a model can do."""
        return sum(entry.calls for entry in self.probes)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What was spent, by agent and model."""
        with self._lock:
            spent = dict(self._spent)
        return tuple(Entry(*who, calls, usage) for who, (calls, usage) in spent.items())

    @property
    def calls(self) -> int:
        """Calls of agent models."""
        return sum(entry.calls for entry in self.entries)

    @property
    def tokens(self) -> int:
        """Tokens of agent models, read and written."""
        return sum(e.usage.input_tokens + e.usage.output_tokens for e in self.entries)

    def check(self, needed: int, bound: int) -> None:
        """Raise `ModelError` when `needed` more tokens would go over `bound`."""
        if self.tokens + needed > bound:
            raise ModelError(
                f"the agents of this request may use {bound} tokens and need more: "
                "raise `agent_tokens` or shorten the request"
            )


_current: ContextVar[Ledger | None] = ContextVar("amnestic_ledger", default=None)


def current_ledger() -> Ledger:
    """The ledger of the request that is being served; a stray one outside any request."""
    return _current.get() or Ledger()


@contextmanager
def open_ledger(namespace: str = "") -> Iterator[Ledger]:
    """Count what is spent inside the block.

    >>> with open_ledger() as ledger:
    ...     current_ledger().book("critic", "some-model", Usage(10, 2))
    >>> ledger.calls, ledger.tokens
    (1, 12)
    """
    ledger = Ledger(namespace)
    token = _current.set(ledger)
    try:
        yield ledger
    finally:
        _current.reset(token)
