"""The trained verifier: fitting it, and whether it earns its place.

    python benchmarks/verifier.py train --data DIR --out FILE [--seed 0] [--share SHARE]
    python benchmarks/verifier.py test --data DIR --out FILE [--facts 40 --facts 0] [--kept FILE]

Half of the people are trained on (see `verifier_data.halves`); the rest are never seen, neither in
training nor for stopping. The graph is written to FILE, and beside it a JSON with its SHA-256, the
rule that chose the people, and digests of their ids. `test` prints the figures on the people never
seen: the verifier by itself, and the detector without and with it (see `verifier_eval`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

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
    parser.add_argument("--share", type=float, default=1.0, help="of the pairs of each epoch")
    parser.add_argument("--facts", type=int, action="append")
    parser.add_argument("--kept", type=Path, help="a file that keeps vectors between runs")
    given = parser.parse_args()
    if given.command == "train":
        run_train(given.data, given.out, given.seed, given.share)
    else:
        run_test(given.data, given.out, given.seed, given.facts or [40, 0], given.kept)


def run_train(folder: Path, out: Path, seed: int, share: float) -> None:
    """Train, write the graph and what is to be known of it."""
    import torch
    from detection_rows import KeptEmbedder
    from verifier_data import epoch, lesson_from
    from verifier_train import train, write_graph

    from amnestic.config import default_cache_dir
    from amnestic.tools.embedder import load_embedder

    torch.set_num_threads(THREADS)
    lesson = lesson_from(folder, KeptEmbedder(load_embedder("minilm", default_cache_dir())))
    epochs = [epoch(lesson, seed * EPOCHS + i) for i in range(EPOCHS)]
    epochs = [found[: round(share * len(found))] for found in epochs]
    print(f"{sum(map(len, epochs))} pairs, {len(lesson.people)} people", flush=True)
    model = train(epochs, seed, out)
    write_graph(model, out)
    about = about_of(out, lesson.people, sum(map(len, epochs)), seed)
    out.with_suffix(".json").write_text(json.dumps(about, indent=1) + "\n", "utf-8")
    print(f"wrote {out}: {out.stat().st_size / 1e6:.1f} MB")


def run_test(folder: Path, graph: Path, seed: int, facts: Sequence[int], kept: Path | None) -> None:
    """Print the figures on the people never seen; three splits for the band and the cut."""
    from detection_data import load
    from detection_rows import KeptEmbedder, texts_of
    from verifier_eval import alone, fused, scored, weights_of
    from verifier_model import Verifier

    from amnestic.config import default_cache_dir
    from amnestic.tools.embedder import load_embedder

    data = load(folder)
    embedder = KeptEmbedder(load_embedder("minilm", default_cache_dir()), kept)
    embedder.warm(texts_of(data, data.people))
    about = json.loads(graph.with_suffix(".json").read_text("utf-8"))
    verifier = Verifier(graph, about["sha256"])
    weights = weights_of(data, embedder, seed)
    for count in facts:
        by_itself = alone(data, embedder, verifier, count, seed)
        print(f"{count} facts; by itself: area under the curve {by_itself.area:.4f}")
        for over, shares in by_itself.recall.items():
            cells = " ".join(f"{share:.4f}" for share in shares)
            print(f"  at {over:.0%} of neighbours: all, named, unnamed; unrelated: {cells}")
        found = scored(data, embedder, weights, verifier, count, seed)
        for split in (0, 1, 2):
            outcome = fused(data, found, split)
            print(f"  split {split}, {outcome.rule}")
            print(f"    without {outcome.without}")
            print(f"    with    {outcome.with_it}", flush=True)


def about_of(out: Path, people: tuple[str, ...], pairs: int, seed: int) -> dict[str, Any]:
    """The JSON that stands beside the graph."""
    from verifier_model import TOKENS

    from amnestic.tools.embedder import MINILM_SHA256

    return {
        "sha256": hashlib.sha256(out.read_bytes()).hexdigest(),
        "base": {"model": "all-MiniLM-L6-v2", "sha256": MINILM_SHA256},
        "tokens": TOKENS,
        "pairs": pairs,
        "epochs": EPOCHS,
        "seed": seed,
        "people": "the half of RWKU's targets 1-100 whose ids have the lowest SHA-256",
        "people_sha256": sorted(hashlib.sha256(i.encode()).hexdigest()[:16] for i in people),
    }


if __name__ == "__main__":
    main()
