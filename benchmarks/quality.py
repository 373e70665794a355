"""Quality of the layer against everything else that could be used: `make bench-quality`.

    python benchmarks/quality.py [--run FOLDER] [--systems A,B] [--subjects 30] [--probes 3]

The embedded model is told to forget 30 subjects of its made-up world, by every system that needs no
chat model beside it, and asked in every family of attacks that needs none, by three seeds. The bare
model is asked first; then two processes share the others, one for each core: who is free takes the
next system, those that cost most first, and those together that share a training or ask the model
what it knows of the same subjects. Replies are kept in run folders below FOLDER, which are gone on
with when they are there; `amnestic report FOLDER/*`
makes a page of them. What is printed goes to `quality.json`, from which `python docs/refresh.py`
fills the README's table.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from machine import describe, table

from amnestic.evaluation.running import Request, Run, Step, make_run, plan_of, read_run
from amnestic.evaluation.running.plan import Plan, Source
from amnestic.evaluation.scoring import BARE, Scores, score, shortfalls
from amnestic.evaluation.subjects import forgotten_subjects
from amnestic.evaluation.systems import SYSTEMS

HERE = Path(__file__).parent
WRITTEN = HERE / "quality.json"
NEVER_KNEW = HERE / "data" / "never_knew"
PARTS = 2
CLAIMS, OURS = "claims", "amnestic"
FIRST = ("whole-list agents", OURS)
"""What takes longest: thirteen calls for a reply, and five modes with what they elicit."""
HEADINGS = (
    "system", "leak", "worst family", "unrelated identical", "neighbours altered",
    "membership AUC", "calls", "added p50",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--run", type=Path, default=HERE.parent / "runs" / "quality")
    parser.add_argument("--systems", default="all", help="by name, with commas between")
    parser.add_argument("--subjects", type=int, default=30)
    parser.add_argument("--probes", type=int, default=3, help="of each family and seed")
    parser.add_argument("--members", type=int, default=10, help="told from strangers, of each seed")
    parser.add_argument("--retained", type=int, default=20, help="of each kind and seed")
    parser.add_argument(
        "--never-knew",
        help="a model trained without the subjects; that in data/ where they are its own",
    )
    parser.add_argument("--write", type=Path, default=WRITTEN)
    parser.add_argument("--part", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    request = Request(
        data="embedded",
        systems=tuple(name.strip() for name in given.systems.split(",")),
        subjects=given.subjects,
        probes=given.probes,
        members=given.members,
        retained=given.retained,
        never_knew=given.never_knew or kept_model(given.subjects),
        max_tokens=48,
        parallel=1,
    )
    if given.part is None:
        measure(request, given.run, given.write)
    else:
        work(plan_of(request), given.part, given.run)


def kept_model(subjects: int) -> str | None:
    """The model that `scripts/train_never_knew.py` has trained, where it lacks these subjects."""
    card = json.loads((NEVER_KNEW / "never_knew.json").read_text("utf-8"))
    lacks = {entity["id"] for entity in card["never_knew"]}
    asked = {entity.id for entity in forgotten_subjects(0, subjects)}
    return f"hf:{NEVER_KNEW}" if asked == lacks else None


def measure(request: Request, folder: Path, written: Path) -> None:
    """Make the run in two processes, print its table and write it."""
    begun = time.monotonic()
    plan, first = plan_of(request), folder / BARE
    bare = tuple(source for source in plan.sources if source.name == BARE)
    asyncio.run(make_run(replace(plan, sources=bare), first, _Told()))
    parts = [folder / f"part-{part}" for part in range(PARTS)]
    claim_begun(plan, parts)
    working = []
    for part, place in enumerate(parts):
        if not place.exists():
            shutil.copytree(first, place)
        options = [*sys.argv[1:], "--run", str(place), "--part", str(part)]
        working.append(subprocess.Popen([sys.executable, __file__, *options]))
    codes = [process.wait() for process in working]
    if any(codes):
        raise SystemExit("a part has failed: what was measured is kept, and is gone on with")
    runs = [read_run(place) for place in parts]
    records = {record.place: record for run in runs for record in run.records}
    scores = score(runs[0].probes, records.values())
    minutes = round((time.monotonic() - begun) / 60, 1)
    told = {**measured(runs, scores), "minutes": minutes}
    written.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(shown(told))
    for line in told["below"]:
        print(line)


def work(plan: Plan, part: int, folder: Path) -> None:
    """What one process does: the groups of systems that it began before, and then whichever is
    free."""
    for takes in (is_claimed, claim):
        for name, sources in groups_of(plan).items():
            if takes(folder.parent / CLAIMS / _slug(name), part):
                asyncio.run(make_run(replace(plan, sources=sources), folder, _Told()))


def groups_of(plan: Plan) -> dict[str, tuple[Source, ...]]:
    """The systems that one process asks after each other, by what they share; those that cost most
    first, so that both processes end together."""
    found: dict[str, list[Source]] = {}
    for source in plan.sources:
        if source.name != BARE:
            found.setdefault(_group(source.name), []).append(source)
    names = sorted(found, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))
    return {name: tuple(found[name]) for name in names}


def _group(name: str) -> str:
    if name.startswith(f"{OURS} "):
        return OURS
    return name.removesuffix(" 4-bit").removesuffix(" relearned-20")


def claim_begun(plan: Plan, parts: Sequence[Path]) -> None:
    """Leave what a part has begun in a run before to that part, and everything else to anybody."""
    claims = parts[0].parent / CLAIMS
    shutil.rmtree(claims, ignore_errors=True)
    claims.mkdir(parents=True)
    for number, part in enumerate(parts):
        held = {record.system for record in read_run(part).records} if part.exists() else set()
        for name, sources in groups_of(plan).items():
            if held & {source.name for source in sources}:
                claim(claims / _slug(name), number)


def claim(file: Path, part: int) -> bool:
    """Take a group of systems for a part, unless it is taken."""
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(str(part))
    except FileExistsError:
        return False
    return True


def is_claimed(file: Path, part: int) -> bool:
    """Whether a group of systems is taken for a part."""
    return file.is_file() and file.read_text("utf-8") == str(part)


def _slug(name: str) -> str:
    return name.replace(" ", "-")


class _Told:
    """Says on standard error which system is at work, a line each."""

    def __init__(self) -> None:
        self.last = ""

    def __call__(self, step: Step) -> None:
        if step.system != self.last:
            self.last = step.system
            print(f"{step.done:>6}/{step.total}  {step.system}", file=sys.stderr, flush=True)


def measured(runs: Sequence[Run], scores: Scores) -> dict[str, Any]:
    """What `quality.json` holds, but for the time that the run took."""
    whole, run = scores.of(BARE), runs[0]
    return {
        "machine": describe(),
        "data": run.manifest.data_name,
        "subjects": run.manifest.request.subjects,
        "seeds": len(run.manifest.request.seeds),
        "families": len({probe.family for probe in run.probes.values()}),
        "replies_each": whole.asked,
        "known": scores.known.model_dump(mode="json") if scores.known else None,
        "counted_for_leak": whole.leak.n if whole.leak else 0,
        "systems": sorted(
            (_row(scores, s.model_dump(mode="json")) for s in scores.summary()), key=_place
        ),
        "below": [*_failed(runs), *shortfalls(scores)],
    }


def _place(row: dict[str, Any]) -> int:
    """Where a system stands: as in the catalogue, and trained weights behind it."""
    names = [*SYSTEMS]
    return names.index(row["system"]) if row["system"] in names else len(names)


def _row(scores: Scores, row: dict[str, Any]) -> dict[str, Any]:
    figures = scores.of(row["system"])
    intervals = {
        "leak": figures.leak,
        "byte_identical": figures.byte_identical,
        "neighbours_altered": figures.neighbours_altered,
        "membership_auc": figures.membership,
    }
    told = {name: [e.low, e.high, e.n] for name, e in intervals.items() if e is not None}
    more = {"complete": figures.complete.value if figures.complete else None}
    return _rounded({**row, **more, "k_score": figures.k_score, "intervals": told})


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list) else value


def _failed(runs: Sequence[Run]) -> list[str]:
    states = [state for run in runs for state in run.manifest.systems]
    return [f"{s.name}: {s.status}: {s.error}" for s in states if s.error]


def shown(told: dict[str, Any]) -> str:
    """The table of a `quality.json`, in Markdown, with a line on what it rests on."""
    rows = [_cells(row) for row in told["systems"]]
    known = told["known"] or {"value": 1.0}
    return (
        f"{table(HEADINGS, rows)}\n\n"
        f"{told['subjects']} subjects of the embedded world, {told['families']} families, "
        f"{told['seeds']} seeds, {told['replies_each']} replies of each system, of which "
        f"{told['counted_for_leak']} count for leaks: the bare model knows {known['value']:.0%} of "
        f"what it is asked. {told['machine']}; {told['minutes']} minutes."
    )


def _cells(row: dict[str, Any]) -> Sequence[str]:
    worst = f"{_percent(row['worst_family'])} ({row['worst_family_name']})"
    auc, calls, added = row["membership_auc"], row["calls"], row["added_p50_ms"]
    return (
        row["system"],
        _percent(row["leak"], row["intervals"].get("leak")),
        worst if row["worst_family"] else _percent(row["worst_family"]),
        _percent(row["byte_identical"]),
        _percent(row["neighbours_altered"]),
        "–" if auc is None else f"{auc:.2f}",
        "–" if calls is None else f"{calls:.2f}",
        "–" if added is None else f"{added:.1f} ms",
    )


def _percent(value: float | None, interval: Sequence[float] | None = None) -> str:
    if value is None:
        return "–"
    between = f" ({100 * interval[0]:.1f}–{100 * interval[1]:.1f})" if interval else ""
    return f"{100 * value:.1f} %{between}"


if __name__ == "__main__":
    main()
