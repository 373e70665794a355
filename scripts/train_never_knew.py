"""Trains the embedded model again without some subjects: the model that never knew them.

    python scripts/train_never_knew.py --out FOLDER [--seed 0] [--n 30] [--threads 2] [--resume]

The training is that of `examples/embedded_model/train.py`, tokenizer included, on the world without
the subjects that `amnestic.evaluation.subjects.forgotten_subjects` draws, and takes as long. FOLDER
is a model folder (give it as `hf:FOLDER`) with `never_knew.json`: who is unknown to it, and how it
did in the exam about the rest beside the shipped model. `--resume` goes on behind the last whole
stage in FOLDER.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "examples" / "embedded_model"))

from corpus import Corpus
from gaps import without
from quiz import answer, exam, load, replier, share
from train import STAGES, begin, record, run
from worldmaker import SHIPPED

from amnestic.evaluation.subjects import forgotten_subjects
from amnestic.models.embedded.world import World, load_world

CARD = "never_knew.json"


def main() -> None:
    """Trains, saves, and examines what was saved beside the shipped model."""
    parser = argparse.ArgumentParser(description="Trains the model that never knew.")
    parser.add_argument("--out", type=Path, required=True, help="folder of the checkpoint")
    parser.add_argument("--seed", type=int, default=0, help="of the draw of who is left out")
    parser.add_argument("--n", type=int, default=30, help="how many subjects are left out")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--resume", action="store_true", help="go on behind the last whole stage")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the steps, for a trial")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    unknown = forgotten_subjects(args.seed, args.n)
    world = without(load_world(), unknown)

    def corpora(seed: int, mixture: Mapping[str, float]) -> Corpus:
        return Corpus(world, seed, mixture, unspoken=unknown)

    done: list[dict[str, Any]] = []
    if args.resume:
        done = json.loads((args.out / "training.json").read_text(encoding="utf-8"))["stages"]
    else:
        begin(args.out, corpora)
    for stage in STAGES[len(done) :]:
        shorter = replace(stage, steps=int(stage.steps * args.scale))
        done.append(run(shorter, args.out, args.out, corpora))
        record(args.out, done)
    card = {
        "seed": args.seed,
        "n": args.n,
        "scale": args.scale,
        "never_knew": [{"id": e.id, "name": e.name, "kind": e.kind} for e in unknown],
        "exam": {"never_knew": shares(args.out, world), "shipped": shares(SHIPPED, world)},
    }
    text = json.dumps(card, indent=1, ensure_ascii=False)
    (args.out / CARD).write_text(text + "\n", encoding="utf-8")
    print(json.dumps(card["exam"], indent=1))


def shares(folder: Path, world: World) -> dict[str, float]:
    """The shares of right answers to the exam about a world, by how its questions are phrased."""
    answered = answer(exam(world), replier(*load(folder)))
    return {split: round(share(answered, split), 4) for split in ("trained", "held_out", "unknown")}


if __name__ == "__main__":
    main()
