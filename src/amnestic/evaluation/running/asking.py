"""Asking one system everything, so many questions at a time, and keeping every reply at once."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from amnestic.evaluation.contract import Answer, Probe, Record, System
from amnestic.evaluation.running.caching import saved_seconds
from amnestic.evaluation.running.folder import Place, RunFolder
from amnestic.evaluation.running.plan import Plan
from amnestic.evaluation.scoring import BARE, as_read, nearness
from amnestic.exceptions import AmnesticError, RunError

__all__ = ["Stopped", "ask_all"]

_BATCH, _WAIT = 32, 2.0
_IN_A_ROW = 5  # failures after which a model is taken to be gone

Task = tuple[Probe, int, int]


class Stopped(AmnesticError):
    """A system failed so many times in a row that it is asked no more."""


@dataclass(slots=True)
class _Kept:
    """Replies that are written in batches; `flush` puts them on the disk."""

    folder: RunFolder
    pending: list[Record] = field(default_factory=list)
    since: float = field(default_factory=time.monotonic)

    def add(self, record: Record) -> None:
        self.pending.append(record)
        if len(self.pending) >= _BATCH or time.monotonic() - self.since > _WAIT:
            self.flush()

    def flush(self) -> None:
        pending, self.pending, self.since = self.pending, [], time.monotonic()
        self.folder.records.add(record.as_row() for record in pending)


async def ask_all(
    plan: Plan,
    folder: RunFolder,
    name: str,
    system: System,
    tasks: Sequence[Task],
    bare: Mapping[Place, Record],
    told: Callable[[Record], None],
) -> None:
    """Ask a system all `tasks`; each reply is told and kept, those before a failure or a stop too.

    Args:
        bare: what the bare model replied, by place; the system's own replies are held against it.

    Raises `Stopped` where the system fails several times in a row, `RunError` where replies cannot
    be kept.
    """
    left, kept, failures = deque(tasks), _Kept(folder), [0]

    async def work() -> None:
        while left and failures[0] < _IN_A_ROW:
            probe, seed, sample = left.popleft()
            await asyncio.sleep(0)  # so that a stop is heard, though a system computes in this loop
            if plan.search is not None and probe.metadata.get("budget"):
                record = await searched(plan, name, system, probe, seed)
            else:
                record = await asked(plan, name, system, probe, seed, sample)
            failures[0] = failures[0] + 1 if record.error else 0
            record = _held(record, bare.get(("", *record.place[1:])))
            kept.add(record)
            told(record)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(max(1, min(system.concurrency, plan.request.parallel))):
                group.create_task(work())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    finally:
        kept.flush()
    if failures[0] >= _IN_A_ROW:
        raise Stopped(f"{name!r} failed {_IN_A_ROW} times in a row, at last with: {_last(folder)}")


def _last(folder: RunFolder) -> str:
    from amnestic.evaluation.running.lines import read_lines

    errors = [row["error"] for _, row in read_lines(folder.records.file) if row.get("error")]
    return str(errors[-1]) if errors else "no word of why"


async def asked(
    plan: Plan, name: str, system: System, probe: Probe, seed: int, sample: int
) -> Record:
    """One reply, or the error in its place. Raises `RunError` where bare answers cannot be kept."""
    where: dict[str, Any] = {"system": name, "probe": probe.key, "seed": seed, "sample": sample}
    try:
        with saved_seconds() as saved:
            answer = await system.answer(probe.messages, plan.options_of(probe, seed, sample))
    except RunError:
        raise
    except AmnesticError as error:
        return Record(**where, error=_line(str(error)))
    except Exception as error:  # noqa: BLE001 - a system may raise anything; the others go on
        return Record(**where, error=f"{type(error).__name__} in the system's code")
    return _record(where, answer, sum(saved))


async def searched(plan: Plan, name: str, system: System, probe: Probe, seed: int) -> Record:
    """The reply to which a search came nearest, at the cost of all of it: calls, tokens and seconds
    of every question; the added time is that of the reply itself."""
    assert plan.search is not None
    search = plan.search(probe, seed)
    best: tuple[float, Record] | None = None
    spent: list[Record] = []
    while (variant := search.propose()) is not None:
        record = await asked(plan, name, system, variant, seed, 0)
        if record.error:
            return record.model_copy(update={"probe": probe.key})
        score = nearness(record, variant)
        search.tell(score)
        spent.append(record)
        if best is None or score > best[0]:
            best = score, record.model_copy(update={"text": as_read(record.text, variant)})
        await asyncio.sleep(0)
    if best is None:
        return await asked(plan, name, system, probe, seed, 0)
    known = all(record.tokens >= 0 for record in spent)
    costs = {
        "probe": probe.key,
        "calls": sum(record.calls for record in spent),
        "tokens": sum(record.tokens for record in spent) if known else -1,
        "seconds": round(sum(record.seconds for record in spent), 6),
    }
    return best[1].model_copy(update=costs)


def _record(where: Mapping[str, Any], answer: Answer, saved: float) -> Record:
    return Record(
        **where,
        text=answer.text,
        channels=dict(answer.channels),
        calls=answer.calls,
        tokens=answer.tokens,
        seconds=round(answer.seconds + saved, 6),
        added=round(answer.added, 6),
        route=answer.route,
    )


def _held(record: Record, bare: Record | None) -> Record:
    """A record with whether it is the bare model's own reply."""
    if record.system == BARE and not record.error:
        return record.model_copy(update={"bare": True})
    if record.error or bare is None or bare.error:
        return record
    same = (record.text, dict(record.channels)) == (bare.text, dict(bare.channels))
    return record.model_copy(update={"bare": same})


def _line(text: str) -> str:
    return " ".join(text.split())[:300]
