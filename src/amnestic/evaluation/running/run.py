"""Making a run: every system prepared and asked, everything kept as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from amnestic.evaluation.contract import Record, System
from amnestic.evaluation.running.asking import Stopped, Task, ask_all
from amnestic.evaluation.running.caching import BareAnswers
from amnestic.evaluation.running.folder import Place, Run, RunFolder, read_run, working_on
from amnestic.evaluation.running.manifest import Manifest, SystemState, machine
from amnestic.evaluation.running.plan import Plan, Progress, Source, Step
from amnestic.evaluation.running.rows import content_hash, row_of
from amnestic.evaluation.scoring import BARE, KIND, LISTED, STRANGER
from amnestic.exceptions import AmnesticError, RunError

__all__ = ["make_run"]


def _silent(_: Step) -> None:
    return None


async def make_run(plan: Plan, path: Path, progress: Progress = _silent) -> Manifest:
    """Make a run in a folder, or go on with the one that is there: a reply that exists is not asked
    for again, an error is.

    A system that cannot be made or prepared, or that fails several times in a row, is given up with
    a line in the manifest, and the others go on. Cancelling keeps what was measured.

    Raises `RunError` where the folder cannot be used or written, or holds a run of something else.
    """
    fresh = Manifest(
        request=plan.request,
        data_name=plan.data.name,
        data_hash=content_hash(plan.data),
        notes=plan.data.notes,
        subjects={s.id: s.name for s in plan.data.subjects},
        systems=tuple(SystemState(name=s.name, description=s.description) for s in plan.sources),
        machine=machine(),
        begun=_now(),
    )
    with working_on(path, fresh) as folder:
        _put_probes(plan, folder, fresh)
        probes = [probe for probe, _ in plan.probes.values()]
        timed = [p.messages for p in probes if p.metadata.get(KIND) in (LISTED, STRANGER)]
        answers = BareAnswers.of([p.messages for p in probes], folder.bare, timed)
        making = _Making(plan, folder, answers, progress, _known(read_run(path)))
        try:
            for source in _bare_first(plan.sources):
                await making.one(source)
        except asyncio.CancelledError:
            making.end()
            raise
        making.end()
        return folder.manifest


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _bare_first(sources: tuple[Source, ...]) -> list[Source]:
    return sorted(sources, key=lambda source: source.name != BARE)


def _put_probes(plan: Plan, folder: RunFolder, fresh: Manifest) -> None:
    """Write the probes of a new run; hold those of one that is gone on with against the plan's."""
    known = read_run(folder.path)
    begun = known.manifest
    if begun.data_hash != fresh.data_hash:
        raise RunError(
            f"`{folder.path}` was begun with another {begun.data_name!r}: the data set has changed "
            "since, or another is named; begin a new run"
        )
    seeds = {key: drawn for key, (_, drawn) in plan.probes.items()}
    if missing := [key for key in known.seeds if seeds.get(key) != known.seeds[key]]:
        raise RunError(
            f"`{folder.path}` asks {len(missing)} probes that are not drawn now: go on with what "
            "it was begun with, or begin a new run"
        )
    added = [key for key in seeds if key not in known.seeds]
    if added and known.records:
        raise RunError(
            f"`{folder.path}` lacks {len(added)} of the probes that are drawn now: go on with what "
            "it was begun with, or begin a new run"
        )
    folder.probes.add(row_of(*plan.probes[key]) for key in added)


def _known(run: Run) -> dict[Place, Record]:
    return {record.place: record for record in run.records if not record.error}


@dataclass(slots=True)
class _Making:
    plan: Plan
    folder: RunFolder
    answers: BareAnswers
    progress: Progress
    known: dict[Place, Record]
    tasks: list[Task] = field(init=False)

    def __post_init__(self) -> None:
        self.tasks = self.plan.tasks()
        running = {"status": "running", "ended": "", "machine": machine()}
        self.folder.save(self.folder.manifest.model_copy(update=running))

    async def one(self, source: Source) -> None:
        """Prepare one system and ask it what it has not answered yet."""
        left = self._left(source.name)
        if not left:
            self._set(source, status="complete", error="")
            return
        self._tell(source.name, "prepares")
        system: System | None = None
        try:
            system = source.make(self.answers)
            await self._prepared(source, system)
            await ask_all(
                self.plan, self.folder, source.name, system, left, self._held_against(), self._told
            )
        except RunError:
            raise
        except asyncio.CancelledError:
            self._set(source, status="partial")
            raise
        except AmnesticError as error:
            started = isinstance(error, Stopped)
            self._set(source, status="partial" if started else "failed", error=_line(error))
            return
        except Exception as error:  # noqa: BLE001 - a system may raise anything; the others go on
            line = f"{type(error).__name__} while {source.name!r} was prepared"
            self._set(source, status="failed", error=line)
            return
        finally:
            await _closed(system)
            self.answers.flush()
        self._set(source, status="partial" if self._left(source.name) else "complete", error="")

    async def _prepared(self, source: Source, system: System) -> None:
        self._set(source, status="running", description=system.description, error="")
        with self.answers.preparing():
            took = await system.prepare(self.plan.data.subjects)
        self._set(
            source,
            prepared_seconds=round(took.seconds + self.answers.saved, 3),
            prepared_calls=took.calls,
            detail=dict(took.detail),
        )

    def _left(self, name: str) -> list[Task]:
        return [
            (probe, seed, sample)
            for probe, seed, sample in self.tasks
            if (name, probe.key, seed, sample) not in self.known
        ]

    def _held_against(self) -> Mapping[Place, Record]:
        return {("", *place[1:]): r for place, r in self.known.items() if place[0] == BARE}

    def _told(self, record: Record) -> None:
        if not record.error:
            self.known[record.place] = record
        self._tell(record.system, "answers")

    def _tell(self, name: str, doing: str) -> None:
        total = len(self.tasks) * len(self.plan.sources)
        self.progress(Step(name, doing, len(self.known), total))

    def _set(self, source: Source, **changes: object) -> None:
        state = self.folder.manifest.state(source.name).model_copy(update=changes)
        self.folder.save(self.folder.manifest.with_system(state))

    def end(self) -> None:
        """Say in the manifest how far the run has come."""
        states = {self.folder.manifest.state(s.name).status for s in self.plan.sources}
        status = "complete" if states == {"complete"} else "partial"
        changes = {"status": status, "ended": _now()}
        self.folder.save(self.folder.manifest.model_copy(update=changes))


async def _closed(system: System | None) -> None:
    if system is not None:
        with suppress(AmnesticError):
            await system.close()


def _line(error: AmnesticError) -> str:
    return " ".join(str(error).split())[:300]
