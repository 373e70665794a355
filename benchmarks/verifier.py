"""The trained verifier: fitting it, and how well it tells by itself.

    python benchmarks/verifier.py train --data DIR --out FILE [--start FILE] [--half 0|1]
    python benchmarks/verifier.py test --data DIR --out FILE [--facts 40 --facts 0] [--kept FILE]

One half of the people (see `verifier_data.halves`) and seven tenths of the marked targets
(`told_data`) are trained on; the others are never seen, neither in training nor for stopping.
`--start` goes on from the weights of an earlier graph. The graph is written to FILE, and beside it
a JSON with its SHA-256, what it was trained on, and digests of the names it has seen: whom it has
seen, `detection.py` neither calibrates with nor reports on. The package ships it as
`src/amnestic/tools/detection/data/verifier.onnx`. What the verifier brings to the detector is shown
by `detection.py`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from told_data import Told
from verifier_data import Lesson, digest_of

EPOCHS = 2
THREADS = 2


def main() -> None:
    """Run the command."""
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("command", choices=["train", "test"])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--half", type=int, choices=[0, 1], default=0, help="of the people")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--share", type=float, default=1.0, help="of the pairs of each epoch")
    parser.add_argument("--facts", type=int, action="append")
    parser.add_argument("--kept", type=Path, help="a file that keeps vectors between runs")
    parser.add_argument("--start", type=Path, help="a graph whose weights to go on from")
    given = parser.parse_args()
    if given.command == "train":
        run_train(given)
    else:
        run_test(given)


def run_train(given: argparse.Namespace) -> None:
    """Train, write the graph and what is to be known of it."""
    import torch
    from detection_rows import KeptEmbedder
    from told_data import is_held_back, told_targets
    from verifier_data import epoch, lesson_from
    from verifier_told import told_examples
    from verifier_train import train, write_graph

    from amnestic.config import default_cache_dir
    from amnestic.tools.embedding import load_embedder

    torch.set_num_threads(given.threads)
    out, seed, share = given.out, given.seed, given.share
    embedder = KeptEmbedder(load_embedder("minilm", default_cache_dir()), given.kept)
    lesson = lesson_from(given.data, embedder, given.half)
    marked = [t for t in told_targets() if not is_held_back(t)]
    epochs = []
    for i in range(given.epochs):
        probes = epoch(lesson, 100 * seed + i)
        probes = probes[: round(share * len(probes))]
        windows = told_examples(marked, embedder, 100 * seed + i)
        epochs.append(random.Random(i).sample([*probes, *windows], len(probes) + len(windows)))
    counts = dict(Counter(e.kind for found in epochs for e in found))
    print(f"{counts}, {len(lesson.people)} people, {len(marked)} marked targets", flush=True)
    model = train(epochs, seed, out, given.start)
    write_graph(model, out)
    about = about_of(out, lesson, marked, counts, given)
    out.with_suffix(".json").write_text(json.dumps(about, indent=1) + "\n", "utf-8")
    print(f"wrote {out}: {out.stat().st_size / 1e6:.1f} MB")


def run_test(given: argparse.Namespace) -> None:
    """Print how well it tells by itself, on the people not seen."""
    from detection_data import load
    from detection_rows import KeptEmbedder, texts_of
    from told_data import is_held_back, told_targets
    from verifier_eval import alone, of_replies

    from amnestic.config import default_cache_dir
    from amnestic.tools.detection.cross_encoder import CrossEncoder
    from amnestic.tools.embedding import load_embedder

    data = load(given.data)
    embedder = KeptEmbedder(load_embedder("minilm", default_cache_dir()), given.kept)
    embedder.warm(texts_of(data, data.people))
    embedder.save()
    about = json.loads(given.out.with_suffix(".json").read_text("utf-8"))
    verifier = CrossEncoder.stored(given.out)
    for count in given.facts or [40, 0]:
        found = alone(data, embedder, verifier, about["half"], count, given.seed)
        print(f"{count} facts: area under the curve {found.area:.4f}")
        for over, shares in found.recall.items():
            cells = " ".join(f"{share:.4f}" for share in shares)
            print(f"  at {over:.0%} of neighbours: all, named, unnamed; unrelated: {cells}")
    marked = [t for t in told_targets() if is_held_back(t)]
    for line in of_replies(marked, embedder, verifier, given.seed):
        print(line)


def about_of(
    out: Path,
    lesson: Lesson,
    marked: Sequence[Told],
    pairs: Mapping[str, int],
    given: argparse.Namespace,
) -> dict[str, Any]:
    """The JSON that stands beside the graph."""
    from amnestic.tools.detection.cross_encoder import BEFORE_TOKENS, TOKENS
    from amnestic.tools.embedding.export import MINILM_WEIGHTS

    after = given.start and json.loads(given.start.with_suffix(".json").read_text("utf-8"))
    before = set(after.pop("seen")) if after else set()
    about = {
        "sha256": hashlib.sha256(out.read_bytes()).hexdigest(),
        "base": {"model": "all-MiniLM-L6-v2", "sha256": MINILM_WEIGHTS},
        "tokens": TOKENS,
        "before": BEFORE_TOKENS,
        "pairs": pairs,
        "epochs": given.epochs,
        "seed": given.seed,
        "half": given.half,
        "seen": sorted(
            before.union(digest_of(lesson.data.people[i].subject) for i in lesson.people)
            .union(digest_of(told.name) for told in marked)
        ),
    }  # fmt: skip
    return about if after is None else about | {"after": after}


if __name__ == "__main__":
    main()
