"""Having a model judge the replies of a run, each once."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from amnestic.evaluation.contract import Probe, Record
from amnestic.evaluation.running.folder import RunFolder, read_manifest, read_run, working_on
from amnestic.evaluation.running.manifest import Manifest
from amnestic.evaluation.running.plan import Progress, Step
from amnestic.evaluation.scoring import Judge
from amnestic.exceptions import AmnesticError, RunError
from amnestic.models.protocol import LocalBackend

__all__ = ["judge_run"]

_BATCH, _IN_A_ROW = 32, 5


async def judge_run(path: Path, judge: Judge, parallel: int, progress: Progress) -> Manifest:
    """Have every reply to a probe that forgets judged that is not yet, and keep the verdicts. Equal
    replies to a probe are judged once. A reply on which the judge fails is left unjudged, and where
    it fails several times in a row the rest too: a line in the manifest says how many. A model in
    this process judges one reply at a time, since others would but wait for it.

    Raises `RunError` where the folder cannot be used or written.
    """
    with working_on(path, read_manifest(path)) as folder:
        run = read_run(path)
        judging = _Judging(folder, judge, progress)
        asked = [
            (run.probes[r.probe], r)
            for r in run.records
            if not r.error
            and r.probe in run.probes
            and run.probes[r.probe].group.forgets
            and run.probes[r.probe].forbidden
            and run.told.get(r.place) is None
        ]
        local = isinstance(judge.backend, LocalBackend)
        error = await judging.all(_alike(asked), 1 if local else parallel)
        folder.save(folder.manifest.model_copy(update={"judge_error": error}))
        return folder.manifest


def _alike(asked: Sequence[tuple[Probe, Record]]) -> list[tuple[Probe, list[Record]]]:
    """Replies to judge, with those that say the same."""
    groups: dict[tuple[str, str], tuple[Probe, list[Record]]] = {}
    for probe, record in asked:
        said = "\n".join([record.text, *record.channels.values()])
        groups.setdefault((probe.key, said), (probe, []))[1].append(record)
    return list(groups.values())


class _Judging:
    def __init__(self, folder: RunFolder, judge: Judge, progress: Progress) -> None:
        self.folder, self.judge, self.progress = folder, judge, progress
        self._pending: list[dict[str, object]] = []
        self._done = self._failures = self._unjudged = 0
        self._error = ""

    async def all(self, groups: Sequence[tuple[Probe, list[Record]]], parallel: int) -> str:
        """Judge all; gives a line on those that the judge failed on, where there are any."""
        left = deque(groups)

        async def work() -> None:
            while left and self._failures < _IN_A_ROW:
                await self._one(*left.popleft())
                self.progress(Step("judge", "judges", self._done, len(groups)))

        try:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(parallel):
                    tasks.create_task(work())
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        finally:
            self._flush()
        if not self._error:
            return ""
        unjudged = self._unjudged + sum(len(records) for _, records in left)
        return f"{unjudged} of {sum(len(r) for _, r in groups)} replies: {self._error}"

    async def _one(self, probe: Probe, records: Sequence[Record]) -> None:
        try:
            tells = await self.judge.tells(probe, records[0])
        except RunError:
            raise
        except AmnesticError as error:
            self._failures, self._error = self._failures + 1, " ".join(str(error).split())[:300]
            self._unjudged += len(records)
            return
        self._done, self._failures = self._done + 1, 0
        for record in records:
            system, key, seed, sample = record.place
            row = {"system": system, "probe": key, "seed": seed, "sample": sample, "leaks": tells}
            self._pending.append(row)
        if len(self._pending) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        pending, self._pending = self._pending, []
        self.folder.judged.add(pending)
