"""Runs as a report sees them: read, scored, and named.

The only module of the report that knows how runs are kept and figures are made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from amnestic.evaluation.contract import Probe, Record
from amnestic.evaluation.reporting.text import visible
from amnestic.evaluation.running import Manifest, Run, read_run
from amnestic.evaluation.scoring import ALL, BARE, Figures, Judged, Scores, judge_all, score
from amnestic.exceptions import RunError

__all__ = ["NEVER_KNEW", "RunView", "is_ours", "is_reference", "open_runs"]

NEVER_KNEW = "never knew"
"""The system that is the same model, trained without what is to be forgotten."""


def is_ours(system: str) -> bool:
    """Whether a system is one of this project's.

    >>> is_ours("amnestic edit"), is_ours("keyword filter")
    (True, False)
    """
    return system.casefold().startswith("amnestic")


def is_reference(system: str) -> bool:
    """Whether a system is there to be measured against, and is no way to forget."""
    return system in (BARE, NEVER_KNEW)


@dataclass(frozen=True, slots=True)
class RunView:
    """One run: what it says of itself, its figures, and the replies behind them.

    `label` tells it from the other runs of a report; `expected` is the number of replies that each
    system owes.
    """

    label: str
    folder: Path
    manifest: Manifest
    scores: Scores
    probes: Mapping[str, Probe]
    records: tuple[Record, ...]
    judged: Mapping[tuple[str, str], tuple[Judged, ...]] = field(repr=False)
    expected: int = 0

    @property
    def systems(self) -> tuple[str, ...]:
        """The systems that have replied, in the order of the run."""
        return self.scores.systems

    @property
    def families(self) -> tuple[str, ...]:
        """The families of probes, in the order of the run."""
        return tuple(dict.fromkeys(f.family for f in self.scores.figures if f.family != ALL))

    def figures(self, system: str, family: str = ALL) -> Figures | None:
        """The figures of a system on a family, where it was asked any of it."""
        try:
            return self.scores.of(system, family)
        except KeyError:
            return None

    def replies(self, system: str, family: str = ALL) -> tuple[Judged, ...]:
        """The judged replies of a system to a family; those that hold an error are not among
        them."""
        return self.judged.get((system, family), ())

    def answered(self, system: str) -> int:
        """How many replies of a system there are, errors among them."""
        whole = self.figures(system)
        return whole.asked if whole else 0


def open_runs(folders: Sequence[Path]) -> tuple[RunView, ...]:
    """The runs of some folders, scored.

    Raises `RunError` for a folder that is no run, is damaged, holds no reply, or is named twice.
    """
    known: set[Path] = set()
    for folder in folders:
        if folder.resolve() in known:
            raise RunError(f"`{folder}` is named twice: name each run once")
        known.add(folder.resolve())
    runs = [(folder, _with_replies(folder)) for folder in folders]
    labels = _labels(runs)
    return tuple(_view(label, *run) for label, run in zip(labels, runs, strict=True))


def _with_replies(folder: Path) -> Run:
    run = read_run(folder)
    asked = [record for record in run.records if record.probe in run.probes]
    if not asked:
        raise RunError(f"`{folder}` holds no reply yet: go on with it by `amnestic eval --out`")
    if not any(not record.error for record in asked):
        raise RunError(f"`{folder}` holds errors alone, as {visible(asked[0].error)!r}")
    return run


def _view(label: str, folder: Path, run: Run) -> RunView:
    judged: defaultdict[tuple[str, str], list[Judged]] = defaultdict(list)
    for reply in judge_all(run.probes, run.records, run.told):
        judged[reply.record.system, ALL].append(reply)
        judged[reply.record.system, reply.probe.family].append(reply)
    return RunView(
        label=label,
        folder=folder,
        manifest=run.manifest,
        scores=score(run.probes, run.records, run.told),
        probes=run.probes,
        records=tuple(r for r in run.records if r.probe in run.probes),
        judged={place: tuple(replies) for place, replies in judged.items()},
        expected=sum(len(run.seeds[key]) * _samples(run, key) for key in run.probes),
    )


def _samples(run: Run, key: str) -> int:
    """How often a probe is asked by each seed: an attack by asking often says so itself."""
    request, wished = run.manifest.request, run.probes[key].metadata.get("samples")
    return max(request.samples, min(wished, request.often) if isinstance(wished, int) else 1)


def _labels(runs: Sequence[tuple[Path, Run]]) -> list[str]:
    """The shortest names that tell the runs apart: of the data, the model, the number of subjects,
    else of the folder."""
    parts = [
        (m.data_name, m.request.model, _counted(len(m.subjects), "subject"), folder.resolve().name)
        for folder, m in ((folder, run.manifest) for folder, run in runs)
    ]
    told = [p for p in zip(*parts, strict=True) if len(set(p)) > 1]
    told = told or [tuple(p[0] for p in parts)]
    if len({tuple(one[i] for one in told[:-1]) for i in range(len(runs))}) == len(runs):
        told = told[:-1] or told
    return [visible(" · ".join(names)) for names in zip(*told, strict=True)]


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")
