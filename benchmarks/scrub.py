"""Corpora: documents a second, what leaks, what is altered, beside a regular expression.

    python benchmarks/scrub.py --data ../shared/data [--documents 2000] [--json FILE]
    python benchmarks/scrub.py --project 100000000 [--json FILE]

A hundred real targets of forty facts. Rates are of whole runs of `Workers` over lines of JSON, when
every process has made its judge; the regular expression looks for all names in the same documents
on as many processes, and cuts the sentences in which it finds one. `leak` is the share of planted
mentions that are still there, `altered` that of other sentences that are not. Beside the rates
stands the core time of a document, which other work on the machine changes less, and the memory of
a process; `--project` says from the figures in FILE what so many documents would take.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from machine import describe
from real_data import FACTS, targets
from scrub_corpus import Planted, plain_documents, planted_documents
from scrub_report import on_paper, shown

from amnestic import Amnesia
from amnestic.exceptions import MissingExtraError
from amnestic.models.fixed import FixedBackend
from amnestic.scrubbing import Snapshot
from amnestic.scrubbing.formats import Output, Piece
from amnestic.scrubbing.formats.json_forms import JsonLines
from amnestic.scrubbing.on_ray import RayWorkers
from amnestic.scrubbing.workers import Job, Workers
from amnestic.types import Draft, Generation

FIGURES = Path(__file__).parent / "scrub.json"
TARGETS = 100
WARM_UP = 128
_SPLIT = re.compile(r"(?<=[.!?])\s+")


def snapshot_of(data: Path, folder: Path) -> Snapshot:
    """A hundred people with their facts, in force."""
    nobody = FixedBackend(Generation((Draft(text=""),)))
    with Amnesia(nobody, db=folder / "bench.db", cache_dir=folder, elicit=False) as amnesia:
        amnesia.registry.add_all(targets(data, TARGETS), actor="benchmark")
        return Snapshot.of(amnesia)


def jobs_of(records: Sequence[Any]) -> list[Job]:
    """A line of JSON each."""
    form = JsonLines()
    lines = [json.dumps(r, ensure_ascii=False).encode() + b"\n" for r in records]
    return [Job(0, form, Piece(line, i)) for i, line in enumerate(lines, 1)]


def timed(workers: Any, jobs: Sequence[Job]) -> tuple[float, list[bytes]]:
    """Seconds for jobs, and what came out."""
    begun = time.perf_counter()
    outputs = [output for _, output in workers.results(jobs)]
    took = time.perf_counter() - begun
    return took, [o.raw if isinstance(o, Output) else b"" for o in outputs]


# ── A regular expression over all names ──────────────────────────────────────────────────────────

_names: list[re.Pattern[str]] = []


def _begin(names: Sequence[str]) -> None:
    ordered = sorted(map(re.escape, names), key=len, reverse=True)
    _names[:] = [re.compile(rf"\b(?:{'|'.join(ordered)})\b")]


def _own_pid(_: int) -> int:
    return os.getpid()


def _by_names(lines: Sequence[bytes]) -> list[bytes]:
    return [json.dumps(_cut(json.loads(line)), ensure_ascii=False).encode() for line in lines]


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        if not _names[0].search(value):
            return value
        return " ".join(s for s in _SPLIT.split(value) if not _names[0].search(s))
    if isinstance(value, dict):
        return {k: _cut(v) for k, v in value.items()}
    return [_cut(v) for v in value] if isinstance(value, list) else value


def regex_timed(
    names: Sequence[str], jobs: Sequence[Job], cores: int
) -> tuple[float, float, list[bytes]]:
    """The same for the regular expression, with its core time."""
    lines = [job.piece.raw for job in jobs]
    batches = [lines[i : i + 64] for i in range(0, len(lines), 64)]
    with ProcessPoolExecutor(cores, get_context("spawn"), _begin, (list(names),)) as pool:
        list(pool.map(_by_names, batches[: 2 * cores]))
        pids = list({*pool.map(_own_pid, range(64 * cores))})
        before, begun = core_seconds(pids), time.perf_counter()
        done = [raw for group in pool.map(_by_names, batches) for raw in group]
        return time.perf_counter() - begun, core_seconds(pids) - before, done


# ── Counting ─────────────────────────────────────────────────────────────────────────────────────


def judged(planted: Sequence[Planted], left: Sequence[bytes]) -> dict[str, list[float]]:
    """By kind: mentions, those that are still there, other sentences, those that are not."""
    counts: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0, 0])
    for told, raw in zip(planted, left, strict=True):
        text = raw.decode()
        flat = json.dumps(json.loads(text), ensure_ascii=False) if text.strip() else ""
        row = counts[told.kind]
        row[0] += 1
        row[1] += _as_json(told.gone) in flat
        row[2] += len(told.kept)
        row[3] += sum(_as_json(kept) not in flat for kept in told.kept)
    return counts


def _as_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def shares(counts: dict[str, list[float]]) -> tuple[float, float]:
    """The shares that leak and that are altered, of all kinds."""
    mentions, there, others, gone = (sum(row[i] for row in counts.values()) for i in range(4))
    return there / mentions, gone / others


def measured(data: Path, count: int) -> dict[str, Any]:
    """Everything, in one run."""
    load = round(os.getloadavg()[0])
    cores = os.cpu_count() or 1
    people = targets(data, TARGETS)
    names = [t.subject for t in people]
    plain = [{"text": " ".join(d)} for d in plain_documents(data, names, count)]
    planted = planted_documents(data, count)
    clean_jobs, near_jobs = jobs_of(plain), jobs_of([p.record for p in planted])
    warm = jobs_of([{"text": " ".join(d)} for d in plain_documents(data, names, WARM_UP, 9)])
    with tempfile.TemporaryDirectory() as folder:
        snapshot = snapshot_of(data, Path(folder))
        with Workers(snapshot, cores) as workers:
            timed(workers, warm)
            processes = workers.pids()
            begun = core_seconds(processes)
            clean, _ = timed(workers, clean_jobs)
            between = core_seconds(processes)
            near, left = timed(workers, near_jobs)
            ended = core_seconds(processes)
            memory = max(map(peak_of, processes))
        ray = ray_speedup(snapshot, warm, clean_jobs)
    plain_regex, regex_cores, _ = regex_timed(names, clean_jobs, cores)
    near_regex, _, left_regex = regex_timed(names, near_jobs, cores)
    ours, theirs = judged(planted, left), judged(planted, left_regex)
    leak, altered = shares(ours)
    regex_leak, regex_altered = shares(theirs)
    return {
        "machine": describe(),
        "load": load,
        "targets": TARGETS,
        "facts": FACTS,
        "documents": count,
        "cores": cores,
        "clean_docs_per_s": round(count / clean, 1),
        "near_docs_per_s": round(count / near, 1),
        "clean_core_ms": round((between - begun) / count * 1e3, 3),
        "near_core_ms": round((ended - between) / count * 1e3, 3),
        "worker_mib": round(memory),
        "ray_speedup": ray and round(ray[0], 2),
        "ray_speedup_by_core_time": ray and round(ray[1], 2),
        "leak": round(leak, 4),
        "altered": round(altered, 4),
        "regex_clean_docs_per_s": round(count / plain_regex, 1),
        "regex_near_docs_per_s": round(count / near_regex, 1),
        "regex_core_ms": round(regex_cores / count * 1e3, 3),
        "regex_leak": round(regex_leak, 4),
        "regex_altered": round(regex_altered, 4),
        "times_the_regex": round((between - begun) / regex_cores, 1),
        "by_kind": {k: _row(ours[k], theirs[k]) for k in ours},
    }


def core_seconds(pids: Sequence[int]) -> float:
    """The core time that processes have taken so far."""
    ticks = 0
    for pid in pids:
        told = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        ticks += int(told[11]) + int(told[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def peak_of(pid: int) -> float:
    """The most memory that a process has held."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


