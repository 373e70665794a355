"""What cutting drafts costs in two versions of the code, case by case in turn, and whether they
reply alike.

    python benchmarks/drafts_paired.py OTHER --data DIR [--data DIR] [--mode edit] [--json FILE]

OTHER is another checkout of the project: its package answers each case of the folders, and that of
this one does, in two processes that take turns, so that what else the machine does slows both. The
tables tell the layer's own time (`added`) and the processor's, by set, by language and where
something was cut, and how often the encoder, the verifier and the attributor ran; then the replies
that differ, and the slowest cases with the stages in which their time went.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
VERSIONS = ("before", "after")
_SLOWEST = 10

Row = Mapping[str, Any]


# ── One version, in a process of its own ─────────────────────────────────────────────────────────


def answer(data: Path, mode: str) -> None:
    """Answer the case whose number comes on standard input, and tell of it in a line of JSON."""
    from drafts import MODES, forget_all
    from drafts_data import load_drafts
    from drafts_played import Player

    from amnestic import Amnesia
    from amnestic.tools.reading import language_of

    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    drafts, runs = load_drafts(data), _counted()
    player = Player(drafts)
    with (
        tempfile.TemporaryDirectory() as name,
        Amnesia(
            player.model, db=Path(name) / "r.db", cache_dir=Path(name), **MODES[mode]
        ) as amnesia,
    ):
        forget_all(amnesia, drafts.requests)
        print(len(drafts.cases), file=out, flush=True)
        for line in sys.stdin:
            player.case = case = drafts.cases[int(line)]
            runs.clear()
            begun = time.process_time()
            outcome = amnesia.complete(case.messages)
            spent = (time.process_time() - begun) * 1000
            receipt = outcome.receipt
            told = {
                "id": case.id,
                "language": language_of(case.draft),
                "added": receipt.added_ms,
                "processor": spent,
                "reply": [[*map(str, c)] for d in outcome.generation.choices for c in d.channels()],
                "route": receipt.route.value,
                "tried": list(receipt.tried),
                "stages": _summed(receipt.stages),
                "runs": dict(runs),
            }
            print(json.dumps(told), file=out, flush=True)


def _summed(stages: Sequence[Any]) -> dict[str, int]:
    found = Counter[str]()
    for stage in stages:
        found[stage.name] += round(stage.ms)
    return dict(found)


def _counted() -> Counter[str]:
    """How many texts each model has read since it was cleared."""
    from amnestic.tools.detection.attributor import GraphAttributor
    from amnestic.tools.detection.cross_encoder import CrossEncoder
    from amnestic.tools.embedding.embedder import SentenceEmbedder

    runs = Counter[str]()

    def counting(owner: type, method: str, name: str) -> None:
        inner: Callable[..., Any] = getattr(owner, method)

        def counted(self: Any, texts: Sequence[Any]) -> Any:
            runs[name] += len(texts)
            return inner(self, texts)

        setattr(owner, method, counted)

    counting(SentenceEmbedder, "_compute", "embedded")
    counting(CrossEncoder, "_read", "verified")
    counting(GraphAttributor, "read", "attributed")
    return runs


# ── Both, in turn ────────────────────────────────────────────────────────────────────────────────


def pairs(trees: Mapping[str, Path], data: Path, mode: str) -> Iterator[dict[str, Row]]:
    """What each version gives for each case of a folder."""
    workers = {name: _worker(tree, data, mode) for name, tree in trees.items()}
    counts = {name: int(_told(worker)) for name, worker in workers.items()}
    for i in range(min(counts.values())):
        order = VERSIONS if i % 2 else VERSIONS[::-1]
        found = {}
        for name in order:
            stdin = workers[name].stdin
            assert stdin is not None
            print(i, file=stdin, flush=True)
            found[name] = json.loads(_told(workers[name]))
        yield found
    for worker in workers.values():
        worker.communicate()


def _worker(tree: Path, data: Path, mode: str) -> subprocess.Popen[str]:
    path = os.pathsep.join((str(tree / "src"), str(HERE)))
    command = [sys.executable, __file__, "--answer", mode, "--data", str(data)]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )


def _told(worker: subprocess.Popen[str]) -> str:
    assert worker.stdout is not None
    if not (line := worker.stdout.readline()):
        raise SystemExit("one of the versions ended")
    return line


def report(rows: Sequence[tuple[str, dict[str, Row]]]) -> None:
    """Print the tables."""
    from machine import table

    cut = [row for row in rows if row[1]["before"]["tried"]]
    groups = {"all": rows, "cut": cut}
    groups |= {
        name: [r for r in rows if r[0] == name] for name in dict.fromkeys(s for s, _ in rows)
    }
    for code in sorted({pair["before"]["language"] for _, pair in cut}):
        groups[f"cut, {code}"] = [r for r in cut if r[1]["before"]["language"] == code]
    heads = ["cases", "n", *(f"{v} {w}" for w in ("added", "processor") for v in VERSIONS)]
    heads += [f"{what}, mean" for what in ("embedded", "verified", "attributed")]
    print(table(heads, [_line(name, found) for name, found in groups.items() if found]))
    differ = [
        f"{name} {pair['before']['id']}"
        for name, pair in rows
        if any(pair["before"][k] != pair["after"][k] for k in ("reply", "route", "tried"))
    ]
    print(f"\n{len(differ)} of {len(rows)} replies differ: {', '.join(differ)}\n")
    for name, pair in sorted(rows, key=lambda row: -row[1]["after"]["added"])[:_SLOWEST]:
        after = pair["after"]
        print(
            f"{name} {after['id']}: {pair['before']['added']:.0f} → {after['added']:.0f} ms, "
            f"{after['stages']}, {after['runs']}"
        )


def _line(name: str, rows: Sequence[tuple[str, dict[str, Row]]]) -> list[str]:
    from machine import percentile

    def ms(version: str, what: str) -> str:
        values = [pair[version][what] for _, pair in rows]
        return f"{percentile(values, 50):.0f} / {percentile(values, 95):.0f}"

    def mean(what: str) -> str:
        sums = [sum(p[v]["runs"].get(what, 0) for _, p in rows) for v in VERSIONS]
        return " → ".join(f"{total / len(rows):.1f}" for total in sums)

    times = [ms(v, what) for what in ("added", "processor") for v in VERSIONS]
    runs = [mean(what) for what in ("embedded", "verified", "attributed")]
    return [name, str(len(rows)), *times, *runs]


def main() -> None:
    """Run and print; with `--json` write each pair to a file, a line each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("other", type=Path, nargs="?", help="the other checkout")
    parser.add_argument("--data", type=Path, action="append", required=True, help="a folder")
    parser.add_argument("--mode", choices=("edit", "again"), default="edit")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--answer", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.answer:
        answer(given.data[0], given.answer)
        return
    if given.other is None:
        parser.error("the other checkout is missing")
    trees = {"before": given.other, "after": HERE.parent}
    rows = []
    for data in given.data:
        for pair in pairs(trees, data, given.mode):
            rows.append((data.name, pair))
            if given.json:
                with given.json.open("a", encoding="utf-8") as out:
                    out.write(json.dumps({"set": data.name, **pair}, ensure_ascii=False) + "\n")
    report(rows)


if __name__ == "__main__":
    main()
