"""The trained tagger of forget requests: fitting it, and how well it tells words apart.

    python benchmarks/tagger.py train [--out FILE] [--epochs 12] [--seed 0] [--without WRITER]
    python benchmarks/tagger.py test --out FILE --only WRITER

`data/requests/marked/` holds requests with their reading marked in them, a file for each writer;
each writer had a field of their own and saw neither the code nor the other files. With `--without`
one writer's requests are left out, and `test --only` scores a graph on them: the share of spans
found whole and of those that are right, and of outcomes. `--start` goes on from float weights that
an earlier run left (`FILE.pt`), and `after` in the JSON beside the graph says on what they were
trained. `tagger.json` in the package says on which writers the shipped graph was; what it does for
whole requests is shown by `requests.py`, on sets that no training saw.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from collections import Counter
from pathlib import Path

from tagger_data import Marked, read_marked

from amnestic.tools.embedding.export import MINILM_WEIGHTS
from amnestic.tools.tagging import Tagger
from amnestic.tools.tagging.labels import NAMES, ROLES
from amnestic.tools.tagging.tokens import TOKENS

MARKED = Path(__file__).resolve().parent / "data" / "requests" / "marked"
SHIPPED = Path(__file__).resolve().parents[1] / "src/amnestic/tools/tagging/data/tagger.onnx"
EPOCHS = 12


def main() -> None:
    """Run the command."""
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("command", choices=["train", "test"])
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--without", action="append", default=[], help="a writer to leave out")
    parser.add_argument("--only", action="append", default=[], help="a writer to score")
    parser.add_argument("--start", type=Path, help="float weights to go on from")
    given = parser.parse_args()
    if given.command == "train":
        run_train(given)
    else:
        run_test(given)


def rows_of(without: list[str], only: list[str]) -> list[Marked]:
    """The marked requests of the writers that are asked for."""
    files = sorted(MARKED.glob("*.jsonl"))
    files = [f for f in files if f.stem not in without and (not only or f.stem in only)]
    return [row for file in files for row in read_marked(file)]


def run_train(given: argparse.Namespace) -> None:
    """Train, write the graph and what is to be known of it."""
    import torch
    from tagger_train import train, write_graph

    torch.set_num_threads(2)
    rows = rows_of(given.without, [])
    print(f"{len(rows)} requests", flush=True)
    model = train(rows, given.epochs, given.seed, given.start)
    torch.save(model.state_dict(), given.out.with_suffix(".pt"))
    write_graph(model, given.out)
    about = {
        "sha256": hashlib.sha256(given.out.read_bytes()).hexdigest(),
        "base": {"model": "all-MiniLM-L6-v2", "sha256": MINILM_WEIGHTS},
        "tokens": TOKENS,
        "requests": len(rows),
        "writers": dict(Counter(row.writer for row in rows)),
        "epochs": given.epochs,
        "seed": given.seed,
    }
    if given.start is not None:  # what those weights were trained on
        about["after"] = json.loads(given.start.with_suffix(".json").read_text("utf-8"))
    given.out.with_suffix(".json").write_text(json.dumps(about, indent=1) + "\n", "utf-8")
    print(f"wrote {given.out}: {given.out.stat().st_size / 1e6:.1f} MB")


def run_test(given: argparse.Namespace) -> None:
    """Print how many spans are found whole and how many of those found are right."""
    tagger = Tagger(given.out, hashlib.sha256(given.out.read_bytes()).hexdigest())
    wanted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for row in rows_of([], given.only):
        seen = tagger.read(row.text)
        is_same = seen.outcome == row.outcome
        wanted[row.outcome] += 1
        found[seen.outcome] += 1
        right[row.outcome] += is_same
        told = Counter((s.label, s.start, s.end) for s in row.spans)
        said = Counter((s.label, s.start, s.end) for s in seen.spans)
        for of, spans in ((wanted, told), (found, said), (right, told & said)):
            for (label, *_), count in spans.items():
                of[label] += count
    for label in (*NAMES, *ROLES, "ok", "ask", "refuse"):
        recall = right[label] / max(1, wanted[label])
        precision = right[label] / max(1, found[label])
        print(f"{label:<11} {wanted[label]:>5}  found {recall:.3f}  right {precision:.3f}")


if __name__ == "__main__":
    main()