def _row(ours: Sequence[float], theirs: Sequence[float]) -> dict[str, float]:
    return {
        "mentions": ours[0],
        "leak": round(ours[1] / ours[0], 4),
        "altered": round(ours[3] / max(ours[2], 1), 4),
        "regex_leak": round(theirs[1] / theirs[0], 4),
        "regex_altered": round(theirs[3] / max(theirs[2], 1), 4),
    }


def ray_speedup(
    snapshot: Snapshot, warm: Sequence[Job], jobs: Sequence[Job]
) -> tuple[float, float] | None:
    """How much sooner two of Ray's workers are done than one, and how much sooner they were if each
    had a core to itself, by the core time that they took; `None` where Ray is not installed."""
    took, cores = [], []
    for count in (1, 2):
        try:
            with RayWorkers(snapshot, count) as workers:
                timed(workers, warm)
                pids = workers.pids()
                begun = core_seconds(pids)
                took.append(timed(workers, jobs)[0])
                cores.append((core_seconds(pids) - begun) / count)
        except MissingExtraError:
            return None
    return took[0] / took[1], cores[0] / cores[1]


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--json", type=Path, default=FIGURES, help="where the figures are")
    parser.add_argument("--project", type=int, help="say what so many documents would take")
    given = parser.parse_args()
    if given.project:
        print(on_paper(json.loads(given.json.read_text("utf-8")), given.project))
        return
    if given.data is None:
        parser.error("give --data, or --project")
    found = measured(given.data, given.documents)
    print(shown(found))
    given.json.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
