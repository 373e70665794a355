"""What one request has spent on agents: calls and tokens, bounded and counted."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from amnestic.exceptions import ModelError
from amnestic.types import Assessment, Usage

__all__ = ["Entry", "Ledger", "current_ledger", "open_ledger"]


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
    could be made to say whom they tell of, `identified` the targets that one has named. `probes`
    are the calls by which was found out what a model can do: they are nobody's share of the
    request's tokens. `assessed` holds what detectors have said in this request, by the hash of
    what it was said of.
    """

    dropped: int = 0
    too_long: int = 0
    unidentified: int = 0
    identified: set[str] = field(default_factory=set)
    probes: list[Entry] = field(default_factory=list)
    assessed: dict[bytes, tuple[Assessment, ...]] = field(default_factory=dict)
    _spent: dict[tuple[str, str], tuple[int, Usage]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def book(self, agent: str, model: str, usage: Usage) -> None:
        """Count one call."""
        with self._lock:
            calls, before = self._spent.get((agent, model), (0, Usage()))
            self._spent[agent, model] = (calls + 1, before + usage)

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
def open_ledger() -> Iterator[Ledger]:
    """Count what is spent inside the block.

    >>> with open_ledger() as ledger:
    ...     current_ledger().book("critic", "some-model", Usage(10, 2))
    >>> ledger.calls, ledger.tokens
    (1, 12)
    """
    ledger = Ledger()
    token = _current.set(ledger)
    try:
        yield ledger
    finally:
        _current.reset(token)
