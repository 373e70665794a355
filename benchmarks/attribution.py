"""The attributor: fitting it, and how well it tells whose a piece of a reply is.

    python benchmarks/attribution.py train --data DIR --out FILE [--start WEIGHTS] [--epochs 5]
    python benchmarks/attribution.py finish --data DIR --out FILE --start WEIGHTS
    python benchmarks/attribution.py export --weights WEIGHTS [--out FILE] [--limits -1 1.5 3]
    python benchmarks/attribution.py test [--out FILE] [--of held-back|reported] [--targets N]

It is trained on the marked replies (`data/told`) of seven tenths of the targets, drawn by the
digests of their names, and on texts that are put together from passages about people
(`attribution_made`, from DIR). `train` keeps float weights (`FILE.pt`), and a run that was ended
goes on from there; `--start` takes weights from another model on MiniLM. `finish` trains one more
epoch at lower rates, on records and sentences that two share (`attribution_records`) beside some of
what came before: without it rows of a table go with the row above them. `export`
writes the int8 graph and the JSON beside it, with the limits that cut the log-odds into told of
others, uncertain (`split` is where it begins to count) and told of the target; by default to where
the package has it, so that `told.py` and `drafts.py` run with it. `--start` names there what the
training began with.

`test` reads replies about targets that the training did not see: of their pieces, as the detector
cuts them, it prints what lies over each of several limits, of those that tell, of others of the
same replies, and of replies about somebody else, by where the target is named.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from attribution_data import Marked, labelled, marked_passages
from attribution_made import made_texts
from attribution_records import record_texts
from machine import table
from tagger_train import plain_tokenizer
from told_data import is_held_back, is_reported, told_targets

from amnestic.config import default_cache_dir
from amnestic.tools.detection.attributed import AttributedWords
from amnestic.tools.detection.attribution import TOKENS
from amnestic.tools.detection.attributor import GraphAttributor, described
from amnestic.tools.embedding import load_embedder
from amnestic.tools.embedding.export import MINILM_WEIGHTS

SRC = Path(__file__).resolve().parents[1] / "src/amnestic"
SHIPPED = SRC / "tools/detection/data/attributor.onnx.gz"
EPOCHS = 5
STRANGERS = {"train": 0.25, "test": 0.5}
MADE, MADE_EPOCHS = 1_700, 3
DRAWS = 2
RECORDS, AGAIN, AGAIN_MADE = 1_400, 1_100, 500
LIMITS = (-1.0, 1.5, 3.0)
OVER = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)
_TELLS, _HARDLY = 0.35, 0.08


def main() -> None:
    """Run the command."""
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("command", choices=["train", "finish", "export", "test"])
    parser.add_argument("--data", type=Path, help="the folder with texts about people")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--weights", type=Path, help="float weights to write a graph of")
    parser.add_argument("--limits", type=float, nargs=3, default=LIMITS,
                        metavar=("CLEAN", "SPLIT", "LEAK"))  # fmt: skip
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=Path, help="float weights to begin with")
    parser.add_argument("--of", choices=["reported", "held-back"], default="held-back")
    parser.add_argument("--targets", type=int, help="so many of them, drawn by seed")
    given = parser.parse_args()
    run = {"train": run_train, "finish": run_finish, "export": run_export, "test": run_test}
    run[given.command](given)


def run_train(given: argparse.Namespace) -> None:
    """Train; the float weights are what is left of it."""
    import torch
    from attribution_train import kept_rows, train

    torch.set_num_threads(2)
    embedder, tokenizer = load_embedder("minilm", default_cache_dir()), plain_tokenizer()
    targets = [told for told in told_targets() if not is_held_back(told)]
    draws = []
    for seed in range(1, DRAWS + 1):
        found = marked_passages(targets, embedder, seed, STRANGERS["train"])
        draws.append([part for marked in found for part in labelled(tokenizer, marked)])
        print(f"draw {seed}: {len(draws[-1])} parts of replies", flush=True)
    texts = made_texts(given.data, given.seed, MADE * MADE_EPOCHS)
    made = [next(labelled(tokenizer, text)) for text in texts]
    epochs = []
    for i in range(given.epochs):
        parts = kept_rows(draws[i % DRAWS], 100 * given.seed + i)
        epochs.append([*parts, *made[i * MADE : (i + 1) * MADE]])
        print(f"epoch {i + 1}: {len(epochs[-1])} parts", flush=True)
    train(epochs, given.seed, given.out, given.start)
    print(f"wrote {given.out.with_suffix('.pt')}")


def run_finish(given: argparse.Namespace) -> None:
    """Train one more epoch, on records above all."""
    import torch
    from attribution_train import LAST_RATES, train

    torch.set_num_threads(2)
    embedder, tokenizer = load_embedder("minilm", default_cache_dir()), plain_tokenizer()
    targets = [told for told in told_targets() if not is_held_back(told)]
    found = marked_passages(targets, embedder, DRAWS, STRANGERS["train"])
    parts = [part for marked in found for part in labelled(tokenizer, marked)]
    named = [part for part in parts if part.named != "nowhere"]
    draw = random.Random(given.seed)
    texts = [*record_texts(given.data, given.seed + 1, RECORDS),
             *made_texts(given.data, given.seed + 2, AGAIN_MADE)]  # fmt: skip
    made = [next(labelled(tokenizer, text)) for text in texts]
    epoch = [*draw.sample(named, min(len(named), AGAIN)), *made]
    print(f"{len(epoch)} parts", flush=True)
    train([epoch], given.seed + 1, given.out, given.start, LAST_RATES)
    print(f"wrote {given.out.with_suffix('.pt')}")


def run_export(given: argparse.Namespace) -> None:
    """Write the graph of float weights, and what is to be known of it."""
    from attribution_train import stored, write_graph

    write_graph(stored(given.weights), given.out)
    trained = [told for told in told_targets() if not is_held_back(told)]
    about: dict[str, Any] = {
        "sha256": hashlib.sha256(given.out.read_bytes()).hexdigest(),
        "base": {"model": "all-MiniLM-L6-v2", "sha256": MINILM_WEIGHTS},
        "tokens": TOKENS,
        "limits": dict(zip(("clean", "split", "leak"), given.limits, strict=True)),
        "targets": len(trained),
        "replies": sum(len(told.replies) for told in trained),
        "made": MADE * MADE_EPOCHS,
        "records": RECORDS,
        "epochs": given.epochs,
        "seed": given.seed,
    }
    if given.start is not None:
        about["after"] = json.loads(described(given.start).read_text("utf-8"))["sha256"]
    described(given.out).write_text(json.dumps(about, indent=1) + "\n", "utf-8")
    print(f"wrote {given.out}: {given.out.stat().st_size / 1e6:.1f} MB")


def run_test(given: argparse.Namespace) -> None:
    """Print what is found of targets that the training did not see."""
    targets = [told for told in told_targets() if is_held_back(told)]
    targets = [told for told in targets if is_reported(told) is (given.of == "reported")]
    if given.targets is not None:
        targets = random.Random(given.seed).sample(targets, min(given.targets, len(targets)))
    embedder = load_embedder("minilm", default_cache_dir())
    passages = marked_passages(targets, embedder, given.seed, STRANGERS["test"])
    pieces = _weighed(list(passages), GraphAttributor.stored(given.out))
    cells = []
    for named in ("text", "part", "before", "nowhere"):
        by_kind = pieces[named]
        area = f"{_area(by_kind['tell'], by_kind['others']):.3f}"
        for kind, odds in by_kind.items():
            shares = [_over(odds, least) for least in OVER]
            cells.append([named, kind, str(len(odds)), *shares, area if kind == "tell" else ""])
    print(f"{len(targets)} targets ({given.of}); shares of pieces over a limit\n")
    headings = ["named in", "pieces that", "count", *(f"{least:g}" for least in OVER), "area"]
    print(table(headings, cells))


def _weighed(
    passages: Sequence[Marked], attributor: GraphAttributor
) -> dict[str, dict[str, list[float]]]:
    """The log-odds of the pieces of the replies, by where the target is named and what they tell:
    those in which it is named in full are no question."""
    found: dict[str, dict[str, list[float]]] = defaultdict(
        lambda: {"tell": [], "others": [], "strangers": []}
    )
    for marked in passages:
        text, full = marked.passage.text, [m.span for m in marked.passage.mentions if m.full]
        words = AttributedWords(text, attributor.read([marked.passage])[0])
        for piece in marked.pieces:
            odds = words.at(piece)
            is_named = any(piece.start < n.end and n.start < piece.end for n in full)
            share = _told(text, (piece.start, piece.end), marked)
            if odds is None or is_named or _HARDLY < share < _TELLS:
                continue
            kind = "tell" if share >= _TELLS else "strangers" if marked.of_other else "others"
            found[marked.named][kind].append(odds)
    return found


def _told(text: str, piece: tuple[int, int], marked: Marked) -> float:
    """The share of the letters of a piece that are told of the target."""
    letters = [i for i in range(*piece) if text[i].isalnum()]
    inside = sum(any(m.start <= i < m.end for m in marked.marks) for i in letters)
    return inside / max(1, len(letters))


def _over(odds: Sequence[float], least: float) -> str:
    return f"{sum(z > least for z in odds) / len(odds):.3f}" if odds else "-"


def _area(told: Sequence[float], others: Sequence[float]) -> float:
    """The area under the curve: how often what tells stands over what does not."""
    if not told or not others:
        return float("nan")
    ranks = np.argsort(np.argsort([*told, *others])) + 1.0
    above = ranks[: len(told)].sum() - len(told) * (len(told) + 1) / 2
    return float(above / (len(told) * len(others)))


if __name__ == "__main__":
    main()
